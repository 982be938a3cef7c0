import { describe, expect, it } from 'vitest'
import {
  keyInUse,
  type ObtainedToken,
  pskHandshake,
  tokenFromJson,
  uploadToken,
} from '../../src/client/index.ts'
import { OscoreAuthzInfoRequest } from '../../src/resource-server/index.ts'
import { createReference, issueCwt, issueJwt, TokenKey } from '../../src/token/index.ts'

const now = 1_000
const key = await TokenKey.generate('ES256')
const token = (members: object): ObtainedToken =>
  tokenFromJson({ access_token: 'abc', expires_at: 2_000, response_encoding: 'cbor', ...members })
const withBytes = (access_token: Uint8Array): ObtainedToken => ({ ...token({}), access_token })
const claims = { aud: 'rs1', exp: 2_000 }

describe('the upload of a token', () => {
  it.each([
    ['a CWT', () => issueCwt(claims, key), 'application/cwt', 61],
    [
      'a CWT that is encrypted',
      async () => issueCwt(claims, await TokenKey.generate('AES-CCM-16-64-128')),
      'application/cwt',
      61,
    ],
    ['a JWT', async () => new TextEncoder().encode(await issueJwt(claims, key)), 'application/jwt', 42],
    ['a reference', async () => createReference(), 'application/octet-stream', 42],
    ['whatever else', async () => Uint8Array.of(0xff, 0x00, 0x2e), 'application/octet-stream', 42],
  ])(
    'of %s has its very bytes, and says its format (R9200-5.10.1-2, R9200-5.10.1-3, R9200-5.10.1-4)',
    async (_, make, mediaType, contentFormat) => {
      const access_token = await make()
      const upload = uploadToken(withBytes(access_token), { now })
      expect(upload).toEqual({ payload: access_token, mediaType, contentFormat, nonce1: undefined })
    },
  )

  it('with coap_oscore is a map of token, nonce and identifier, of which no nonce comes twice (R9203-4.1-1, R9203-4.1-2, R9203-3.2-1)', () => {
    const oscore = token({ ace_profile: 'coap_oscore' })
    const ace_client_recipientid = Uint8Array.of(1)
    const nonces = new Set<string>()
    for (let i = 0; i < 100; i++) {
      const { payload, contentFormat, nonce1 } = uploadToken(oscore, { now, ace_client_recipientid })
      const request = OscoreAuthzInfoRequest.fromCbor(payload)
      expect(contentFormat).toBe(19)
      expect([request.access_token, request.nonce1, request.ace_client_recipientid]).toEqual([
        oscore.access_token,
        nonce1,
        ace_client_recipientid,
      ])
      expect(nonce1).toHaveLength(8)
      nonces.add(String(nonce1))
    }
    expect(nonces.size).toBe(100)
  })

  it('that updates rights with coap_oscore has the token alone (R9203-4.1-3)', () => {
    const { payload, nonce1 } = uploadToken(token({ ace_profile: 'coap_oscore' }), { now })
    expect(Buffer.from(payload).toString('hex')).toBe('a10143616263')
    expect(nonce1).toBeUndefined()
  })

  it('of a token that is over is refused (R9200-5.10.2-1, R9202-3.4-4)', () => {
    for (const use of [() => uploadToken(token({}), { now: 2_000 }), () => pskHandshake(token({}), 2_000)])
      expect(use).toThrow(expect.objectContaining({ code: 'client_token_expired' }))
  })
})

describe('a handshake with a pre-shared key', () => {
  const jwk = { kty: 'oct', k: 'AAECAwQFBgcICQoLDA0ODw' }

  it('names the key by its kid, as Figure 9 has it (R9202-3.3.2-2)', () => {
    const kid = '~PQJ4M_xiZ84' // 3d027833fc6267ce
    const { identity, key: psk } = pskHandshake(token({ cnf: { jwk: { ...jwk, kid } } }), now)
    expect(Buffer.from(identity).toString('hex')).toBe('a108a101a2010402483d027833fc6267ce')
    expect(psk).toEqual(Uint8Array.from({ length: 16 }, (_, i) => i))
  })

  it('has the very bytes of the token where the key has no kid (R9202-3.3.2-3)', () => {
    const bound = token({ cnf: { jwk } })
    expect(pskHandshake(bound, now).identity).toBe(bound.access_token)
  })

  it.each([[{}], [{ cnf: { kid: 'k1' } }], [{ cnf: { jwk: key.toJwk() } }]])(
    'is impossible without a symmetric key, as with %j (R9201-5-3)',
    (members) => {
      expect(() => pskHandshake(token(members), now)).toThrow(
        expect.objectContaining({ code: 'client_key_unsuitable' }),
      )
    },
  )
})

describe('the key in use', () => {
  it('is named by the id of its input material, or by its kid (R9203-3.1-1, R9202-4-1)', () => {
    const osc = { id: 'AQ', ms: 'AAECAwQFBgcICQoLDA0ODw' }
    expect(keyInUse(token({ cnf: { osc } }), now)).toEqual({ kid: Uint8Array.of(1) })
    const jwk = { kty: 'oct', k: 'AAECAwQFBgcICQoLDA0ODw', kid: 'k1' }
    for (const cnf of [{ jwk }, { kid: 'k1' }])
      expect(keyInUse(token({ cnf }), now)).toEqual({ kid: new TextEncoder().encode('k1') })
  })

  it('has to have a name, and to be valid', () => {
    expect(() => keyInUse(token({}), now)).toThrow(expect.objectContaining({ code: 'client_key_unsuitable' }))
    expect(() => keyInUse(token({ cnf: { kid: 'k1' } }), 2_000)).toThrow(
      expect.objectContaining({ code: 'client_token_expired' }),
    )
  })
})
