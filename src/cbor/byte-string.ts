import { byteString } from './major.ts'
import type { Reader } from './reader.ts'
import type { Writer } from './writer.ts'

/** Reads a byte string. It shares no memory with the input, nor with anything else. */
export function readBytes(reader: Reader): Uint8Array {
  reader.headOf(byteString, 'a byte string')
  return reader.bytes()
}

/** Writes a byte string. */
export function writeBytes(writer: Writer, value: Uint8Array): void {
  writer.head(byteString, value.length)
  writer.raw(value)
}
