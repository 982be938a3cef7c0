import { byteString } from '../cbor/major.ts'
import type { Reader } from '../cbor/reader.ts'

/**
 * Reads a byte string, in the memory of the input where it is whole there. What goes into one cryptographic operation
 * needs no copy, and a small array of its own costs node:crypto more than the copying.
 */
export function viewBytes(reader: Reader): Uint8Array {
  reader.headOf(byteString, 'a byte string')
  return reader.argument < 0 ? reader.bytes() : reader.input.subarray(reader.content(), reader.at)
}
