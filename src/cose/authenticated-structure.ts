import { writeBytes } from '../cbor/byte-string.ts'
import { array } from '../cbor/major.ts'
import { encode, write } from '../cbor/writer.ts'
import type { CoseStructure } from './algorithms.ts'

/**
 * What a signature covers (RFC 9052 §4.4), a MAC (§6.3), or encryption beside the plaintext (§5.3); without a payload, what
 * comes before it.
 */
export function coveredBytes(
  structure: CoseStructure,
  protectedBytes: Uint8Array,
  externalAad: Uint8Array,
  payload: Uint8Array | undefined,
): Uint8Array {
  return encode((writer) => {
    writer.head(array, structure === 'encrypt0' ? 3 : 4)
    write(writer, structure === 'sign1' ? 'Signature1' : structure === 'mac0' ? 'MAC0' : 'Encrypt0')
    writeBytes(writer, protectedBytes)
    writeBytes(writer, externalAad)
    if (payload) writeBytes(writer, payload)
  })
}
