import { AccessTokenResponse } from 'ace-oauth'
import { Failure } from 'ace-oauth/failure'
import type { RefreshState } from '../store/contract.ts'
import type { Answered, Granted, Started } from './context.ts'
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
    const state = await services.store.tokens.refreshState(hash, client.clientId, channelOf(started), now)
    return refreshed(started, state, token, hash)
  },
}

/** The channel identity that a refresh token is bound to; null where the channel authenticates nobody. */
export function channelOf({ client, exchange }: Pick<Started, 'client' | 'exchange'>): string | null {
  return exchange.authMethod === 'channel' ? (client.channelIdentity ?? client.clientId) : null
}

/** What comes of a refresh token in this state. */
export async function refreshed(
  started: Started,
  state: RefreshState,
  token: Uint8Array,
  hash: Uint8Array,
): Promise<Granted | Answered> {
  const { services, client, now } = started
  const details = { clientId: client.clientId }
  switch (state.state) {
    case 'active':
      return { ...started, earlier: state.record, presented: { hash, token } }
    case 'repeated':
      return { answer: AccessTokenResponse.fromCbor(openAnswer(state.sealedAnswer, token)) }
    case 'reused':
      await services.store.tokens.revokeFamily(state.record.familyId, client.clientId, now)
      throw new Failure('token_grant_used', { details: { ...details, familyId: state.record.familyId } })
    case 'revoked':
      throw new Failure('token_grant_revoked', { details })
    case 'expired':
      throw new Failure('token_grant_expired', { details: { ...details, expiredAt: state.record.expiresAt } })
    case 'unknown':
      throw new Failure('token_grant_invalid', { details })
  }
}
