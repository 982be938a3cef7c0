import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as client from '../../src/client/index.ts'
import * as conformance from '../../src/conformance/index.ts'
import { codecImplementation } from '../../src/conformance/node.ts'
import * as endpoint from '../../src/endpoint/index.ts'
import { ErrorResponse as SmallErrorResponse } from '../../src/error-response.ts'
import * as failure from '../../src/failure/index.ts'
import * as library from '../../src/index.ts'
import * as rs from '../../src/resource-server/index.ts'
import * as token from '../../src/token/index.ts'

const key = await token.TokenKey.generate('AES-CCM-16-64-128', { kid: 'k' })
const es256 = await token.TokenKey.generate('ES256', { kid: 's' })
const claims = { aud: 'rs1', exp: 4_000_000_000 }
const cwt = await token.issueCwt(claims, key)
const jwt = await token.issueJwt({ iss: 'as', ...claims }, es256)
const cose = await token.protectCose(Uint8Array.of(1), key)
const encrypted = await token.encryptKey(es256, key)
const map = Uint8Array.of(0xa0)
const code = Uint8Array.of(0xa1, 0x18, 0x1e, 0x03)
const denied = library.ErrorResponse.fromCbor(code)
const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)
const report = await conformance.runConformance([], { implementation: conformance.libraryImplementation })
const server = {
  token_endpoint: 'https://as.example.com/token',
  introspection_endpoint: 'https://as.example.com/i',
}
const answered = async () => ({
  code: '2.01',
  status: 200,
  mediaType: undefined,
  contentFormat: undefined,
  payload: bytes,
  maxAge: 0,
  headers: {},
})
const pass = endpoint.tokenEndpoint({ authenticate: () => undefined, issue: () => undefined as never })
const held = new rs.HeldTokens()
const verified = await rs.verifyAccessToken(cwt, {
  issuers: [{ keys: key }],
  audiences: 'rs1',
  recognizesScope: () => true,
})

/** Each public function that takes options, with nothing else wrong. */
// biome-ignore format: one line each
const calls: Readonly<Record<string, (options: never) => unknown>> = {
  decodeValue: (options) => library.decodeValue(map, options),
  decodeAif: (options) => library.decodeAif(Uint8Array.of(0x80), options),
  aifFromJson: (options) => library.aifFromJson([], options),
  'AccessTokenRequest.fromCbor': (options) => library.AccessTokenRequest.fromCbor(map, options),
  'AccessTokenRequest.fromJson': (options) => library.AccessTokenRequest.fromJson({}, options),
  'AccessTokenRequest.fromForm': (options) => library.AccessTokenRequest.fromForm('', options),
  'CreationHints.fromCbor': (options) => library.CreationHints.fromCbor(Uint8Array.of(0xa1, 1, 0x62, 0x61, 0x3a), options),
  'ErrorResponse.fromCbor': (options) => library.ErrorResponse.fromCbor(code, options),
  'ErrorResponse.fromCbor of the small entry': (options) => SmallErrorResponse.fromCbor(code, options),
  'ErrorResponse.fromJson': (options) => library.ErrorResponse.fromJson({ error: 'invalid_grant' }, options),
  'TokenClaims.fromCbor': (options) => token.TokenClaims.fromCbor(map, options),
  toProblemDetails: (options) => library.toProblemDetails(denied, options),
  fromProblemDetails: (options) => library.fromProblemDetails(library.toProblemDetails(denied, { aceErrorKey: 2 }), options),
  Failure: (options) => new failure.Failure('token_grant_expired', options),
  httpFailure: (options) => failure.httpFailure(500, options),
  coapFailure: (options) => failure.coapFailure('5.00', options),
  retry: (options) => failure.retry(() => 1, options),
  sessionFailure: (options) => failure.sessionFailure({ reason: 'session_not_found' } as never, 'token', options),
  decodeCoseMessage: (options) => token.decodeCoseMessage(cose, undefined, options),
  openCose: (options) => token.openCose(cose, options),
  protectCose: (options) => token.protectCose(bytes, key, options),
  protectDetached: (options) => token.protectDetached(bytes, key, options),
  decryptKey: (options) => token.decryptKey(encrypted, options),
  'TokenKey.generate': (options) => token.TokenKey.generate('ES256', options),
  'TokenKey.fromBytes': (options) => token.TokenKey.fromBytes(bytes, options),
  'TokenKey.fromPublicBytes': (options) => token.TokenKey.fromPublicBytes('Ed25519', es256.toCose().x!, options),
  'TokenKey.fromPem': (options) => token.TokenKey.fromPem('-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----', options),
  issueCwt: (options) => token.issueCwt(claims, key, options),
  openCwt: (options) => token.openCwt(cwt, options),
  issueJwt: (options) => token.issueJwt({ iss: 'as', ...claims }, es256, options),
  openJwt: (options) => token.openJwt(jwt, options),
  verifyAccessToken: (options) => rs.verifyAccessToken(cwt, options),
  answerAuthzInfo: (options) => rs.answerAuthzInfo({ method: 'POST', format: 61, payload: cwt }, options),
  'answerAuthzInfo, its request': (options) => rs.answerAuthzInfo(options, {} as never),
  authorizeRequest: (options) => rs.authorizeRequest({ method: 'GET', path: '/', token: verified }, options),
  'authorizeRequest, its request': (options) => rs.authorizeRequest(options, { grants: new rs.ScopeGrants() }),
  confirmationNames: (options) => rs.confirmationNames({ kid: bytes } as never, options),
  ExiRegister: (options) => new rs.ExiRegister(options),
  'HeldTokens.hold': (options) => held.hold(verified, options),
  clientAuthentication: (options) => endpoint.clientAuthentication(options),
  'an endpoint, its request': (options) => pass(options),
  tokenEndpoint: (options) => endpoint.tokenEndpoint(options),
  introspectionEndpoint: (options) => endpoint.introspectionEndpoint(options),
  revocationEndpoint: (options) => endpoint.revocationEndpoint(options),
  metadataEndpoint: (options) => endpoint.metadataEndpoint(options),
  authorizationServerMetadata: (options) => endpoint.authorizationServerMetadata(options),
  fetchHandler: (options) => endpoint.fetchHandler(answered as never, options),
  nodeHandler: (options) => endpoint.nodeHandler(answered as never, options),
  privateKeyJwt: (options) => client.privateKeyJwt('c', es256, options),
  discoverAuthorizationServer: (options) => client.discoverAuthorizationServer('https://as.example.com', options),
  obtainToken: (options) => client.obtainToken(server, {}, options),
  sendTokenRequest: (options) => client.sendTokenRequest(server, {}, options),
  introspectToken: (options) => client.introspectToken(server, { token: 'a' }, options),
  revokeToken: (options) => client.revokeToken(server, { token: 'a' }, options),
  fetchRevocationList: (options) => client.fetchRevocationList('https://as.example.com/trl', options),
  TokenSource: (options) => new client.TokenSource(server, {}, options),
  renderReport: (options) => conformance.renderReport(report, options),
  renderHtml: (options) => conformance.renderHtml(report, options),
  runConformance: (options) => conformance.runConformance([], options),
  selectVectors: (options) => conformance.selectVectors([], options),
  codecImplementation: (options) => codecImplementation('false', options),
}

/** What can be given by mistake in the place of an object of options. */
const mistakes = fc.oneof(
  fc.constantFrom(null, true, false, 0, 1n, '', Symbol('s'), () => {}),
  fc.integer(),
  fc.string(),
  fc.array(fc.integer(), { maxLength: 2 }),
)

const thrownBy = async (call: () => unknown): Promise<unknown> => {
  try {
    await call()
    return undefined
  } catch (error) {
    return error
  }
}

describe('options that are no object', () => {
  it.each(Object.entries(calls))('are refused with the name of what was expected: %s', async (_, call) => {
    await fc.assert(
      fc.asyncProperty(mistakes, async (options) => {
        const error = await thrownBy(() => call(options as never))
        expect(error).toBeInstanceOf(TypeError)
        expect(`${(error as Error).message}`).toMatch(/: expected an object, not (null|an array|\w+)$/)
      }),
      { numRuns: 20 },
    )
  })
})
