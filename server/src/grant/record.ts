import { AccessTokenResponse, type Confirmation } from 'ace-oauth'
import { Failure } from 'ace-oauth/failure'
import { TokenKey, tokenHash } from 'ace-oauth/token'
import type { IssueOutcome, RefreshRecord } from '../store/contract.ts'
import { channelIdentityOf } from './channel-identity.ts'
import { confirmationToJson, serverConfirmation } from './choose-key.ts'
import type { Minted } from './context.ts'
import { failureOf } from './hold-to-session.ts'
import { refreshed } from './refresh-token.ts'
import { sealAnswer } from './sealed-answer.ts'
import { sha256 } from './sha256.ts'

/**
 * Writes the token, the refresh token and what was spent, all or nothing, and then answers. Only what was written durably is given
 * out.
 */
export async function record(minted: Minted): Promise<AccessTokenResponse> {
  const { services, now, session, presented, redeem, familyId, token, client, exchange } = minted
  const answer = await answerOf(minted)
  const listHash = await tokenHash(token, exchange.encoding)
  // Whoever waits no longer gets nothing: nothing is spent for them.
  if (exchange.signal.aborted) throw new Failure('token_unavailable')
  await redeem?.()
  const outcome = await services.store.tokens.issue(
    {
      token: {
        id: minted.tokenId,
        hash: sha256(token),
        listHash,
        clientId: client.clientId,
        audiences: minted.audiences,
        scope: minted.scope,
        introspection: minted.introspection,
        familyId,
        sessionId: session?.sessionId ?? null,
        keyThumbprint: minted.keyThumbprint,
        keyId: minted.keyId,
        cnf: confirmationToJson(minted.key),
        issuedAt: now,
        expiresAt: minted.expiresAt,
        revokedAt: null,
      },
      sessionId: session?.sessionId ?? null,
      refresh: minted.refreshToken && refreshRecord(minted, minted.refreshToken),
      rotates: presented && {
        hash: presented.hash,
        channelIdentity: channelIdentityOf(exchange.peer),
        sealedAnswer: sealAnswer(answer.toCbor(), presented.token),
        window: services.settings.refreshRepeatWindow,
      },
    },
    now,
  )
  return answered(minted, outcome, answer)
}

async function answered(
  minted: Minted,
  outcome: IssueOutcome,
  answer: AccessTokenResponse,
): Promise<AccessTokenResponse> {
  const { presented, session } = minted
  if (outcome.outcome === 'issued') return answer
  if (outcome.outcome === 'refused') throw failureOf(outcome.refusal, session?.sessionId ?? '')
  // Another request with the same refresh token was first: its answer is given here too, or the family ends.
  const result = await refreshed(minted, outcome.refresh, presented!.token, presented!.hash)
  if ('answer' in result) return result.answer
  throw new Failure('token_internal_error', { details: { refresh: outcome.refresh.state } })
}

function refreshRecord(minted: Minted, refreshToken: Uint8Array): RefreshRecord {
  const { services, client, exchange, audiences, scope, key, profile, subject, now, session, familyId } =
    minted
  // RFC 6749 section 6: what was granted first stays, however narrow this token is.
  const before = minted.presented ? minted.bounds : null
  return {
    hash: sha256(refreshToken),
    familyId: familyId!,
    clientId: client.clientId,
    channelIdentity: channelIdentityOf(exchange.peer),
    audiences,
    scope: before ? before.scope : scope,
    cnf: before?.cnf ?? confirmationToJson(key),
    profile: before?.profile ?? profile,
    subject,
    sessionId: session?.sessionId ?? null,
    issuedAt: now,
    expiresAt: now + services.settings.refreshLifetime,
  }
}

async function answerOf(minted: Minted): Promise<AccessTokenResponse> {
  const { token, lifetime, told, scope, isNarrowed, presented, profile, refreshToken, client } = minted
  const publicKey = serverConfirmation(minted)
  const rs_cnf: Confirmation | undefined = publicKey
    ? { COSE_Key: (await TokenKey.fromJwk(publicKey)).publicKey().toCose() }
    : undefined
  // RFC 9200 section 5.8.4.3: told where it was asked for, or where the client could not know it.
  const tellsProfile = minted.request.ace_profile !== undefined || client.profiles.length > 1
  return new AccessTokenResponse({
    access_token: token,
    token_type: 'PoP',
    expires_in: lifetime,
    cnf: told,
    rs_cnf,
    // What a refresh gives may be told again to a request that asked for something else.
    scope: isNarrowed || presented ? scope : undefined,
    ace_profile: tellsProfile ? (profile as never) : undefined,
    refresh_token: refreshToken ?? undefined,
  })
}
