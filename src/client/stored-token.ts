import { DecodeError } from '../cbor/decode-error.ts'
import { AccessTokenResponse, type AccessTokenResponseMembers } from '../message/access-token-response.ts'
import type { Scope } from '../message/scope.ts'
import { fromBase64url } from '../table/base64url.ts'
import { type Json, refuse } from '../table/json.ts'
import { heldToken, type ObtainedToken } from './obtained-token.ts'

/**
 * A token as JSON, so that it outlives a restart of the device. It holds the token, the refresh token and the key: keep it where
 * nobody else reads it.
 *
 * @example
 * ```ts
 * import { type ObtainedToken, tokenFromJson, tokenToJson } from 'ace-oauth/client'
 *
 * const write = (token: ObtainedToken) => JSON.stringify(tokenToJson(token))
 * const read = (text: string) => tokenFromJson(JSON.parse(text))
 * ```
 */
export function tokenToJson(token: ObtainedToken): Record<string, Json> {
  const { response, expiresAt, encoding, ...rest } = token
  const members = Object.entries({ ...rest, expires_in: response.expires_in })
  const present = members.filter(([, value]) => value !== undefined)
  const whole = new AccessTokenResponse(Object.fromEntries(present) as unknown as AccessTokenResponseMembers)
  // JSON has scopes of bytes as text.
  const isBytes = rest.scope instanceof Uint8Array
  return {
    ...whole.toJson(),
    ...(isBytes && { scope_is_bytes: true }),
    expires_at: expiresAt,
    response_encoding: encoding,
  }
}

/**
 * The token of {@link tokenToJson}, as `JSON.parse` gives it.
 *
 * @throws DecodeError for anything else
 */
export function tokenFromJson(json: unknown): ObtainedToken {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new DecodeError('unexpected_type', '', 'an object')
  const { expires_at, response_encoding, scope_is_bytes, ...members } = json as Readonly<
    Record<string, unknown>
  >
  if (typeof expires_at !== 'number' || !Number.isFinite(expires_at))
    throw new DecodeError('invalid_value', 'expires_at', 'seconds since 1970')
  if (response_encoding !== 'cbor' && response_encoding !== 'json')
    throw new DecodeError('invalid_value', 'response_encoding', 'cbor or json')
  const response = AccessTokenResponse.fromJson(members)
  const { access_token, token_type, ace_profile, cnf, rs_cnf, refresh_token } = response
  const scope = scope_is_bytes === true ? bytesOf(response.scope) : response.scope
  const told = { access_token, token_type, scope, ace_profile, cnf, rs_cnf, refresh_token }
  return heldToken({ ...told, expiresAt: expires_at, encoding: response_encoding, response })
}

function bytesOf(scope: Scope | undefined): Uint8Array {
  const bytes = typeof scope === 'string' ? fromBase64url(scope) : undefined
  return bytes ?? refuse('invalid_value', 'scope', 'base64url')
}
