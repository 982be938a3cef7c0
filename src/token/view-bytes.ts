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
  if (!first || parts.length > 1) return Uint8Array.from(parts.flatMap((part) => [...part]))
  // A subclass, such as Node's Buffer, is left where it is.
  return first.constructor === Uint8Array
    ? first
    : new Uint8Array(first.buffer, first.byteOffset, first.length)
}
