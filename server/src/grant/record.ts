import { AccessTokenResponse, type Confirmation } from 'ace-oauth'
import { Failure } from 'ace-oauth/failure'
import { TokenKey, tokenHash } from 'ace-oauth/token'
import type { IssueOutcome, RefreshRecord } from '../store/contract.ts'
import { confirmationToJson, serverConfirmation } from './choose-key.ts'
import type { Minted } from './context.ts'
import { failureOf } from './hold-to-session.ts'
import { channelOf, refreshed } from './refresh-token.ts'
import { sealAnswer } from './sealed-answer.ts'
import { sha256 } from './sha256.ts'

/**
 * Writes the token, the refresh token and what was spent, all or nothing, and then answers. Only what was written durably is given
 * out.
 */
export async function record(minted: Minted): Promise<AccessTokenResponse> {
  const { services, now, session, presented, familyId, token, client, exchange } = minted
  const answer = await answerOf(minted)
  const outcome = await services.store.tokens.issue(
    {
      token: {
        id: minted.tokenId,
        hash: sha256(token),
        listHash: await tokenHash(token, exchange.encoding),
        clientId: client.clientId,
        audiences: minted.audiences,
        scope: minted.scope,
        introspection: minted.introspection,
        familyId,
        sessionId: session?.sessionId ?? null,
        keyThumbprint: minted.keyThumbprint,
        keyId: minted.keyId,
        cnf: confirmationToJson(minted.cnf),
        issuedAt: now,
        expiresAt: minted.expiresAt,
        revokedAt: null,
      },
      sessionId: session?.sessionId ?? null,
      refresh: minted.refreshToken && refreshRecord(minted, minted.refreshToken),
      rotates: presented && {
        hash: presented.hash,
        channelIdentity: channelOf(minted),
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
  const { services, client, audiences, scope, cnf, profile, now, earlier, session, familyId } = minted
  return {
    hash: sha256(refreshToken),
    familyId: familyId!,
    clientId: client.clientId,
    channelIdentity: channelOf(minted),
    audiences,
    // RFC 6749 section 6: the scope of the grant stays, however narrow this token is.
    scope: earlier ? earlier.scope : scope,
    cnf: earlier ? earlier.cnf : confirmationToJson(cnf),
    profile: earlier ? earlier.profile : profile,
    sessionId: session?.sessionId ?? null,
    issuedAt: now,
    expiresAt: now + services.settings.refreshLifetime,
  }
}

async function answerOf(minted: Minted): Promise<AccessTokenResponse> {
  const { token, lifetime, resourceServers, told, scope, isNarrowed, profile, refreshToken, client } = minted
  const server = resourceServers[0]!
  const publicKey = serverConfirmation(minted)
  const rs_cnf: Confirmation | undefined = publicKey
    ? { COSE_Key: (await TokenKey.fromJwk(publicKey)).publicKey().toCose() }
    : undefined
  // RFC 9200 section 5.8.4.3: told where it was asked for, or where the client could not know it.
  const tellsProfile = minted.request.ace_profile !== undefined || client.profiles.length > 1
  return new AccessTokenResponse({
    access_token: token,
    token_type: 'PoP',
    expires_in: server.usesExi ? undefined : lifetime,
    cnf: told,
    rs_cnf,
    scope: isNarrowed ? scope : undefined,
    ace_profile: tellsProfile ? (profile as never) : undefined,
    refresh_token: refreshToken ?? undefined,
  })
}
