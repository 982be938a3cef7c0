import { byteString } from '../cbor/major.ts'
import { byteParts, headOf } from '../cbor/read.ts'

/**
 * Reads a byte string, in the memory of the input where it is whole there. What goes into one cryptographic operation
 * needs no copy, and a small array of its own costs node:crypto more than the copying.
 */
export function viewBytes(): Uint8Array {
  headOf(byteString, 'a byte string')
  const parts = byteParts()
  const [first] = parts
  return first && parts.length === 1 ? first : Uint8Array.from(parts.flatMap((part) => [...part]))
}
