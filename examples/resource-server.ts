import { methodSet, type RestMethod } from 'ace-oauth'
import { answerAuthzInfo, authorizeRequest, HeldTokens, ScopeGrants } from 'ace-oauth/resource-server'
import type { TokenKey } from 'ace-oauth/token'

const grants = new ScopeGrants({ read: [['/temperature', methodSet(['GET'])]] })
export const tokens: HeldTokens = new HeldTokens()

/** POST /authz-info: takes the token that a client brings, if its issuer has the key and it is for this server. */
export function authzInfo(payload: Uint8Array, issuerKey: TokenKey) {
  const request = { method: 'POST', format: 61, payload } // application/cwt
  return answerAuthzInfo(request, {
    issuers: [{ keys: issuerKey }],
    audiences: 'rs1',
    requiredClaims: ['aud', 'exp'],
    recognizesScope: (scope) => grants.recognizes(scope),
    tokens,
  })
}

/** What a client may do that has proven, in the DTLS handshake or by OSCORE, to hold a key. */
export function answer(provenKey: string, method: RestMethod, path: string) {
  const decision = authorizeRequest({ method, path, token: tokens.find(provenKey) }, { grants })
  return decision.isAllowed ? '2.05' : decision.failure.coapCode
}
