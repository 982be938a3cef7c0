import { array } from '../cbor/major.ts'
import { writeBytes } from '../cbor/values.ts'
import { begin, finish, write, writeHead } from '../cbor/write.ts'
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
  begin()
  writeHead(array, structure === 'encrypt0' ? 3 : 4)
  write(structure === 'sign1' ? 'Signature1' : structure === 'mac0' ? 'MAC0' : 'Encrypt0')
  writeBytes(protectedBytes)
  writeBytes(externalAad)
  if (payload) writeBytes(payload)
  return finish()
}
