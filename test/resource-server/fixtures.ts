import { TokenKey } from '../../src/cose/token-key.ts'
import { Failure } from '../../src/failure/failure.ts'
import type { AuthzInfoOptions, AuthzInfoResponse } from '../../src/resource-server/authz-info.ts'
import { answerAuthzInfo } from '../../src/resource-server/authz-info.ts'
import { OscoreAuthzInfoRequest } from '../../src/resource-server/authz-info-messages.ts'
import { HeldTokens } from '../../src/resource-server/held-tokens.ts'
import { issueCwt } from '../../src/token/cwt.ts'
import type { TokenClaimsMembers } from '../../src/token/token-claims.ts'

/** An authorization server that signs, and one that shares a key with the resource server. */
export const signing = await TokenKey.generate('ES256', { kid: 'as' })
export const shared = await TokenKey.generate('AES-CCM-16-64-128', { kid: 'rs' })

export const now = 1_700_000_000

/** What an authz-info endpoint is made of, with tokens of its own. */
export function endpoint(more: Partial<AuthzInfoOptions> = {}): AuthzInfoOptions {
  return {
    issuers: [{ issuer: 'as', keys: shared }],
    audiences: 'rs',
    recognizesScope: () => true,
    now: () => now,
    tokens: new HeldTokens(),
    ...more,
  }
}

/** Posts a token alone. */
export async function post(
  token: Uint8Array | string | Promise<Uint8Array | string>,
  options: AuthzInfoOptions,
  format?: number | string,
): Promise<AuthzInfoResponse> {
  const given = await token
  const payload = typeof given === 'string' ? new TextEncoder().encode(given) : given
  return answerAuthzInfo({ method: 'POST', payload, format }, options)
}

/** Posts a token of these claims, encrypted with the shared key. */
export async function postClaims(
  claims: TokenClaimsMembers,
  options: AuthzInfoOptions,
): Promise<AuthzInfoResponse> {
  return post(issueCwt(claims, shared), options, 61)
}

/** Posts a token as the OSCORE profile has it (RFC 9203 §4.1). */
export async function postOscore(
  token: Uint8Array | Promise<Uint8Array>,
  options: AuthzInfoOptions,
  more: { readonly protectedBy?: Uint8Array; readonly protectedByIssuer?: string } = {},
): Promise<AuthzInfoResponse> {
  const request = new OscoreAuthzInfoRequest({
    access_token: await token,
    ...(more.protectedBy === undefined && {
      nonce1: new Uint8Array(8),
      ace_client_recipientid: Uint8Array.of(1),
    }),
  })
  return answerAuthzInfo({ method: 'POST', payload: request.toCbor(), format: 19, ...more }, options)
}

/** The failure that something ends in. */
export async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const thrown = await promise.then(
    () => new Error('it was taken'),
    (error: unknown) => error,
  )
  if (thrown instanceof Failure) return thrown
  throw thrown
}
