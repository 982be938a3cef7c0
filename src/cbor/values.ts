import { floatLength, halfFloat, halfOf } from './float.ts'
import { isCborInteger } from './integer.ts'
import { byteString, simple, simpleFalse, simpleNull, simpleTrue } from './major.ts'
import { copy } from './pool.ts'
import {
  argument,
  at,
  byteParts,
  deterministic,
  fail,
  float,
  head,
  headOf,
  info,
  input,
  integer,
  major,
  moveOver,
  take,
} from './read.ts'
import { write, writeHead, writeRaw } from './write.ts'

/**
 * Reads a byte string. It shares no memory with the input; from 65 bytes to 1 KiB it may share an `ArrayBuffer` with other
 * results, as Node's small Buffers do.
 */
export function readBytes(): Uint8Array {
  headOf(byteString, 'a byte string')
  return bytes()
}

/** The byte string whose head was just read. */
export function bytes(): Uint8Array {
  if (argument >= 0) {
    const from = moveOver()
    return copy(input, from, at)
  }
  const parts = byteParts()
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let filled = 0
  for (const part of parts) {
    whole.set(part, filled)
    filled += part.length
  }
  return whole
}

/** Writes a byte string. */
export function writeBytes(value: Uint8Array): void {
  writeHead(byteString, value.length)
  writeRaw(value)
}

/** Reads true or false. */
export function readBoolean(): boolean {
  headOf(simple, 'true or false')
  if (info !== simpleTrue && info !== simpleFalse) fail('unexpected_type', 'true or false')
  return info === simpleTrue
}

/** Writes true or false. */
export function writeBoolean(value: boolean): void {
  writeHead(simple, value ? simpleTrue : simpleFalse)
}

/** Whether null stands next; if so, it is read. */
export function takeNull(): boolean {
  return take((simple << 5) | simpleNull)
}

/** Writes null. */
export function writeNull(): void {
  writeHead(simple, simpleNull)
}

/** Reads an integer or a floating-point number. */
export function readNumber(): number | bigint {
  head()
  if (major < byteString) return integer()
  if (major !== simple || info < 25) fail('unexpected_type', 'a number')
  const value = info > 25 ? float() : halfFloat(argument)
  deterministic(floatLength(value) === 1 << (info - 24))
  return value
}

/** Writes a number: a whole one in the safe range as an integer, any other as the shortest float. */
export function writeNumber(value: number | bigint): void {
  if (isCborInteger(value) && !Object.is(value, -0)) return write(value)
  const number = Number(value)
  const view = new DataView(new ArrayBuffer(9))
  const length = floatLength(number)
  view.setUint8(0, (simple << 5) | (length === 2 ? 25 : length === 4 ? 26 : 27))
  if (length === 2) view.setUint16(1, halfOf(number))
  else if (length === 4) view.setFloat32(1, number)
  else view.setFloat64(1, number)
  writeRaw(new Uint8Array(view.buffer, 0, length + 1))
}
