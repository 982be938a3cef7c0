import { AccessTokenResponse } from 'ace-oauth'
import { Failure } from 'ace-oauth/failure'
import { clientActor, type RefreshState } from '../store/contract.ts'
import { channelIdentityOf } from './channel-identity.ts'
import type { GrantOutcome, Started } from './context.ts'
import type { Grant } from './grant.ts'
import { openAnswer } from './sealed-answer.ts'
import { sha256 } from './sha256.ts'

/**
 * The next token for who has a refresh token (RFC 6749 section 6). Each is good for one refresh; who repeats the last one because the
 * answer was lost gets the very same answer, and who comes with an older one has it stolen: then the family ends.
 */
export const refreshToken: Grant = {
  name: 'refresh_token',
  parameters: ['refresh_token'],
  async run(started) {
    const { services, request, client, now } = started
    const { refresh_token: token } = request
    if (token === undefined) throw new Failure('token_parameter_missing')
    const hash = sha256(token)
    const channel = channelIdentityOf(started.exchange.peer)
    const state = await services.store.tokens.refreshState(hash, client.clientId, channel, now)
    return refreshed(started, state, token, hash)
  },
}

/** What comes of a refresh token in this state. */
export async function refreshed(
  started: Started,
  state: RefreshState,
  token: Uint8Array,
  hash: Uint8Array,
): Promise<GrantOutcome> {
  const { services, client, now } = started
  const details = { clientId: client.clientId }
  switch (state.state) {
    case 'active':
      return {
        bounds: state.record,
        subject: state.record.subject,
        familyId: state.record.familyId,
        presented: { hash, token },
      }
    case 'repeated':
      return { answer: AccessTokenResponse.fromCbor(openAnswer(state.sealedAnswer, token)) }
    case 'reused':
      await services.store.tokens.revokeFamily(state.record.familyId, clientActor(client.clientId), now)
      throw new Failure('token_grant_used', { details: { ...details, familyId: state.record.familyId } })
    case 'revoked':
      throw new Failure('token_grant_revoked', { details })
    case 'expired':
      throw new Failure('token_grant_expired', { details: { ...details, expiredAt: state.record.expiresAt } })
    case 'unknown':
      throw new Failure('token_grant_invalid', { details })
  }
}
