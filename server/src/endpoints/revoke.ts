import type { RevocationRequest } from 'ace-oauth'
import { Failure } from 'ace-oauth/failure'
import { sha256 } from '../grant/sha256.ts'
import { type ClientRecord, clientActor, type Store } from '../store/contract.ts'

/**
 * Revokes a token of a client (RFC 7009), and with it its family: the refresh token and the access tokens that came of the same grant. One
 * that is not known is as good as revoked.
 *
 * @throws Failure `revoke_token_client_mismatch` for a token of another client
 */
export async function revokeToken(
  store: Store,
  { token }: RevocationRequest,
  client: ClientRecord,
  now: number,
): Promise<void> {
  const hash = sha256(token)
  const found = await store.tokens.findByHash(hash)
  if (found && found.clientId !== client.clientId)
    throw new Failure('revoke_token_client_mismatch', { details: { clientId: client.clientId } })
  if (!found) {
    // Of another client's refresh token nothing is told, and nothing happens to it.
    const refresh = await store.tokens.refreshState(hash, client.clientId, null, now)
    if (refresh.state === 'unknown') return
  }
  const actor = clientActor(client.clientId)
  if (found && found.familyId !== null) await store.tokens.revokeFamily(found.familyId, actor, now)
  else await store.tokens.revokeByHash(hash, actor, now)
}
