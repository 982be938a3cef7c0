// Bad inputs of 64 kB of every kind: the time per byte of the worst one, beside that of a valid message.
import { DecodeError, ErrorResponse } from 'ace-oauth'
import { compare } from './compare.mjs'

const size = 65_536

/** An error response with one unknown member (100) whose value begins with `head` and repeats `unit` to the full size. */
function member(head, unit, tail = []) {
  const prefix = [0xa2, 0x18, 0x1e, 0x03, 0x18, 0x64, ...head]
  const bytes = new Uint8Array(size)
  bytes.set(prefix)
  let at = prefix.length
  for (let n = 0; at + tail.length < size; n++, at++)
    bytes[at] = typeof unit === 'function' ? unit(n) : unit[n % unit.length]
  bytes.set(tail, size - tail.length)
  return bytes
}

/** Arrays of 1,000 of `element` each, so that the limit on members is kept. */
function arrays(element) {
  const rows = []
  const row = [0x99, 0x03, 0xe8, ...Array.from({ length: 1_000 }, () => element).flat()]
  const count = Math.min(1_000, Math.floor((size - 64) / row.length))
  for (let i = 0; i < count; i++) rows.push(row)
  const body = [0xa2, 0x18, 0x1e, 0x03, 0x18, 0x64, 0x99, count >> 8, count & 255, ...rows.flat()]
  return Uint8Array.from([...body, 0x00])
}

const text = (n) => 0x61 + (n % 26)
const corpus = {
  'integers in an array without end': member([0x9f], [0x00]),
  'small arrays': arrays([0x81, 0x00]),
  'integers of two bytes': arrays([0x18, 0x18]),
  'integers of nine bytes': arrays([0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
  'empty texts': arrays([0x60]),
  'texts of one byte': arrays([0x61, 0x61]),
  'texts of four bytes, not ASCII': arrays([0x64, 0xf0, 0x9f, 0x98, 0x80]),
  'maps of one member': arrays([0xa1, 0x00, 0x00]),
  'maps with a text key': arrays([0xa1, 0x61, 0x61, 0x00]),
  'maps with a byte string key': arrays([0xa1, 0x41, 0x61, 0x00]),
  'maps with large keys': arrays([0xa2, 0x18, 0x64, 0x00, 0x18, 0x65, 0x00]),
  tags: arrays([0xc1, 0x00]),
  floats: arrays([0xfb, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0]),
  'nesting without end': member([], [0x81]),
  'tags without end': member([], [0xc1]),
  'indefinite arrays without end': member([], [0x9f]),
  'a byte string in chunks of one byte': member([0x5f], [0x41, 0x00]),
  'a text in chunks of one byte': member([0x7f], [0x61, 0x61]),
  'empty chunks': member([0x7f], [0x60]),
  'a text with a bad last byte': member([0x79, 0x7f, 0xff], text, [0xff]),
  'a text of bad bytes': member([0x79, 0x7f, 0xff], [0xff]),
  'a text of half surrogates': member([0x79, 0x7f, 0xff], [0xed, 0xa0, 0x80]),
  'a length of 2^32': member([0x5a, 0xff, 0xff, 0xff, 0xff], [0x00]),
  'a length of 2^64-1': member([0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0x00]),
  zeros: new Uint8Array(size),
  breaks: new Uint8Array(size).fill(0xff),
  'unknown members': Uint8Array.from([
    0xb9,
    0x03,
    0xe9,
    0x18,
    0x1e,
    0x03,
    ...Array.from({ length: 1_000 }, (_, i) => [
      0x19,
      (i + 256) >> 8,
      i & 255,
      0x78,
      58,
      ...Array.from({ length: 58 }, (_, n) => text(n)),
    ]).flat(),
    0x00,
  ]),
  'unknown members with text keys': Uint8Array.from([
    0xb9,
    0x03,
    0xe9,
    0x18,
    0x1e,
    0x03,
    ...Array.from({ length: 1_000 }, (_, i) => [
      0x78,
      58,
      ...Array.from(
        { length: 58 },
        (_, n) => 0x61 + ((i >> (n % 10)) & 1) * (n < 10 ? 1 : 0) + (n >= 10 ? n % 26 : 0),
      ),
      0x00,
    ]).flat(),
    0x00,
  ]),
}

function refuse(bytes) {
  try {
    return ErrorResponse.fromCbor(bytes)
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return error.reason
  }
}

/** The results, one by one: each bad input, and at the end the worst beside the valid message. */
export async function* hostile() {
  const valid = ErrorResponse.builder()
    .error('unauthorized_client')
    .description('not registered for this audience')
    .uri('https://as.example.com/errors/audience')
    .build()
    .toCbor()
    .slice()
  let worst
  for (const [name, bytes] of Object.entries(corpus)) {
    const result = await compare(`refuse ${bytes.length} bytes: ${name}`, () => refuse(bytes), {
      'a valid message': () => ErrorResponse.fromCbor(valid),
    })
    const perByte = result.nanoseconds / bytes.length
    const peer = result.peers['a valid message']
    const ratio = perByte / (peer.nanoseconds / valid.length)
    const row = {
      name: result.name,
      reason: String(refuse(bytes)),
      nanosecondsPerByte: perByte,
      peers: { 'a valid message': { nanosecondsPerByte: peer.nanoseconds / valid.length, ratio } },
    }
    if (!worst || ratio > worst.peers['a valid message'].ratio) worst = row
    yield row
  }
  yield {
    ...worst,
    name: `the worst of them: ${worst.name}`,
    target: { peer: 'a valid message', most: 10, reached: worst.peers['a valid message'].ratio <= 10 },
  }
}
