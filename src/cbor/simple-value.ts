import { floatLength, halfFloat, halfOf } from './float.ts'
import { isCborInteger } from './integer.ts'
import { byteString, simple, simpleFalse, simpleNull, simpleTrue } from './major.ts'
import type { Reader } from './reader.ts'
import { type Writer, write } from './writer.ts'

/** Reads true or false. */
export function readBoolean(reader: Reader): boolean {
  const expected = 'true or false'
  reader.headOf(simple, expected)
  if (reader.info !== simpleTrue && reader.info !== simpleFalse) reader.fail('unexpected_type', expected)
  return reader.info === simpleTrue
}

/** Writes true or false. */
export function writeBoolean(writer: Writer, value: boolean): void {
  writer.head(simple, value ? simpleTrue : simpleFalse)
}

/** Whether null stands next; if so, it is read. */
export function takeNull(reader: Reader): boolean {
  const isNull = reader.input[reader.at] === ((simple << 5) | simpleNull)
  if (isNull) reader.head()
  return isNull
}

/** Writes null. */
export function writeNull(writer: Writer): void {
  writer.head(simple, simpleNull)
}

/** Reads an integer or a floating-point number. */
export function readNumber(reader: Reader): number | bigint {
  reader.head()
  if (reader.major < byteString) return reader.integer()
  if (reader.major !== simple || reader.info < 25) reader.fail('unexpected_type', 'a number')
  const value = floatOf(reader)
  reader.deterministic(floatLength(value) === 1 << (reader.info - 24))
  return value
}

/** The floating-point number whose head was just read. */
function floatOf({ input, start, info, argument }: Reader): number {
  if (info === 25) return halfFloat(argument)
  const view = new DataView(input.buffer, input.byteOffset + start + 1)
  return info === 26 ? view.getFloat32(0) : view.getFloat64(0)
}

/** Writes a number: a whole one in the safe range as an integer, any other as the shortest float. */
export function writeNumber(writer: Writer, value: number | bigint): void {
  if (isCborInteger(value) && !Object.is(value, -0)) return write(writer, value)
  const number = Number(value)
  const view = new DataView(new ArrayBuffer(9))
  const length = floatLength(number)
  view.setUint8(0, (simple << 5) | (length === 2 ? 25 : length === 4 ? 26 : 27))
  if (length === 2) view.setUint16(1, halfOf(number))
  else if (length === 4) view.setFloat32(1, number)
  else view.setFloat64(1, number)
  writer.raw(new Uint8Array(view.buffer, 0, length + 1))
}
