import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AccessTokenRequest,
  type AccessTokenRequestMembers,
  AccessTokenResponse,
  ErrorResponse,
  IntrospectionRequest,
  IntrospectionResponse,
  RevocationRequest,
} from 'ace-oauth'
import type { EndpointResponse, Peer } from 'ace-oauth/endpoint'
import { TokenKey } from 'ace-oauth/token'
import {
  type AuthorizationServer,
  type AuthorizationServerOptions,
  type ClientRecord,
  createAuthorizationServer,
  hashNewSecret,
  newSecret,
  openStore,
  type ResourceServerRecord,
  type ServerAnswer,
  type Store,
} from '../../src/index.ts'

export const issuer = 'https://as.example.com'

/** The secret of all clients and resource servers of the tests. */
export const secret: string = newSecret()

/** The keys that the authorization server shares with its resource servers. */
export const shared: TokenKey = await TokenKey.generate('AES-CCM-16-64-128', { kid: 'shared' })
export const macKey: TokenKey = await TokenKey.generate('HMAC 256/256', { kid: 'mac' })
/** The key that the authorization server signs with. */
export const signing: TokenKey = await TokenKey.generate('ES256', { kid: 'as' })
/** The key of a resource server, which clients know it by. */
export const rsKey: TokenKey = await TokenKey.generate('ES256', { kid: 'rs' })
/** A key of a client. */
export const clientKey: TokenKey = await TokenKey.generate('ES256', { kid: 'client-key' })

const base: Omit<ResourceServerRecord, 'audience' | 'introspectionClientId'> = {
  format: 'cwt-encrypt0',
  algorithm: 'AES-CCM-16-64-128',
  key: shared.toPrivateJwk(),
  publicKey: rsKey.toJwk(),
  scopes: ['read', 'write', 'aif:/s/temp 3'],
  profiles: ['coap_dtls'],
  popKeys: ['EC2:P-256'],
  tokenLifetime: 3600,
  usesExi: false,
  maxTokenBytes: null,
  hasIssuer: true,
  hasAudience: true,
  introspectionSecretHash: hashNewSecret(secret),
  createdAt: 0,
}

const signed = { format: 'cwt-sign1', algorithm: 'ES256', key: null } as const

/** The resource servers of the tests, each with what it has besides. */
const resourceServers: Readonly<Record<string, Partial<ResourceServerRecord>>> = {
  rs1: {},
  signed1: signed,
  signed2: signed,
  mac: { format: 'cwt-mac0', algorithm: 'HMAC 256/256', key: macKey.toPrivateJwk() },
  nested: { format: 'cwt-nested' },
  jwt: { format: 'jwt', algorithm: 'ES256', key: null },
  reference: { format: 'reference', key: null },
  exi: { usesExi: true },
  small: { maxTokenBytes: 40 },
  bare: { hasIssuer: false, hasAudience: false },
  oscore: { profiles: ['coap_oscore'] },
  mqtt: { profiles: ['mqtt_tls'] },
}

const baseClient: Omit<ClientRecord, 'clientId'> = {
  isEnabled: true,
  authentication: 'client_secret',
  secretHash: hashNewSecret(secret),
  jwks: null,
  certificateSubject: null,
  channelIdentity: null,
  grantTypes: ['client_credentials', 'refresh_token'],
  audiences: [...Object.keys(resourceServers), 'gone'],
  scopes: ['read', 'write', 'aif:/s/temp 1'],
  defaultAudience: null,
  defaultScope: null,
  profiles: ['coap_dtls', 'coap_oscore'],
  sessionPolicy: null,
  isAdministrator: false,
  createdAt: 0,
}

/** An authorization server for tests, on a store in a temporary folder. */
export interface Fixture {
  readonly server: AuthorizationServer
  readonly store: Store
  /** Where the store is, for a second process. */
  readonly location: string
  /** What it tells logs. */
  readonly answers: ServerAnswer[]
  /** The time in seconds since 1970; tests move it. */
  readonly clock: { now: number }
  addClient(clientId: string, more?: Partial<ClientRecord>): Promise<void>
  addResourceServer(audience: string, more?: Partial<ResourceServerRecord>): Promise<void>
  /** A token request of a client in CBOR. */
  request(clientId: string, members: AccessTokenRequestMembers, peer?: Peer): Promise<EndpointResponse>
  /** A token that is to be issued. */
  token(clientId: string, members: AccessTokenRequestMembers): Promise<AccessTokenResponse>
  /** The code of the failure of a request that is to be refused, and the error that the client is told. */
  refusal(
    clientId: string,
    members: AccessTokenRequestMembers,
    peer?: Peer,
  ): Promise<readonly [string, unknown]>
  introspect(audience: string, token: Uint8Array): Promise<IntrospectionResponse>
  revoke(clientId: string, token: Uint8Array): Promise<EndpointResponse>
  close(): Promise<void>
}

/** Registers the clients c1 and c2, the resource servers and the key of the tests. */
export async function register(store: Store): Promise<Pick<Fixture, 'addClient' | 'addResourceServer'>> {
  await store.keys.add(
    { kid: 'as', algorithm: 'ES256', jwk: signing.toPrivateJwk(), state: 'active', createdAt: 0 },
    'test',
  )
  const addResourceServer: Fixture['addResourceServer'] = async (audience, own) => {
    await store.resourceServers.add(
      { ...base, audience, introspectionClientId: `${audience}-introspection`, ...own },
      'test',
    )
  }
  for (const [audience, own] of Object.entries(resourceServers)) await addResourceServer(audience, own)
  const addClient: Fixture['addClient'] = async (clientId, own) => {
    await store.clients.add({ ...baseClient, clientId, ...own }, 'test')
  }
  await addClient('c1')
  await addClient('c2')
  return { addClient, addResourceServer }
}

/** @param elsewhere where the store is, in place of a new SQLite file */
export async function openFixture(
  more: Partial<AuthorizationServerOptions> = {},
  elsewhere?: string,
): Promise<Fixture> {
  const folder = await mkdtemp(join(tmpdir(), 'ace-oauth-as-'))
  const location = elsewhere ?? join(folder, 'as.sqlite')
  const store = await openStore(location)
  const clock = { now: Math.floor(Date.now() / 1_000) }
  const answers: ServerAnswer[] = []
  const { addClient, addResourceServer } = await register(store)
  const server = await createAuthorizationServer({
    issuer,
    store,
    now: () => clock.now,
    registrationsMaxAgeMs: 0,
    onAnswer: (answer) => answers.push(answer),
    ...more,
  })
  const request: Fixture['request'] = (clientId, members, peer) => {
    const credentials = peer ? {} : { client_id: clientId, client_secret: secret }
    const payload = new AccessTokenRequest({ ...credentials, ...members }).toCbor()
    return server.token({ method: 'POST', payload, ...(peer && { peer }) })
  }
  return {
    server,
    store,
    location,
    answers,
    clock,
    addClient,
    addResourceServer,
    request,
    async token(clientId, members) {
      const { code, payload, failure } = await request(clientId, members)
      if (code !== '2.01') throw new Error(`${code} ${failure?.code}`, { cause: failure })
      return AccessTokenResponse.fromCbor(payload)
    },
    async refusal(clientId, members, peer) {
      const { failure, payload } = await request(clientId, members, peer)
      if (!failure) throw new Error('the request was not refused')
      return [failure.code, payload.length > 0 ? ErrorResponse.fromCbor(payload).error.name : undefined]
    },
    async introspect(audience, token) {
      const payload = new IntrospectionRequest({ token }).toCbor()
      const { payload: answer } = await server.introspection({
        method: 'POST',
        mediaType: 'application/ace+cbor',
        accept: 'application/ace+cbor',
        payload,
        headers: new Headers({ authorization: basic(`${audience}-introspection`) }),
      })
      return IntrospectionResponse.fromCbor(answer)
    },
    revoke: (clientId, token) =>
      server.revocation({
        method: 'POST',
        mediaType: 'application/ace+cbor',
        payload: new RevocationRequest({ token }).toCbor(),
        headers: new Headers({ authorization: basic(clientId) }),
      }),
    async close() {
      await store.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A token request of a client over HTTP, in a form. */
export function askByForm(
  as: Fixture,
  clientId: string,
  parameters: Readonly<Record<string, string | readonly string[]>>,
  accept = 'application/json',
): Promise<EndpointResponse> {
  const form = new URLSearchParams()
  for (const [name, values] of Object.entries(parameters))
    for (const value of [values].flat()) form.append(name, value)
  return as.server.token({
    method: 'POST',
    mediaType: 'application/x-www-form-urlencoded',
    accept,
    payload: new TextEncoder().encode(form.toString()),
    headers: new Headers({ authorization: basic(clientId) }),
  })
}

/** The Authorization header of a client or resource server. */
export const basic = (clientId: string, given: string = secret): string =>
  `Basic ${btoa(`${encodeURIComponent(clientId)}:${encodeURIComponent(given)}`)}`
