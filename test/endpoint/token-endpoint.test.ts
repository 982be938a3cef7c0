import { describe, expect, it } from 'vitest'
import type { EndpointContext } from '../../src/endpoint/exchange.ts'
import { tokenEndpoint } from '../../src/endpoint/token-endpoint.ts'
import { Failure } from '../../src/failure/failure.ts'
import { AccessTokenRequest } from '../../src/message/access-token-request.ts'
import { AccessTokenResponse } from '../../src/message/access-token-response.ts'
import { hex } from '../../src/table/hex.ts'
import {
  aceCbor,
  authenticate,
  basic,
  coapRequest,
  errorOf,
  formRequest,
  issued,
  jsonOf,
} from './requests.ts'

const token = tokenEndpoint({ authenticate, issue: () => issued })
const header = { authorization: basic('c1', 's1') }
const cborOf = (members: ConstructorParameters<typeof AccessTokenRequest>[0]): Uint8Array =>
  new AccessTokenRequest(members).toCbor()
const authentic = cborOf({ client_id: 'c1', client_secret: 's1' })

describe('a success', () => {
  it('is 2.01 in ace+cbor to CBOR (R9200-5.8.2-1, R9200-5.8.2-2, R9200-5.8-3)', async () => {
    const answer = await token(coapRequest(authentic, { mediaType: 19 }))
    expect(answer).toMatchObject({
      code: '2.01',
      status: 200,
      mediaType: aceCbor,
      contentFormat: 19,
      maxAge: 0,
    })
    expect(hex(answer.payload)).toBe(hex(issued.toCbor()))
    expect(answer).not.toHaveProperty('failure')
  })

  it('is 200 in JSON to a form, with token_type, and cached by nobody (R9200-5.8-2, R6749-5.1-2, R6749-5.1-5, R6749-5.1-6)', async () => {
    const answer = await token(formRequest('grant_type=client_credentials', header))
    expect(answer).toMatchObject({ status: 200, mediaType: 'application/json', contentFormat: 50 })
    expect(answer.headers).toEqual({
      'content-type': 'application/json',
      'cache-control': 'no-store',
      pragma: 'no-cache',
    })
    expect(jsonOf(answer)).toMatchObject({ token_type: 'PoP', expires_in: 60 })
  })

  it('is in the form that Accept prefers', async () => {
    const asked = async (accept: string | number) =>
      (await token({ ...formRequest('', header), accept })).mediaType
    expect(await asked('application/ace+cbor')).toBe(aceCbor)
    expect(await asked('APPLICATION/ACE+CBOR; q=0.5, application/json; q=0.4')).toBe(aceCbor)
    expect(await asked('application/ace+cbor;q=0.4, */*;q=0.5')).toBe('application/json')
    expect(await asked('*/*')).toBe('application/json')
    expect(await asked('text/html')).toBe('application/json')
    expect(await asked('')).toBe('application/json')
  })
})

describe('the media type of a request', () => {
  it('is ace+cbor where CoAP brings none, and is needed over HTTP (R9200-5.8.1-9)', async () => {
    expect(await token(coapRequest(authentic))).toMatchObject({ code: '2.01' })
    expect(await token(coapRequest(authentic, { headers: new Headers() }))).toMatchObject({ status: 415 })
  })

  it('is read without regard to case and with parameters', async () => {
    for (const mediaType of [
      'Application/ACE+CBOR',
      'application/ace+cbor; a=b',
      ' application/ace+cbor ;a="b;c" ',
      19,
    ])
      expect((await token(coapRequest(authentic, { mediaType }))).code, String(mediaType)).toBe('2.01')
    const answer = await token({
      ...formRequest('', header),
      mediaType: 'application/x-www-form-urlencoded;charset=UTF-8',
    })
    expect(answer.status).toBe(200)
  })

  it('is refused with 415 where it is JSON or anything else (R9200-5.8.1-10)', async () => {
    for (const mediaType of [
      'application/json',
      'application/cbor',
      'text/plain',
      'application/x-www-form-urlencoded, application/json',
      'application/x-www-form-urlencoded; charset=utf-16',
      'application',
      '',
      50,
      60,
      -1,
      Number.NaN,
    ]) {
      const answer = await token({ ...formRequest('grant_type=client_credentials', header), mediaType })
      expect(answer, String(mediaType)).toMatchObject({
        code: '4.15',
        status: 415,
        headers: { accept: 'application/ace+cbor, application/x-www-form-urlencoded' },
      })
      expect(jsonOf(answer)['detail']).toEqual({
        status: 'error',
        code: 'token_media_type_unsupported',
        message: 'the content format is not supported',
      })
    }
  })
})

describe('what is refused', () => {
  const refused: readonly [string, Uint8Array, string, string][] = [
    ['no bytes', new Uint8Array(0), '4.00', 'invalid_request'],
    ['no CBOR', Uint8Array.of(0xff), '4.00', 'invalid_request'],
    ['a truncated map', Uint8Array.of(0xa1, 0x18), '4.00', 'invalid_request'],
    ['trailing bytes', Uint8Array.of(...authentic, 0), '4.00', 'invalid_request'],
    ['a repeated member', Uint8Array.of(0xa2, 5, 0x61, 97, 5, 0x61, 97), '4.00', 'invalid_request'],
    ['no map', Uint8Array.of(0x80), '4.00', 'invalid_request'],
    ['too deep', Uint8Array.of(0xa1, 0, ...new Array<number>(40).fill(0x81), 0), '4.00', 'invalid_request'],
    ['a NUL', cborOf({ audience: 'a\0b' }), '4.00', 'invalid_request'],
    ['refresh without token', Uint8Array.of(0xa1, 0x18, 33, 3), '4.00', 'invalid_request'],
  ]
  it.each(refused)(
    '%s is a fault of the client (R6749-5.2-3, R9200-5.8.3-2)',
    async (_, payload, code, error) => {
      const answer = await token(coapRequest(payload))
      expect(answer.code).toBe(code)
      expect(errorOf(answer)).toBe(error)
      expect(answer.failure?.toErrorResponse()?.error.name).toBe(error)
    },
  )

  it('another method than POST, with Allow (R6749-3.2-1, R9200-5.8.1-1)', async () => {
    for (const method of ['GET', 'HEAD', 'PUT', 'post', 'FETCH', ''])
      expect(await token({ ...formRequest('', header), method }), method).toMatchObject({
        code: '4.05',
        status: 405,
        headers: { allow: 'POST' },
      })
  })

  it('a grant type that the server has not (R6749-5.2-6)', async () => {
    const some = tokenEndpoint({ authenticate, issue: () => issued, grantTypes: ['client_credentials'] })
    expect(errorOf(await some(formRequest('grant_type=password&username=u&password=p', header)))).toBe(
      'unsupported_grant_type',
    )
    expect(errorOf(await some(formRequest('grant_type=urn%3Ax', header)))).toBe('unsupported_grant_type')
    expect((await some(formRequest('', header))).status).toBe(200)
  })

  it('a grant type that the server has not, also where the request lacks what it would need (R6749-5.2-6)', async () => {
    const some = tokenEndpoint({ authenticate, issue: () => issued, grantTypes: ['client_credentials'] })
    for (const form of ['grant_type=password', 'grant_type=authorization_code', 'grant_type=refresh_token'])
      expect(errorOf(await some(formRequest(form, header))), form).toBe('unsupported_grant_type')
    expect(errorOf(await some(coapRequest(Uint8Array.of(0xa1, 0x18, 0x21, 0x00))))).toBe(
      'unsupported_grant_type',
    )
    const any = tokenEndpoint({ authenticate, issue: () => issued })
    expect(errorOf(await any(formRequest('grant_type=password', header)))).toBe('invalid_request')
  })

  it('each error that a Failure tells, in CBOR and in JSON (R9200-5.8.3-1, R9200-5.8.3-4, R6749-5.2-2)', async () => {
    const codes = {
      token_scope_unknown: 'invalid_scope',
      token_grant_expired: 'invalid_grant',
      token_client_not_allowed: 'unauthorized_client',
      token_grant_type_unsupported: 'unsupported_grant_type',
      token_key_unsupported: 'unsupported_pop_key',
      token_profiles_incompatible: 'incompatible_ace_profiles',
      token_audience_unknown: 'invalid_request',
    } as const
    for (const [code, error] of Object.entries(codes) as [keyof typeof codes, string][]) {
      const failing = tokenEndpoint({
        authenticate,
        issue: () => {
          throw new Failure(code, { details: { secret: 'x' } })
        },
      })
      const cbor = await failing(coapRequest(authentic))
      expect(cbor).toMatchObject({ code: '4.00', contentFormat: 19 })
      expect(errorOf(cbor)).toBe(error)
      const json = await failing(formRequest('', header))
      expect(json.status).toBe(400)
      expect(jsonOf(json)).toMatchObject({ error, detail: { status: 'error', code } })
    }
  })
})

describe('what issue gives is checked', () => {
  const asked = async (issue: () => unknown) => {
    const answer = await tokenEndpoint({ authenticate, issue: issue as () => AccessTokenResponse })(
      formRequest('', header),
    )
    return {
      status: answer.status,
      code: answer.failure?.code,
      body: answer.payload.length && jsonOf(answer),
    }
  }
  it('and what is no response is an error of the server that tells nothing', async () => {
    for (const nonsense of [
      undefined,
      null,
      true,
      'token',
      7,
      {},
      [],
      () => issued,
      { access_token: 'x' },
      new Date(),
      { access_token: 'x', toCbor: () => 'x', toJson: () => 'x' },
      { access_token: 'x', toCbor: () => 'x', toJson: () => undefined },
    ])
      expect(await asked(() => nonsense)).toMatchObject({ status: 500, code: 'token_internal_error' })
  })

  it('and so is what is thrown, whatever it is', async () => {
    for (const thrown of [
      undefined,
      null,
      'secret',
      7,
      {},
      new Error('secret'),
      Symbol('secret'),
      Object.create(null),
    ]) {
      const { status, code, body } = await asked(() => {
        throw thrown
      })
      expect([status, code]).toEqual([500, 'token_internal_error'])
      expect(JSON.stringify(body)).not.toContain('secret')
      expect(await asked(() => Promise.reject(thrown))).toMatchObject({
        status: 500,
        code: 'token_internal_error',
      })
    }
  })

  it('and a failure of another endpoint is told as one of this one, or as internal', async () => {
    const failing = (failure: Failure) => asked(() => Promise.reject(failure))
    expect(await failing(new Failure('introspect_rate_limited'))).toMatchObject({
      status: 429,
      code: 'token_rate_limited',
    })
    expect(await failing(new Failure('client_timeout'))).toMatchObject({
      status: 500,
      code: 'token_internal_error',
    })
    expect(await failing(new Failure('client_rate_limited'))).toMatchObject({
      status: 500,
      code: 'token_internal_error',
    })
    expect(await failing(new Failure('access_token_missing'))).toMatchObject({
      status: 500,
      code: 'token_internal_error',
    })
  })

  it('and the profile that was asked for has to be there (R9200-5.8.2-3)', async () => {
    const payload = cborOf({ client_id: 'c1', client_secret: 's1', ace_profile: null })
    expect(await token(coapRequest(payload))).toMatchObject({ code: '5.00' })
    const issue = () => new AccessTokenResponse({ access_token: 'x', ace_profile: 'coap_dtls' })
    expect(await tokenEndpoint({ authenticate, issue })(coapRequest(payload))).toMatchObject({ code: '2.01' })
  })
})

describe('issue', () => {
  it('gets the request, the client, and how it authenticated', async () => {
    let seen: [AccessTokenRequest, { client_id: string }, EndpointContext] | undefined
    const endpoint = tokenEndpoint({
      authenticate,
      issue: (...given) => {
        seen = given
        return issued
      },
    })
    const peer = { address: '192.0.2.1' }
    await endpoint({
      ...formRequest('audience=rs&scope=a+b&resource=x&resource=y', header),
      peer,
      requestId: 'r1',
    })
    const [request, by, context] = seen!
    expect(request).toMatchObject({ audience: 'rs', scope: 'a b' })
    expect(request.unknown).toEqual([
      { name: 'resource', json: 'x' },
      { name: 'resource', json: 'y' },
    ])
    expect(by.client_id).toBe('c1')
    expect(context).toMatchObject({
      endpoint: 'token',
      authMethod: 'client_secret_basic',
      peer,
      requestId: 'r1',
    })
    expect(context.signal.aborted).toBe(false)
  })
})

describe('options', () => {
  it('that are wrong are refused at once', () => {
    const issue = () => issued
    const wrong: object[] = [
      { deadlineMs: Number.NaN },
      { deadlineMs: -1 },
      { deadlineMs: 0 },
      { deadlineMs: '1000' },
      { deadlineMs: Number.POSITIVE_INFINITY },
      { limits: { maxBytes: Number.NaN } },
      { limits: { maxBytes: '10' } },
      { limits: { maxDepth: -1 } },
      { limits: { maxMembers: 0 } },
      { limits: { maxStringBytes: -5 } },
      { aceErrorKey: -1 },
      { aceErrorKey: 1.5 },
      { aceErrorKey: '2' },
    ]
    for (const options of wrong)
      expect(() => tokenEndpoint({ authenticate, issue, ...options }), JSON.stringify(options)).toThrow(
        RangeError,
      )
    expect(() => tokenEndpoint({ authenticate } as never)).toThrow(TypeError)
    expect(() => tokenEndpoint({ issue } as never)).toThrow(TypeError)
    expect(() => tokenEndpoint({ authenticate, issue, onAnswer: 1 } as never)).toThrow(TypeError)
  })
})
