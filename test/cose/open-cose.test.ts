import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { DecodeError } from '../../src/cbor/decode-error.ts'
import { CoseError } from '../../src/cose/cose-error.ts'
import { openCose } from '../../src/cose/open-cose.ts'
import { coseOpen } from '../../src/cose/open-with-jwks.ts'
import { protectCose, protectDetached } from '../../src/cose/protect-cose.ts'
import { TokenKey } from '../../src/cose/token-key.ts'
import examples from '../../vectors/cose-examples.json' with { type: 'json' }
import { textOf, unhex } from '../token/bytes.ts'

interface Example {
  readonly id: string
  readonly description: string
  readonly hex: string
  readonly expect: string
  readonly reason?: string
  readonly untagged?: 'sign1'
  readonly input: Record<string, { key?: Jwk; external?: string; recipients?: { key: Jwk }[] }>
  readonly intermediates?: { CEK_hex?: string }
}
type Jwk = Record<string, string>

const vectors = examples.vectors as unknown as Example[]

async function keyOf({ input, intermediates }: Example): Promise<TokenKey> {
  const part = (input['sign0'] ?? input['mac0'] ?? input['encrypted'])!
  const { use: _, kid: __, ...jwk } = (part.key ?? part.recipients?.[0]?.key)!
  // One of the examples has a k whose last character is not canonical.
  if (intermediates?.CEK_hex) return TokenKey.fromBytes(unhex(intermediates.CEK_hex))
  return TokenKey.fromJwk(jwk)
}

function externalOf({ input }: Example): string {
  return Object.values(input).find((part) => part?.external)?.external ?? ''
}

describe('the examples of the COSE working group', () => {
  it.each(vectors.map((vector) => [`${vector.id} ${vector.description}`, vector] as const))(
    '%s',
    async (_, vector) => {
      const opened = openCose(unhex(vector.hex), {
        keys: await keyOf(vector),
        algorithms: [algorithmOf(vector)],
        externalAad: unhex(externalOf(vector)),
        untagged: vector.untagged,
      })
      if (vector.expect === 'opens') expect(textOf((await opened).payload)).toBe('This is the content.')
      else await expect(opened).rejects.toMatchObject({ name: 'CoseError', reason: vector.reason })
    },
  )

  it.each(vectors.filter(({ untagged }) => !untagged).map((vector) => [vector.id, vector] as const))(
    'cose-open answers %s',
    async (_, vector) => {
      const key = await keyOf(vector)
      const answer = await coseOpen({
        hex: vector.hex,
        keys: [key.toPrivateJwk()],
        externalAad: externalOf(vector),
      })
      if (vector.expect === 'opens')
        expect(answer).toMatchObject({ ok: true, payload: '546869732069732074686520636f6e74656e742e' })
      else expect(answer).toEqual({ ok: false, reason: vector.reason })
    },
  )
})

function algorithmOf({ hex }: Example): 'ES256' {
  const names = {
    a10104: 'HMAC 256/64',
    a10105: 'HMAC 256/256',
    a20105: 'HMAC 256/256',
    a1010a: 'AES-CCM-16-64-128',
    a1010b: 'AES-CCM-16-64-256',
  }
  const found = Object.entries(names).find(([start]) => hex.includes(start))
  return (found?.[1] ?? 'ES256') as 'ES256'
}

describe('cose-open', () => {
  it('takes the JWK of an example as it stands there, beside keys that it does not understand', async () => {
    const example = vectors.find(({ id }) => id === 'cose-rfc8152-appendix_c_4_1')!
    const jwk = example.input['encrypted']!.recipients![0]!.key
    const keys = [{ kty: 'RSA' }, null, { kty: 'EC', crv: 'P-521', x: 'AA', y: 'AA' }, jwk]
    expect(await coseOpen({ hex: example.hex, keys })).toMatchObject({
      ok: true,
      structure: 'encrypt0',
      alg: 'AES-CCM-16-64-128',
    })
    expect(await coseOpen({ hex: example.hex, keys: [{ kty: 'RSA' }] })).toEqual({
      ok: false,
      reason: 'key_invalid',
    })
    expect(await coseOpen({ hex: example.hex, keys: [] })).toEqual({ ok: false, reason: 'no_key' })
    expect(await coseOpen({ hex: 'no hex', keys })).toEqual({ ok: false, reason: 'invalid_value' })
  })
})

const payload = Uint8Array.of(0xa0)

async function refusal(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof CoseError || error instanceof DecodeError) return error.reason
  throw error ?? new Error('it was not refused')
}

describe('what a verifier takes', () => {
  it('takes no algorithm from the message alone: a symmetric key that names none needs a list', async () => {
    const key = await TokenKey.fromBytes(new Uint8Array(32).fill(7))
    const message = await protectCose(payload, key, { alg: 'HMAC 256/256' })
    expect(await refusal(openCose(message, { keys: key }))).toBe('algorithm_not_allowed')
    expect(await refusal(openCose(message, { keys: key, algorithms: ['HMAC 256/64'] }))).toBe(
      'algorithm_not_allowed',
    )
    expect((await openCose(message, { keys: key, algorithms: ['HMAC 256/256'] })).alg).toBe('HMAC 256/256')
  })

  it('refuses a listed algorithm that the key is not for (RFC 9052 §7.1)', async () => {
    const key = await TokenKey.generate('HMAC 256/256')
    const other = await TokenKey.fromBytes(key.toPrivateBytes())
    const message = await protectCose(payload, other, { alg: 'HMAC 256/64' })
    expect(await refusal(openCose(message, { keys: key, algorithms: ['HMAC 256/64', 'HMAC 256/256'] }))).toBe(
      'key_unsuitable',
    )
  })

  it('takes an unprotected algorithm only where it is the only one allowed (RFC 9052 §3.1)', async () => {
    const key = await TokenKey.fromBytes(
      unhex('849b57219dae48de646d07dbb533566e976686457c1491be3a76dcea6c427188'),
    )
    const message = unhex(
      'd18440a1010554546869732069732074686520636f6e74656e742e58200fecaec59bb46cc8a488aaca4b205e322dd52696b75a45768d3c302dd4bae2f7',
    )
    const externalAad = unhex('ff00ee11dd22cc33bb44aa559966')
    const open = (algorithms: ('HMAC 256/64' | 'HMAC 256/256')[]): Promise<unknown> =>
      openCose(message, { keys: key, algorithms, externalAad })
    await expect(open(['HMAC 256/256'])).resolves.toBeDefined()
    expect(await refusal(open(['HMAC 256/256', 'HMAC 256/64']))).toBe('algorithm_not_allowed')
  })

  it('refuses key operations that do not fit (RFC 9053 §2.1, §3.1, §4.1)', async () => {
    const signing = await TokenKey.generate('ES256', { key_ops: ['sign'] })
    const message = await protectCose(payload, signing)
    expect(await refusal(openCose(message, { keys: signing }))).toBe('key_unsuitable')
    await expect(openCose(message, { keys: signing.publicKey() })).resolves.toBeDefined()
    const verifying = await TokenKey.fromCose({ ...signing.toPrivateCose(), key_ops: ['verify'] })
    expect(await refusal(protectCose(payload, verifying))).toBe('key_unsuitable')
    const wrapping = await TokenKey.generate('A128GCM', { key_ops: ['wrap key', 'unwrap key'] })
    await expect(openCose(await protectCose(payload, wrapping), { keys: wrapping })).resolves.toBeDefined()
  })

  it('finds the key by its identifier, which is a hint (RFC 9052 §3.1)', async () => {
    const [a, b, nameless] = await Promise.all([
      TokenKey.generate('ES256', { kid: 'a' }),
      TokenKey.generate('ES256', { kid: 'b' }),
      TokenKey.generate('ES256'),
    ])
    const message = await protectCose(payload, b)
    expect((await openCose(message, { keys: [a, nameless, b] })).key).toBe(b)
    expect(await refusal(openCose(message, { keys: [a] }))).toBe('no_key')
    expect(await refusal(openCose(message, { keys: [a, nameless] }))).toBe('verification_failed')
    expect(
      (
        await openCose(message, {
          keys: ({ unprotected }) => [a, b].filter((key) => key.hasKid(unprotected.kid!)),
        })
      ).key,
    ).toBe(b)
  })

  it.each([
    ['a label in both buckets', 'd18443a10105a1010540 40'.replace(' ', ''), 'duplicate_key'],
    ['a private label in both buckets', 'd18449a201053a0001869f00a13a0001869f004040', 'duplicate_key'],
    ['an IV beside a partial one', 'd08343a10101a205410106410140', 'conflicting_members'],
    ['a label twice in one bucket', 'd18445a201050105a04040', 'duplicate_key'],
    ['an empty crit', 'd18445a201050280a04040', 'invalid_value'],
    ['a crit that is not protected', 'd18443a10105a10281014040', 'header_not_understood'],
    ['a crit for what is not protected', 'd18446a20105028104a10441014040', 'header_not_understood'],
    ['a crit that nobody understands', 'd1844aa3010502811864186400a04040', 'header_not_understood'],
    ['three elements in COSE_Mac0', 'd18343a10105a040', 'invalid_value'],
    ['five elements in an indefinite array', 'd19f43a10105a0404040ff', 'invalid_value'],
    ['a map of protected parameters', 'd184a10105a04040', 'unexpected_type'],
    ['R8392-6-1: a tag of CWT without another', 'd83d8443a10105a04040', 'unexpected_type'],
    ['a COSE_Mac with recipients', 'd8618543a10105a0404080', 'wrong_structure'],
    ['no tag', '8443a10105a04040', 'wrong_structure'],
    ['an algorithm of another structure', 'd18443a10126a04040', 'algorithm_not_allowed'],
    ['no algorithm', 'd18440a04040', 'algorithm_not_allowed'],
    ['a detached payload that is not there', 'd18443a10105a0f640', 'payload_unsuitable'],
    ['a tag that is cut', 'd18443a10105a0404101', 'verification_failed'],
    ['trailing bytes', 'd18443a10105a0404000', 'trailing_bytes'],
    ['nothing', '', 'truncated'],
  ])('refuses %s', async (_, hex, reason) => {
    const keys = await TokenKey.fromBytes(new Uint8Array(32))
    const algorithms = ['HMAC 256/256'] as const
    expect(await refusal(openCose(unhex(hex), { keys, algorithms }))).toBe(reason)
  })

  it('R8392-7.2-3: takes a critical parameter that the caller understands', async () => {
    const key = await TokenKey.generate('HMAC 256/256')
    const message = await protectCose(payload, key, {
      protected: { crit: [-70_000], unknown: [{ key: -70_000, cbor: Uint8Array.of(1) }] },
    })
    expect(await refusal(openCose(message, { keys: key }))).toBe('header_not_understood')
    await expect(openCose(message, { keys: key, understood: [-70_000] })).resolves.toBeDefined()
  })

  it('counts a protected bucket that is an empty map as empty (RFC 9052 §3)', async () => {
    const key = await TokenKey.fromBytes(
      unhex('849b57219dae48de646d07dbb533566e976686457c1491be3a76dcea6c427188'),
    )
    const message = unhex(
      'd18441a0a1010554546869732069732074686520636f6e74656e742e58200fecaec59bb46cc8a488aaca4b205e322dd52696b75a45768d3c302dd4bae2f7',
    )
    const externalAad = unhex('ff00ee11dd22cc33bb44aa559966')
    await expect(
      openCose(message, { keys: key, algorithms: ['HMAC 256/256'], externalAad }),
    ).resolves.toBeDefined()
  })

  it('covers the protected bytes as they came, also where they are not those that it would write (RFC 9052 §6.3)', async () => {
    const key = await TokenKey.generate('HMAC 256/256')
    // The algorithm 5 as 05, and in one byte more.
    for (const bucket of ['a10105', 'a1011805']) {
      const covered = unhex(`84644d414330${(0x40 + bucket.length / 2).toString(16)}${bucket}4041a0`)
      const tag = createHmac('sha256', await key.toKeyObject('private'))
        .update(covered)
        .digest('hex')
      const message = unhex(`d184${(0x40 + bucket.length / 2).toString(16)}${bucket}a041a05820${tag}`)
      const opened = await openCose(message, { keys: key })
      expect([opened.payload, opened.protected]).toEqual([payload, { alg: 'HMAC 256/256' }])
    }
  })

  it('lets nobody change the header that messages share', async () => {
    const key = await TokenKey.generate('ES256')
    const opened = await openCose(await protectCose(payload, key), { keys: key })
    expect(Object.isFrozen(opened.protected)).toBe(true)
  })

  it('makes the IV of a partial one and the Base IV of the key (RFC 9052 §3.1)', async () => {
    const generated = await TokenKey.generate('AES-CCM-16-64-128')
    const iv = unhex('89f52f65a1c580933b5261a76c')
    const key = await TokenKey.fromCose({ ...generated.toPrivateCose(), 'Base IV': iv })
    const message = await protectCose(payload, key, { partialIv: Uint8Array.of(1, 2) })
    const whole = await protectCose(payload, generated, { iv: unhex('89f52f65a1c580933b5261a66e') })
    expect(message.slice(-9)).toEqual(whole.slice(-9))
    expect((await openCose(message, { keys: key })).payload).toEqual(payload)
    expect(await refusal(openCose(message, { keys: generated }))).toBe('iv_unsuitable')
    expect(await refusal(protectCose(payload, generated, { iv: new Uint8Array(12) }))).toBe('iv_unsuitable')
  })

  it('keeps a detached payload out of the message', async () => {
    for (const alg of ['ES256', 'HMAC 256/64', 'A256GCM'] as const) {
      const key = await TokenKey.generate(alg)
      const { message, detached } = await protectDetached(payload, key, { detached: true })
      expect((await openCose(message, { keys: key, detached })).payload).toEqual(payload)
      expect(await refusal(openCose(message, { keys: key }))).toBe('payload_unsuitable')
      expect(await refusal(openCose(await protectCose(payload, key), { keys: key, detached }))).toBe(
        'payload_unsuitable',
      )
    }
  })
})
