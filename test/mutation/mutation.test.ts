import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  AccessTokenRequest,
  AccessTokenResponse,
  CreationHints,
  DecodeError,
  decodeAif,
  decodeCoseKey,
  decodeValue,
  EncodeError,
  ErrorResponse,
  encodeValue,
  IntrospectionRequest,
  IntrospectionResponse,
  problemDetailsWith,
  RevocationRequest,
} from '../../src/index.ts'
import { fromHex, toHex } from '../cbor/bytes.ts'
import { randomFrom } from '../properties/rewrite.ts'

interface Read {
  readonly violations: readonly { rule: string }[]
  readonly unknown: readonly unknown[]
  toCbor(): Uint8Array
  equals(other: unknown): boolean
  toJson(): unknown
}

const messages: Readonly<Record<string, { fromCbor(bytes: Uint8Array, options?: object): Read }>> = {
  'error-response': ErrorResponse,
  'token-request': AccessTokenRequest,
  'token-response': AccessTokenResponse,
  'introspection-request': IntrospectionRequest,
  'introspection-response': IntrospectionResponse,
  'creation-hints': CreationHints,
  'revocation-request': RevocationRequest,
  'problem-details': problemDetailsWith(2),
}

/** Every distinct input of the vectors, and messages that have all kinds of members. */
const seeds: readonly Uint8Array[] = [
  ...new Set(
    readdirSync('vectors')
      .filter((name) => name.endsWith('.json'))
      .flatMap(
        (name) => (JSON.parse(readFileSync(`vectors/${name}`, 'utf8')).vectors ?? []) as { hex?: unknown }[],
      )
      .map(({ hex }) => hex)
      .filter((hex): hex is string => typeof hex === 'string' && hex.length > 1 && hex.length < 1_024),
  ),
  'a3181e04181f7820 6e6f74207265676973746572656420666f7220746869732061756469656e6365 1820 6168',
  'a7 04 a1 01 a5 01 02 02 4111 20 01 21 44bac5b11c 22 4420138bf8 05 6161 09 4101 1821 02 1826 f6 1827 4401020304 3a00011170 82 01 a1 6161 f5',
  'a5 01 48d08343a1010a4101 02 190e10 08 a1 04 a5 00 4101 02 44f9af8388 04 0a 05 4101 06 4102 09 6472656164 1826 02',
  'a6 03 82 6161 6162 04 fb41d74c3d2c200000 08 a1 02 d0 83 40 a0 4101 09 42 0102 0a f5 1828 1903e8',
  'a4 02 a1 00 03 20 d826 83 62656e 6161 f4 23 1880 27 82 01 02',
].map((hex) => fromHex(hex))

const random = randomFrom(9200)
/** Bytes that mean something wherever they land. */
const telling = [
  0x00, 0x17, 0x18, 0x1b, 0x1c, 0x1f, 0x20, 0x3b, 0x40, 0x5f, 0x60, 0x7f, 0x80, 0x9f, 0xa0, 0xbf, 0xc2, 0xd8,
  0xdf, 0xe0, 0xf4, 0xf6, 0xf7, 0xf8, 0xf9, 0xfb, 0xff,
]

const mutations: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  flip: (bytes) => {
    const out = bytes.slice()
    for (let i = 0; i <= random(3); i++) out[random(out.length)]! ^= 1 << random(8)
    return out
  },
  cut: (bytes) => {
    const start = random(bytes.length)
    const end = random(2) ? bytes.length : Math.min(bytes.length, start + 1 + random(4))
    return join(bytes.subarray(0, start), bytes.subarray(end))
  },
  insert: (bytes) => {
    const at = random(bytes.length + 1)
    const more = Uint8Array.from({ length: 1 + random(3) }, () =>
      random(2) ? telling[random(telling.length)]! : random(256),
    )
    return join(bytes.subarray(0, at), more, bytes.subarray(at))
  },
  splice: (bytes) => {
    const other = seeds[random(seeds.length)]!
    return join(bytes.subarray(0, random(bytes.length + 1)), other.subarray(random(other.length)))
  },
  duplicate: (bytes) => {
    const start = random(bytes.length)
    const end = start + 1 + random(bytes.length - start)
    return join(bytes.subarray(0, end), bytes.subarray(start))
  },
  replace: (bytes) => {
    const out = bytes.slice()
    out[random(out.length)] = telling[random(telling.length)]!
    return out
  },
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/** Whether something in a message is written again as it came: members that are not known, at any level, and an encrypted key. */
function keepsEncodings(holder: object): boolean {
  for (const name in holder) {
    const value = holder[name as keyof typeof holder] as unknown
    if (name === 'Encrypted_COSE_Key' && value !== undefined) return true
    if (name === 'unknown' && Array.isArray(value) && value.length > 0) return true
    const isMap = typeof value === 'object' && value !== null && !(value instanceof Uint8Array)
    if (isMap && !Array.isArray(value) && keepsEncodings(value)) return true
  }
  return false
}

function isTaken(read: () => unknown): boolean {
  try {
    read()
    return true
  } catch {
    return false
  }
}

function wrong(name: string, bytes: Uint8Array, what: unknown): never {
  throw new Error(`${name} ${toHex(bytes)}: ${what}`)
}

const runs = 25_000
const names = Object.keys(messages)

describe('vectors and messages, mutated', () => {
  it('has vectors to mutate', () => {
    expect(seeds.length).toBeGreaterThan(200)
  })

  for (const name of names)
    it(`${name}: ${runs} mutations are refused by a DecodeError, or written again as they were read`, () => {
      const made = messages[name]!
      const kinds = Object.values(mutations)
      const reasons = new Set<string>()
      const good = seeds.filter((bytes) => isTaken(() => made.fromCbor(bytes)))
      expect(good.length).toBeGreaterThan(0)
      let accepted = 0
      for (let run = 0; run < runs; run++) {
        const from = random(4) ? good : seeds
        let bytes = from[random(from.length)]!
        for (let i = 0; i <= random(2); i++) if (bytes.length > 0) bytes = kinds[random(kinds.length)]!(bytes)
        let read: Read
        try {
          read = made.fromCbor(bytes)
        } catch (error) {
          if (!(error instanceof DecodeError)) wrong(name, bytes, error)
          const { offset, reason } = error
          if (offset === undefined || !(offset >= 0 && offset <= bytes.length))
            wrong(name, bytes, `offset ${offset} for ${reason}`)
          reasons.add(reason)
          continue
        }
        accepted++
        let written: Uint8Array
        try {
          written = read.toCbor()
        } catch (error) {
          if (!(error instanceof EncodeError) || error.reason !== 'violation') wrong(name, bytes, error)
          if (read.violations.every(({ rule }) => rule === 'unassigned_code'))
            wrong(name, bytes, 'refused to write a message without a violation')
          continue
        }
        const again = made.fromCbor(written)
        if (!again.equals(read)) wrong(name, bytes, `is ${read}, and written and read again ${again}`)
        if (toHex(again.toCbor()) !== toHex(written))
          wrong(name, bytes, `is written as ${toHex(written)}, and then as ${toHex(again.toCbor())}`)
        if (read.unknown.length === 0 && !keepsEncodings(read))
          made.fromCbor(written, { deterministic: true })
        read.toJson()
      }
      expect(accepted).toBeGreaterThan(100)
      for (const reason of [
        'truncated',
        'trailing_bytes',
        'reserved_head',
        'duplicate_key',
        'unexpected_type',
        'invalid_utf8',
      ])
        expect(reasons).toContain(reason)
    })

  it('values, COSE keys and AIF: 30,000 mutations are refused by a DecodeError, or taken', () => {
    const kinds = Object.values(mutations)
    let taken = 0
    for (let run = 0; run < 30_000; run++) {
      const bytes = kinds[random(kinds.length)]!(seeds[random(seeds.length)]!)
      for (const read of [decodeValue, decodeCoseKey, decodeAif])
        try {
          read(bytes)
          taken++
        } catch (error) {
          if (!(error instanceof DecodeError)) wrong(read.name, bytes, error)
        }
    }
    expect(taken).toBeGreaterThan(1_000)
  })

  it('a text with a byte changed is still a message of known shape or refused: written by encodeValue, read by decodeValue', () => {
    const bytes = encodeValue(
      new Map<number, unknown>([
        [1, ['a', new Map([['b', 1.5]])]],
        [2, new Uint8Array(20)],
      ]) as never,
    )
    for (let at = 0; at < bytes.length; at++)
      for (let value = 0; value < 256; value++) {
        const changed = bytes.slice()
        changed[at] = value
        try {
          decodeValue(changed)
        } catch (error) {
          if (!(error instanceof DecodeError)) wrong('decodeValue', changed, error)
        }
      }
  })
})
