// Bad inputs of 64 kB of every kind, as every message: the time per byte of the worst one, beside that of a valid message.
import {
  AccessTokenRequest,
  AccessTokenResponse,
  CreationHints,
  DecodeError,
  ErrorResponse,
  IntrospectionRequest,
  IntrospectionResponse,
  problemDetailsWith,
  RevocationRequest,
} from 'ace-oauth'
import { TokenClaims } from 'ace-oauth/token'
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

const classes = {
  'an error response': ErrorResponse,
  'a token request': AccessTokenRequest,
  'a token response': AccessTokenResponse,
  'an introspection request': IntrospectionRequest,
  'an introspection response': IntrospectionResponse,
  'a revocation request': RevocationRequest,
  'creation hints': CreationHints,
  'problem details': problemDetailsWith(2),
  claims: TokenClaims,
}

/** Bytes that begin with `head`, repeat `unit`, and end with `tail`. */
function filled(head, unit, tail = []) {
  const bytes = new Uint8Array(size)
  bytes.set(head)
  for (let at = head.length; at < size; at++) bytes[at] = unit[(at - head.length) % unit.length]
  bytes.set(tail, size - tail.length)
  return bytes
}

/** A map of one member whose value is nested `depth` deep in what `open` begins, as often as it fits into an array. */
function nested(open, inner, close, depth) {
  const one = [
    ...Array.from({ length: depth }, () => open).flat(),
    ...inner,
    ...Array.from({ length: depth }, () => close).flat(),
  ]
  const count = Math.min(1_000, Math.floor((size - 8) / one.length))
  return Uint8Array.from([
    0xa1,
    0x18,
    0x64,
    0x99,
    count >> 8,
    count & 255,
    ...Array.from({ length: count }, () => one).flat(),
  ])
}

// What a member of each kind of message may hold: byte strings (of a token, a nonce, a key), texts, maps, arrays.
const chunks = {
  'empty chunks': [0x40],
  'chunks of one byte': [0x41, 0x00],
  'chunks of two bytes': [0x42, 0, 0],
}
const everywhere = {
  ...Object.fromEntries(
    [1, 2, 3, 5, 8, 9, 11, 24, 25, 27, 29, 37, 39, 100].flatMap((key) =>
      Object.entries(chunks).map(([name, unit]) => [
        `a byte string under ${key} in ${name}`,
        filled([0xa1, ...(key < 24 ? [key] : [0x18, key]), 0x5f], unit, [0xff]),
      ]),
    ),
  ),
  ...Object.fromEntries(
    [4, 8].flatMap((key) => [
      [
        `a key under ${key} with bytes in chunks`,
        filled([0xa1, key, 0xa1, 0x01, 0xa2, 0x01, 0x04, 0x20, 0x5f], [0x40], [0xff]),
      ],
      [
        `a key under ${key} with key_ops in an array`,
        filled([0xa1, key, 0xa1, 0x01, 0xa2, 0x01, 0x04, 0x04, 0x9f], [0x18, 0x18]),
      ],
      [
        `a key under ${key} whose parameters come before its type`,
        filled([0xa1, key, 0xa1, 0x01, 0xa2, 0x20, 0x5f], [0x41, 0x00], [0xff, 0x01, 0x04]),
      ],
    ]),
  ),
  'maps as keys, 13 deep': nested([0xa1], [0x01], [0x01], 13),
  'arrays as keys, 12 deep': nested([0xa1, 0x81], [0x01], [0x01], 6),
  'byte strings as keys': nested([0xa2, 0x41, 0x01, 0x00], [0x42, 0x01, 0x02, 0x00], [], 1),
}
const unlimited = { maxBytes: 1e9, maxDepth: 512, maxMembers: 1e9, maxStringBytes: 1e9 }
const deep = {
  'maps as keys, 500 deep': nested([0xa1], [0x01], [0x01], 500),
  'maps, 500 deep': nested([0xa1, 0x01], [0x01], [], 500),
  'arrays, 500 deep': nested([0x81], [0x01], [], 500),
  'tags, 500 deep': nested([0xc1], [0x01], [], 500),
}

function refuse(Class, bytes, options) {
  try {
    return Class.fromCbor(bytes, options)
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return error.reason
  }
}

/** A first look: nanoseconds per byte. The corpus is too large to measure everything with care. */
function roughly(Class, bytes, options) {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < 5; round++) {
    const start = performance.now()
    refuse(Class, bytes, options)
    best = Math.min(best, (performance.now() - start) * 1e6)
  }
  return best / bytes.length
}

/** The results, one by one: for each message its worst input, and at the end the worst of all beside the valid message. */
export async function* hostile() {
  const valid = ErrorResponse.builder()
    .error('unauthorized_client')
    .description('not registered for this audience')
    .uri('https://as.example.com/errors/audience')
    .build()
    .toCbor()
  const all = [
    ...Object.entries(corpus).map(([name, bytes]) => ({ name, bytes })),
    ...Object.entries(everywhere).map(([name, bytes]) => ({ name, bytes })),
    ...Object.entries(deep).map(([name, bytes]) => ({ name, bytes, options: unlimited })),
  ]
  let worst
  for (const [message, Class] of Object.entries(classes)) {
    const [{ name, bytes, options }] = all
      .map((input) => ({ ...input, perByte: roughly(Class, input.bytes, input.options) }))
      .sort((a, b) => b.perByte - a.perByte)
    const result = await compare(
      `the worst of ${all.length} inputs as ${message}: ${name}`,
      () => refuse(Class, bytes, options),
      {
        'a valid message': () => ErrorResponse.fromCbor(valid),
      },
    )
    const perByte = result.nanoseconds / bytes.length
    const peer = result.peers['a valid message']
    const ratio = perByte / (peer.nanoseconds / valid.length)
    const row = {
      name: result.name,
      reason: String(refuse(Class, bytes, options)),
      nanosecondsPerByte: perByte,
      peers: { 'a valid message': { nanosecondsPerByte: peer.nanoseconds / valid.length, ratio } },
    }
    if (!worst || ratio > worst.peers['a valid message'].ratio) worst = row
    yield row
  }
  yield {
    ...worst,
    name: `of all: ${worst.name}`,
    target: { peer: 'a valid message', most: 10, reached: worst.peers['a valid message'].ratio <= 10 },
  }
}
