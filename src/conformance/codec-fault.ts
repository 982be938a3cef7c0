/** A codec process that ended, hung, or gave no answer of the protocol. */
export class CodecFault extends Error {
  override readonly name = 'CodecFault'
}
