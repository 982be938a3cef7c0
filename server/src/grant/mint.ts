import { randomUUID } from 'node:crypto'
import { IntrospectionResponse } from 'ace-oauth'
import { Failure } from 'ace-oauth/failure'
import { exiIdentifier } from 'ace-oauth/resource-server'
import { createReference, issueCwt, issueJwt, TokenClaims, type TokenKey } from 'ace-oauth/token'
import type { ResourceServerRecord } from '../store/contract.ts'
import type { Minted, Permitted } from './context.ts'
import { newTokenId } from './token-id.ts'

/** Makes the token, in the form that its resource servers take. Nothing is written yet. */
export async function mint(permitted: Permitted): Promise<Minted> {
  const { resourceServers, services, now, lifetime, client } = permitted
  const server = resourceServers[0]!
  const tokenId = newTokenId()
  const claims = await claimsFor(permitted, server, tokenId)
  const token = await made(permitted, server, claims)
  const most = Math.min(
    ...resourceServers.map(({ maxTokenBytes }) => maxTokenBytes ?? Number.POSITIVE_INFINITY),
  )
  if (token.length > most)
    throw new Failure('token_too_large_for_audience', {
      details: { audience: server.audience, bytes: token.length, limit: most },
    })
  const isRefreshable = client.grantTypes.includes('refresh_token')
  return {
    ...permitted,
    token,
    tokenId,
    expiresAt: now + (server.usesExi ? services.settings.exiRetention : lifetime),
    introspection: introspectionOf(claims, client.clientId),
    refreshToken: isRefreshable ? createReference() : null,
    familyId: permitted.familyId ?? (isRefreshable ? randomUUID() : null),
  }
}

async function claimsFor(
  permitted: Permitted,
  server: ResourceServerRecord,
  tokenId: string,
): Promise<TokenClaims> {
  const {
    services,
    audiences,
    resourceServers,
    scope,
    cnf,
    profile,
    request,
    subject,
    now,
    lifetime,
    client,
  } = permitted
  const { issuer, store } = services
  const isJwt = server.format === 'jwt'
  // RFC 9068 section 2.2 wants both; a token for several says for whom.
  const hasIssuer = isJwt || resourceServers.some((each) => each.hasIssuer)
  const hasAudience = isJwt || audiences.length > 1 || server.hasAudience
  const cti = server.usesExi
    ? exiIdentifier(server.audience, await store.resourceServers.nextSequenceNumber(server.audience))
    : Uint8Array.from(Buffer.from(tokenId.replaceAll('-', ''), 'hex'))
  return new TokenClaims(
    {
      iss: hasIssuer ? issuer : undefined,
      sub: subject ?? (isJwt ? client.clientId : undefined),
      aud: hasAudience ? (audiences.length === 1 ? audiences[0] : [...audiences]) : undefined,
      ...(server.usesExi ? { exi: lifetime } : { exp: now + lifetime }),
      iat: server.usesExi ? undefined : now,
      cti,
      cnf,
      scope,
      ace_profile: profile as never,
      cnonce: request.cnonce,
    },
    isJwt ? [{ name: 'client_id', json: client.clientId }] : [],
  )
}

async function made(
  { services }: Permitted,
  server: ResourceServerRecord,
  claims: TokenClaims,
): Promise<Uint8Array> {
  const { keys } = services
  const { format, algorithm } = server
  // RFC 9770 section 3: else a token that was changed on its way would not be found in the revocation list.
  const form = { cwtTag: true, allHeadersProtected: true } as const
  const shared = (): Promise<TokenKey> => keys.shared(server)
  switch (format) {
    case 'cwt-encrypt0':
    case 'cwt-mac0':
      return issueCwt(claims, await shared(), { ...form, alg: algorithm as never })
    case 'cwt-sign1':
      return issueCwt(claims, keys.signing(algorithm), { ...form, alg: algorithm as never })
    case 'cwt-nested':
      return issueCwt(claims, keys.signing('ES256'), { ...form, alg: 'ES256', encryptWith: await shared() })
    case 'jwt':
      return new TextEncoder().encode(
        await issueJwt(claims, keys.signing(algorithm), { alg: algorithm as never }),
      )
    case 'reference':
      return createReference()
  }
}

/** What introspection tells of the token, without `active`. */
function introspectionOf(claims: TokenClaims, clientId: string): Readonly<Record<string, unknown>> {
  const { iss, sub, aud, exp, iat, cti, cnf, scope, ace_profile, cnonce, exi } = claims
  const { active, ...told } = new IntrospectionResponse({
    active: true,
    iss,
    sub,
    aud: aud as never,
    exp,
    iat,
    cti,
    cnf,
    scope,
    ace_profile: ace_profile as never,
    cnonce,
    exi,
    client_id: clientId,
  }).toJson()
  return told
}
