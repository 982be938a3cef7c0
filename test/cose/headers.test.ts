import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeProtected } from '../../src/cose/headers.ts'
import {
  decodeCoseMessage,
  openCose,
  type ProtectOptions,
  protectCose,
  recognizeCose,
  TokenKey,
} from '../../src/token/index.ts'
import { fromHex, refusal } from '../cbor/bytes.ts'
import { unhex } from '../token/bytes.ts'

const payload = Uint8Array.of(0xa0)
const one = Uint8Array.of(0x01)
const key = await TokenKey.generate('HMAC 256/256', { kid: 'k' })

describe('an algorithm in a header that is a text (RFC 9052 §3.1)', () => {
  it('is never the registered algorithm of that name', async () => {
    for (const name of ['ES256', 'EdDSA', 'HMAC 256/256', 'A128GCM', 'PS256']) {
      const text = new TextEncoder().encode(name)
      const protectedBytes = Uint8Array.of(0xa1, 0x01, 0x60 | text.length, ...text)
      const message = Uint8Array.of(
        0xd2,
        0x84,
        0x58,
        protectedBytes.length,
        ...protectedBytes,
        0xa0,
        0x40,
        0x40,
      )
      await expect(openCose(message, { keys: key })).rejects.toMatchObject({
        name: 'DecodeError',
        reason: 'invalid_value',
        path: 'protected.alg',
      })
    }
  })

  it('of another name stays a text', () => {
    expect(decodeCoseMessage(fromHex('d2 84 46 a1 01 63 666f6f a0 40 40')).protected.alg).toBe('foo')
  })
})

describe('headers that are written', () => {
  it.each([
    ['one in both buckets', { protected: { kid: one }, unprotected: { kid: one } }, 'conflicting_members'],
    [
      'an unknown one in both',
      {
        protected: { unknown: [{ key: 77, cbor: one }] },
        unprotected: { unknown: [{ key: 77, cbor: one }] },
      },
      'conflicting_members',
    ],
    ['the algorithm outside', { unprotected: { alg: 'ES256' } }, 'conflicting_members'],
    ['an IV', { unprotected: { IV: one } }, 'unexpected_type'],
    ['a critical one that is not there', { protected: { crit: [77] } }, 'invalid_value'],
    ['no critical one', { protected: { crit: [] } }, 'unexpected_type'],
    ['critical ones outside', { unprotected: { crit: [1] } }, 'invalid_value'],
    ['a kid of text', { protected: { kid: 'k' } }, 'unexpected_type'],
    ['a content type that is none', { protected: { 'content type': 1.5 } }, 'unexpected_type'],
    ['a lone surrogate', { protected: { 'content type': '\ud800' } }, 'unexpected_type'],
    ['a known one among the unknown', { protected: { unknown: [{ key: 4, cbor: one }] } }, 'unexpected_type'],
    [
      'an unknown one that is no CBOR',
      { protected: { unknown: [{ key: 77, cbor: Uint8Array.of(0x61) }] } },
      'invalid_value',
    ],
    [
      'an unknown one of two items',
      { protected: { unknown: [{ key: 77, cbor: Uint8Array.of(1, 1) }] } },
      'invalid_value',
    ],
    ['a parameter that there is not', { protected: { nonce: one } }, 'unexpected_type'],
  ] as const)('are refused: %s', async (_, options, reason) => {
    await expect(protectCose(payload, key, options as unknown as ProtectOptions)).rejects.toMatchObject({
      name: 'EncodeError',
      reason,
    })
  })

  it('can be opened, whatever is given', async () => {
    const label = fc.oneof(fc.integer({ min: 8, max: 90 }), fc.string({ maxLength: 3 }))
    const bucket = fc.record(
      {
        kid: fc.uint8Array({ maxLength: 4 }),
        'content type': fc.oneof(fc.nat(), fc.string()),
        crit: fc.array(label, { maxLength: 3 }),
        unknown: fc.array(fc.record({ key: label, cbor: fc.constantFrom(one, Uint8Array.of(0x80)) }), {
          maxLength: 3,
        }),
      },
      { requiredKeys: [] },
    )
    const nameless = await TokenKey.generate('HMAC 256/256')
    const property = fc.asyncProperty(bucket, bucket, async (inside, outside) => {
      const options = { protected: inside, unprotected: outside } as ProtectOptions
      const message = await protectCose(payload, nameless, options).catch((error: { name: string }) => {
        expect(error.name).toBe('EncodeError')
        return undefined
      })
      if (message) await openCose(message, { keys: nameless, understood: inside.crit ?? [] })
    })
    await fc.assert(property, { numRuns: 500 })
  })

  it('tell the kid once: where the protected bucket has one, the other has none', async () => {
    const message = await protectCose(payload, key, { protected: { kid: key.kid! } })
    expect(decodeCoseMessage(message).unprotected).toEqual({})
    await expect(openCose(message, { keys: key })).resolves.toBeDefined()
  })

  it('are all protected where that is asked for, IV and kid too, and the other bucket is empty (RFC 9770 §3)', async () => {
    const generated = (alg: Parameters<typeof TokenKey.generate>[0]) => TokenKey.generate(alg, { kid: 'k' })
    const [sealing, signing] = [await generated('AES-CCM-16-64-128'), await generated('ES256')]
    for (const each of [key, sealing, signing]) {
      const message = await protectCose(payload, each, { allHeadersProtected: true })
      const { protected: inside, unprotected } = decodeCoseMessage(message)
      expect([inside.alg, inside.kid, inside.IV?.length]).toEqual([
        each.alg,
        each.kid,
        each === sealing ? 13 : undefined,
      ])
      expect(unprotected).toEqual({})
      expect((await openCose(message, { keys: each })).payload).toEqual(payload)
    }
    const changed = await protectCose(payload, sealing, { allHeadersProtected: true, iv: new Uint8Array(13) })
    changed[changed.indexOf(0x4d) + 1]! ^= 1
    await expect(openCose(changed, { keys: sealing })).rejects.toMatchObject({
      reason: 'verification_failed',
    })
    const both = { allHeadersProtected: true, unprotected: { kid: one } }
    await expect(protectCose(payload, key, both)).rejects.toMatchObject({ reason: 'conflicting_members' })
  })
})

describe('many labels', () => {
  it('are compared in linear time, critical ones too', async () => {
    const labels = Array.from({ length: 1_000 }, (_, i) => -70_000 - i)
    let asked = 0
    const counted = new Proxy(labels, {
      get: (target, name) => {
        asked++
        return Reflect.get(target, name)
      },
    })
    const unknown = labels.map((label) => ({ key: label, cbor: one }))
    const message = await protectCose(payload, key, { protected: { crit: labels, unknown } })
    await openCose(message, { keys: key, understood: counted })
    expect(asked).toBeLessThan(10 * labels.length)
    const both = Uint8Array.of(
      0xd1,
      0x84,
      0x59,
      ...lengthOf(encodeProtected({ unknown })),
      ...encodeProtected({ unknown }),
      ...encodeProtected({ unknown: unknown.slice(999) }),
      0x40,
      0x40,
    )
    expect(refusal(() => decodeCoseMessage(both))).toMatchObject({ reason: 'duplicate_key' })
  })
})

function lengthOf(bytes: Uint8Array): number[] {
  return [bytes.length >> 8, bytes.length & 255]
}

describe('a message without a tag (RFC 9052 §2, RFC 8392 §7.2)', () => {
  it.each(['ES256', 'HMAC 256/256', 'A128GCM'] as const)('of %s is opened as what it says', async (alg) => {
    const own = await TokenKey.generate(alg)
    const message = await protectCose(payload, own, { tagged: false })
    const { structure } = await openCose(await protectCose(payload, own), { keys: own })
    expect(decodeCoseMessage(message, 'any').structure).toBe(structure)
    await expect(openCose(message, { keys: own, untagged: 'any' })).resolves.toMatchObject({ structure, alg })
    await expect(openCose(message, { keys: own })).rejects.toMatchObject({ reason: 'wrong_structure' })
  })
})

describe('what bytes are by their shape', () => {
  it.each([
    ['d2 84 40 a0 f6 40', ['COSE_Sign1'], true, false],
    ['d8 3d d1 84 40 a0 40 40', ['COSE_Mac0'], true, true],
    ['d0 83 40 a0 40', ['COSE_Encrypt0'], true, false],
    ['d8 62 84 40 a0 40 80', ['COSE_Sign'], true, false],
    ['d8 61 85 40 a0 40 40 80', ['COSE_Mac'], true, false],
    ['d8 60 84 40 a0 f6 80', ['COSE_Encrypt'], true, false],
    ['84 40 a0 40 40', ['COSE_Sign1', 'COSE_Mac0'], false, false],
    ['83 40 a0 f6', ['COSE_Encrypt0'], false, false],
    ['84 40 a0 40 80', ['COSE_Sign', 'COSE_Encrypt'], false, false],
    ['9f 40 a0 40 40 80 ff', ['COSE_Mac'], false, false],
  ] as const)('%s', (hex, names, isTagged, isCwt) => {
    expect(recognizeCose(fromHex(hex))).toEqual({ names, isTagged, isCwt })
  })

  it.each([
    '',
    'a0',
    '83 40 a0',
    '82 40 a0',
    '84 60 a0 40 40',
    '84 40 80 40 40',
    'd2 83 40 a0 40',
    'c1 01',
    '83 40 a0 40 00',
    '86 40 a0 40 40 80 80',
  ])('none: %s', (hex) => {
    expect(recognizeCose(fromHex(hex))).toBeUndefined()
  })

  it('recognizes the message of RFC 9052 Appendix C.5.1', () => {
    const message = unhex(
      'd8618543a1010fa054546869732069732074686520636f6e74656e742e489e1226ba1f81b848818340a20125044a6f75722d73656372657440',
    )
    expect(recognizeCose(message)?.names).toEqual(['COSE_Mac'])
    expect(() => decodeCoseMessage(message)).toThrow(
      expect.objectContaining({ expected: expect.stringContaining('COSE_Mac') }),
    )
  })
})
