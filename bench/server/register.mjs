// Registers a resource server and clients in a store, as `rs add` and `client import` do.
import { TokenKey } from 'ace-oauth/token'
import { hashNewSecret, newSecret, openStore } from 'ace-oauth-server'

export const audience = 'bench-rs'
const batch = 1_000

/**
 * Registers a resource server, and clients named client-0, client-1, ...
 *
 * @returns the secret that all clients have
 */
export async function register(location, clients) {
  const store = await openStore(location)
  const createdAt = Math.floor(Date.now() / 1_000)
  try {
    const [shared, signing] = await Promise.all([
      TokenKey.generate('AES-CCM-16-64-128', { kid: 'shared' }),
      TokenKey.generate('ES256', { kid: 'as' }),
    ])
    await store.keys.add(
      { kid: 'as', algorithm: 'ES256', jwk: signing.toPrivateJwk(), state: 'active', createdAt },
      'bench',
    )
    await store.resourceServers.add(
      {
        audience,
        format: 'cwt-encrypt0',
        algorithm: 'AES-CCM-16-64-128',
        key: shared.toPrivateJwk(),
        publicKey: null,
        scopes: ['read', 'write'],
        profiles: ['coap_dtls'],
        popKeys: [],
        tokenLifetime: 3_600,
        usesExi: false,
        maxTokenBytes: null,
        hasIssuer: true,
        hasAudience: true,
        introspectionClientId: audience,
        introspectionSecretHash: null,
        createdAt,
      },
      'bench',
    )
    const secret = newSecret()
    const secretHash = hashNewSecret(secret)
    const record = (n) => ({
      clientId: `client-${n}`,
      isEnabled: true,
      authentication: 'client_secret',
      secretHash,
      jwks: null,
      certificateSubject: null,
      channelIdentity: null,
      grantTypes: ['client_credentials'],
      audiences: [audience],
      scopes: ['read'],
      defaultAudience: audience,
      defaultScope: 'read',
      profiles: ['coap_dtls'],
      sessionPolicy: null,
      isAdministrator: false,
      createdAt,
    })
    for (let from = 0; from < clients; from += batch)
      await store.clients.import(
        Array.from({ length: Math.min(batch, clients - from) }, (_, i) => record(from + i)),
        'bench',
      )
    return secret
  } finally {
    await store.close()
  }
}

/** The headers of a request in CBOR of one client. */
export function headersOf(clientId, secret) {
  return {
    'content-type': 'application/ace+cbor',
    accept: 'application/ace+cbor',
    authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`,
  }
}
