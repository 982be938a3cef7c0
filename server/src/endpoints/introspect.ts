import { type IntrospectionRequest, IntrospectionResponse } from 'ace-oauth'
import { Failure } from 'ace-oauth/failure'
import { isAhead } from '../clock.ts'
import { sha256 } from '../grant/sha256.ts'
import type { ResourceServerRecord, Store, TokenRecord } from '../store/contract.ts'

/**
 * What a resource server is told of a token (RFC 9200 section 5.9). Of a token that is unknown, expired, revoked or for somebody else it
 * is told that it is not active, and nothing else.
 *
 * @returns undefined for a token that is not active
 * @throws Failure `introspect_not_permitted` for who is no resource server: 4.03 without payload (section 5.9.3)
 */
export async function introspectToken(
  store: Store,
  { token }: IntrospectionRequest,
  asking: ResourceServerRecord | undefined,
  now: number,
): Promise<IntrospectionResponse | undefined> {
  if (!asking) throw new Failure('introspect_not_permitted')
  const found = await store.tokens.findByHash(sha256(token))
  if (!found || !isLive(found, now) || !found.audiences.includes(asking.audience)) return undefined
  return IntrospectionResponse.fromJson({ active: true, ...found.introspection })
}

/** Whether a token is good now. One that was issued in the future, by a clock that was wrong, would be good for too long. */
export function isLive({ revokedAt, issuedAt, expiresAt }: TokenRecord, now: number): boolean {
  return revokedAt === null && now < expiresAt && !isAhead(issuedAt, now)
}
