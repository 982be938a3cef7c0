import { describe, expect, it } from 'vitest'
import {
  AccessTokenRequest,
  AccessTokenResponse,
  type CborValue,
  DecodeError,
  decodeValue,
  ErrorResponse,
  encodeCoseKey,
  encodeValue,
} from '../../src/index.ts'
import { fromHex, toHex } from './bytes.ts'

const as = <T>(value: unknown): T => value as T

describe('writing may start within writing', () => {
  it('in a getter', () => {
    const value = {
      get a() {
        encodeValue('zz')
        return 2
      },
    }
    expect(toHex(encodeValue(as<CborValue>([1, value])))).toBe('8201a1616102')
  })

  it('in a getter that gives CBOR in a byte string, as COSE has it', () => {
    const value = {
      get prot() {
        return encodeValue(new Map([[1, -7]]))
      },
    }
    expect(toHex(encodeValue(as<CborValue>(['Signature1', value])))).toBe(
      '826a5369676e617475726531a16470726f7443a10126',
    )
  })

  it('in the iterator of a Map', () => {
    class Own extends Map<CborValue, CborValue> {
      override *[Symbol.iterator](): MapIterator<[CborValue, CborValue]> {
        for (const entry of super.entries()) {
          encodeValue(['within', [1, 2, 3]])
          yield entry
        }
        return undefined
      }
    }
    expect(
      toHex(
        encodeValue([
          1,
          new Own([
            [1, 2],
            [3, 4],
          ]),
        ]),
      ),
    ).toBe('8201a201020304')
  })

  it('in the iterator of an array, which may give more or fewer elements than there are', () => {
    class Own extends Array<CborValue> {
      override *[Symbol.iterator](): ArrayIterator<CborValue> {
        encodeValue('within')
        yield 9
        return undefined
      }
    }
    expect(toHex(encodeValue([Own.from([1, 2]), 3]))).toBe('8282010203')
  })

  it('in a subclass of Uint8Array that lies about its length', () => {
    class Own extends Uint8Array {
      override get length(): number {
        encodeValue('within')
        return 1
      }
    }
    expect(toHex(encodeValue([new Own([1, 2, 3]), 4]))).toBe('824301020304')
  })

  it('in a getter of a key', () => {
    const key = {
      kty: 'EC2',
      crv: 'P-256',
      get x() {
        encodeValue(1)
        return Uint8Array.of(0xaa)
      },
      y: Uint8Array.of(0xbb),
    }
    expect(toHex(encodeCoseKey(as(key)))).toBe('a40102200121' + '41aa22' + '41bb')
  })

  it('and after what was refused half way', () => {
    const value = {
      get a() {
        expect(() => encodeValue(as<CborValue>([1, [2, Symbol('no form')]]))).toThrow(TypeError)
        return 2
      },
    }
    expect(toHex(encodeValue(as<CborValue>([1, value, 3])))).toBe('8301a161610203')
  })
})

describe('reading may start within reading', () => {
  it('in a getter of the options', () => {
    const options = {
      get maxDepth() {
        ErrorResponse.fromCbor(fromHex('a1181e02'))
        return 16
      },
    }
    const response = ErrorResponse.fromCbor(fromHex('a2181e03181f6161'), options)
    expect(response.toJson()).toEqual({ error: 'invalid_grant', error_description: 'a' })
  })

  it('in a subclass of Uint8Array', () => {
    class Packet extends Uint8Array {
      static get [Symbol.species](): Uint8ArrayConstructor {
        AccessTokenResponse.fromCbor(fromHex('a1014107'))
        return Uint8Array
      }
      override slice(...range: number[]): Uint8Array<ArrayBuffer> {
        AccessTokenResponse.fromCbor(fromHex('a1014107'))
        return super.slice(...range) as Uint8Array<ArrayBuffer>
      }
      override get length(): number {
        return 3
      }
    }
    const response = AccessTokenResponse.fromCbor(
      Packet.from(fromHex('a2014209083a0001117082010 2'.replace(' ', ''))),
    )
    expect(response.access_token).toEqual(Uint8Array.of(9, 8))
    expect(response.unknown).toEqual([{ key: -70_001, cbor: fromHex('820102') }])
  })
})

describe('what one call read is nothing to another', () => {
  it('also where it was refused half way', () => {
    const other = fromHex('a3 05 6161 1818 01 1819 45 7033737764')
    expect(() => AccessTokenRequest.fromCbor(other)).toThrow(DecodeError)
    for (const row of AccessTokenRequest.table)
      for (const value of Object.values(row)) expect(typeof value).not.toBe('function')
  })

  it('a value is read in memory that nothing else is in', () => {
    const all = [
      decodeValue(fromHex('83 41aa 41bb 5f4101 4102ff')) as Uint8Array[],
      [1, 65, 1_000, 5_000].map((length) => decodeValue(encodeValue(new Uint8Array(length))) as Uint8Array),
      [1, 65, 1_000, 5_000].map((length) => encodeValue(new Uint8Array(length))),
    ].flat()
    for (const bytes of all) expect([bytes.byteOffset, bytes.buffer.byteLength]).toEqual([0, bytes.length])
    expect(new Set(all.map(({ buffer }) => buffer)).size).toBe(all.length)
  })
})
