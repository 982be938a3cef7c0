/**
 * What an authorization server keeps, as operations that are named after what happens. Each is atomic: it happens whole or not at
 * all, whatever runs beside it in this process or another, and what was answered survives the loss of power.
 *
 * Times are whole seconds since 1970. Of client secrets, access tokens and refresh tokens there are hashes alone. Keys are stored as they
 * are: the private keys of the server, those that it shares with resource servers, and the proof-of-possession keys that introspection
 * has to tell. Whoever can read the store can use them.
 */
export interface Store {
  readonly clients: ClientStore
  readonly resourceServers: ResourceServerStore
  readonly keys: KeyStore
  readonly sessions: SessionStore
  readonly tokens: TokenStore
  readonly audit: AuditStore
  /** Whether the store answers. Throws where it does not. */
  ping(): Promise<void>
  /** The time by the clock of the database server, in seconds since 1970; of an embedded store, that of this machine. */
  clock(): Promise<number>
  /**
   * Removes what has expired, at most `limit` rows of each kind, so that nobody waits for it.
   *
   * @param limit from 1 to 10,000
   * @returns how many rows were removed or emptied: call again at once while it is not 0
   */
  sweep(now: number, limit: number): Promise<number>
  /** How many rows each table has, for metrics. It may be an estimate. */
  counts(): Promise<Readonly<Record<string, number>>>
  close(): Promise<void>
}

/** Who does something, for the audit trail: the identifier of a client, or for a command `cli:` with who called it and which it was. */
export type Actor = string

/** How a client proves who it is. */
export type ClientAuthenticationMethod =
  | 'client_secret'
  | 'private_key_jwt'
  | 'tls_client_auth'
  | 'self_signed_tls_client_auth'
  | 'channel'

/** A client as it is registered. */
export interface ClientRecord {
  readonly clientId: string
  readonly isEnabled: boolean
  readonly authentication: ClientAuthenticationMethod
  /** The hash of its secret, as text that names the kind of hash; null for a client without a secret. */
  readonly secretHash: string | null
  /** Its public keys, as a JWK Set, for private_key_jwt and for certificates that it signed itself. */
  readonly jwks: Readonly<Record<string, unknown>> | null
  /** What has to stand in its certificate (RFC 8705 section 2.1.2). */
  readonly certificateSubject: Readonly<Record<string, string>> | null
  /** The identity of its channel, such as a PSK identity or an OSCORE recipient ID. */
  readonly channelIdentity: string | null
  readonly grantTypes: readonly string[]
  /** The audiences that it may ask for. */
  readonly audiences: readonly string[]
  /** The scopes that it may have at any of its audiences. */
  readonly scopes: readonly string[]
  /** What it gets where it asks for no audience or no scope; null where it has to ask. */
  readonly defaultAudience: string | null
  readonly defaultScope: string | null
  /** The ACE profiles that it speaks. */
  readonly profiles: readonly string[]
  /** The sessions in which it gets tokens; null where it needs none. */
  readonly sessionPolicy: SessionPolicy | null
  /** Whether it may read the whole token revocation list (RFC 9770 section 10), and not only its own part. */
  readonly isAdministrator: boolean
  readonly createdAt: number
}

/** The bounds of sessions. */
export interface SessionBounds {
  /** How long a session lives, in seconds. */
  readonly lifetime: number
  /** How many tokens are issued in it; null for any number. */
  readonly budget: number | null
  /** How many tokens are issued in one minute; null for any number. */
  readonly perMinute: number | null
  /** The audiences and scopes of the session; null for all that the client may have. */
  readonly audiences: readonly string[] | null
  readonly scopes: readonly string[] | null
}

/** How sessions of a client come to be. */
export interface SessionPolicy {
  /** `operator`: somebody opens them. `implicit`: the first request of the client does. */
  readonly opens: 'operator' | 'implicit'
  /** How many may be open at once. */
  readonly maxOpen: number
  /** The bounds of those that a request opens. */
  readonly bounds: SessionBounds
}

export interface ClientStore {
  /** @returns false where a client has that identifier or channel identity, or a resource server introspects by that identifier */
  add(client: ClientRecord, actor: Actor): Promise<boolean>
  /** Adds those that `add` would. @returns the identifiers of the others */
  import(clients: readonly ClientRecord[], actor: Actor): Promise<string[]>
  find(clientId: string): Promise<ClientRecord | undefined>
  /** Those of some clients that there are, in any order. */
  findMany(clientIds: readonly string[]): Promise<ClientRecord[]>
  findByChannel(channelIdentity: string): Promise<ClientRecord | undefined>
  /** In the order of their identifiers, those behind `after`. */
  list(page: Page): Promise<ClientRecord[]>
  /**
   * Changes what is registered of a client, but not its identifier, its secret and when it was added.
   *
   * @param change gives the record as it is to be. It may be called again, so it does nothing else
   * @returns the client as it is now; undefined where there is none
   */
  change(
    clientId: string,
    change: (client: ClientRecord) => ClientRecord,
    actor: Actor,
    now: number,
  ): Promise<ClientRecord | undefined>
  /** Removes a client and its sessions; its tokens stay. @returns false where there is no such client */
  remove(clientId: string, actor: Actor, now: number): Promise<boolean>
  /** @returns false where there is no such client */
  setEnabled(clientId: string, isEnabled: boolean, actor: Actor, now: number): Promise<boolean>
  /** @returns false where there is no such client */
  setSecretHash(clientId: string, secretHash: string, actor: Actor, now: number): Promise<boolean>
  /** Whether there ever was a client or resource server with a secret that somebody chose: with a slow hash. */
  hasChosenSecrets(): Promise<boolean>
  /** A number that grows with each change of a client, a resource server or a key, so that caches of other processes know. */
  version(): Promise<number>
}

export interface Page {
  readonly after?: string
  readonly limit: number
}

/** How the tokens for a resource server are made. */
export const tokenFormats = [
  'cwt-encrypt0',
  'cwt-mac0',
  'cwt-sign1',
  'cwt-nested',
  'jwt',
  'reference',
] as const

/** One of the {@link tokenFormats}. */
export type TokenFormatName = (typeof tokenFormats)[number]

/** A resource server as it is registered. */
export interface ResourceServerRecord {
  readonly audience: string
  readonly format: TokenFormatName
  /** The algorithm that protects its tokens. */
  readonly algorithm: string
  /** The key that it shares with the authorization server, as a JWK; null where tokens are signed alone or are references. */
  readonly key: Readonly<Record<string, unknown>> | null
  /** The key that takes the place of `key` when it is rotated, once the resource server has it; null or absent where there is none. */
  readonly nextKey?: Readonly<Record<string, unknown>> | null | undefined
  /** Its public key, for rs_cnf, as a JWK. */
  readonly publicKey: Readonly<Record<string, unknown>> | null
  readonly scopes: readonly string[]
  readonly profiles: readonly string[]
  /** The key types and curves that it can process, such as `EC2:P-256`. */
  readonly popKeys: readonly string[]
  /** How long its tokens live, in seconds. */
  readonly tokenLifetime: number
  /** Whether its tokens carry exi in place of exp, for want of a clock. */
  readonly usesExi: boolean
  /** The most bytes that a token for it may have; null for any number. */
  readonly maxTokenBytes: number | null
  /** Whether its tokens carry iss and aud. */
  readonly hasIssuer: boolean
  readonly hasAudience: boolean
  /** What it authenticates with at introspection: the identifier and the hash of the secret of its client. */
  readonly introspectionClientId: string
  readonly introspectionSecretHash: string | null
  readonly createdAt: number
}

/** What is done to a resource server that is registered, as the audit trail calls it. */
export type ResourceServerAction =
  | 'resource_server_changed'
  | 'resource_server_key_generated'
  | 'resource_server_key_rotated'
  | 'resource_server_secret_rotated'

export interface ResourceServerStore {
  /** @returns false where there is one of that audience, or a client or another one has the identifier that it introspects by */
  add(server: ResourceServerRecord, actor: Actor): Promise<boolean>
  /** Adds those that `add` would. @returns the audiences of the others */
  import(servers: readonly ResourceServerRecord[], actor: Actor): Promise<string[]>
  find(audience: string): Promise<ResourceServerRecord | undefined>
  /** Those of some resource servers that there are, in any order. */
  findMany(audiences: readonly string[]): Promise<ResourceServerRecord[]>
  /**
   * Changes what is registered of a resource server, its keys and its secret included, but not its audience and when it was added.
   *
   * @param change gives the record as it is to be. It may be called again, so it does nothing else
   * @param action what the audit trail calls it
   * @returns the resource server as it is now; undefined where there is none
   */
  change(
    audience: string,
    change: (server: ResourceServerRecord) => ResourceServerRecord,
    action: ResourceServerAction,
    actor: Actor,
    now: number,
  ): Promise<ResourceServerRecord | undefined>
  /**
   * Removes a resource server; tokens for it stay. One that is added with the same audience goes on with its sequence numbers.
   *
   * @returns false where there is no such resource server
   */
  remove(audience: string, actor: Actor, now: number): Promise<boolean>
  findByIntrospectionClient(clientId: string): Promise<ResourceServerRecord | undefined>
  list(page: Page): Promise<ResourceServerRecord[]>
  /**
   * The next sequence number of the audience, from 1 on: none is given twice, whatever crashes (RFC 9200 section 5.10.3).
   *
   * @throws RangeError for an audience that is not registered
   */
  nextSequenceNumber(audience: string): Promise<number>
  /** The next identifier of OSCORE input material, from 0 on: none is given twice (RFC 9203 section 3.2.1). */
  nextOscoreId(): Promise<number>
}

/** A key of the authorization server itself. */
export interface KeyRecord {
  readonly kid: string
  readonly algorithm: string
  /** The private key as a JWK; the public one once it has retired. */
  readonly jwk: Readonly<Record<string, unknown>>
  /** `next` is published and will sign, `active` signs, `retired` is published for those who verify. */
  readonly state: 'next' | 'active' | 'retired'
  readonly createdAt: number
  readonly retiredAt: number | null
  /** When the last token that a retired key signed ends, as far as is known: then the key is swept. */
  readonly verifiesUntil: number | null
}

/** A key that is added: one that signs from now on, or one that will. */
export type NewKey = Pick<KeyRecord, 'kid' | 'algorithm' | 'jwk' | 'createdAt'> & {
  readonly state: 'next' | 'active'
}

export interface KeyStore {
  /**
   * Adds a key. One that is active signs from now on: that of the same algorithm before it retires.
   *
   * @returns false where there is one of that kid
   */
  add(key: NewKey, actor: Actor): Promise<boolean>
  /** Lets a key sign that was next: that of the same algorithm before it retires. @returns false where no such key is next */
  activate(kid: string, actor: Actor, now: number): Promise<boolean>
  /** Removes a key that does not sign. @returns false where there is none such */
  remove(kid: string, actor: Actor, now: number): Promise<boolean>
  /** In the order in which they were added. */
  list(): Promise<KeyRecord[]>
}

/** A session as it stands. */
export interface SessionRecord extends SessionBounds {
  readonly sessionId: string
  readonly clientId: string
  readonly openedAt: number
  readonly expiresAt: number
  readonly closedAt: number | null
  readonly used: number
}

/** Why a session gives no token. */
export type SessionRefusal =
  | { readonly refused: 'session_not_found' }
  | { readonly refused: 'session_expired'; readonly expiredAt: number }
  | { readonly refused: 'session_already_closed'; readonly closedAt: number }
  | { readonly refused: 'session_budget_exceeded'; readonly limit: number; readonly used: number }
  | {
      readonly refused: 'session_rate_limited'
      readonly limit: number
      readonly used: number
      readonly retryAfter: number
    }

export interface SessionStore {
  /**
   * Opens a session, unless as many as may be are open.
   *
   * @param maxOpen how many sessions of the client may be open at once
   */
  open(
    session: SessionRecord,
    maxOpen: number,
    actor: Actor,
  ): Promise<'opened' | { readonly limit: number; readonly used: number }>
  /** The session that a client's next token comes from: the open one that expires first; else the one that ended last. */
  current(clientId: string, now: number): Promise<SessionRecord | undefined>
  find(sessionId: string): Promise<SessionRecord | undefined>
  list(query: { readonly clientId?: string; readonly isOpenAt?: number } & Page): Promise<SessionRecord[]>
  /** How many sessions are neither closed nor expired. */
  countOpen(now: number): Promise<number>
  /** @returns the session before it was closed; undefined where there is none */
  close(sessionId: string, actor: Actor, now: number): Promise<SessionRecord | undefined>
}

/** What is known of a token that was issued. */
export interface TokenRecord {
  /** What operators call it. */
  readonly id: string
  /** The SHA-256 of the token as it was issued. */
  readonly hash: Uint8Array
  /** The hash by which a token revocation list names it (RFC 9770 section 4). */
  readonly listHash: Uint8Array
  readonly clientId: string
  readonly audiences: readonly string[]
  readonly scope: string | Uint8Array | null
  /** What introspection tells, as the JSON twin of its response without `active`. */
  readonly introspection: Readonly<Record<string, unknown>>
  readonly familyId: string | null
  readonly sessionId: string | null
  /** The thumbprint of the public key that it is bound to (RFC 9679), and the identifier by which the client names its key. */
  readonly keyThumbprint: Uint8Array | null
  readonly keyId: Uint8Array | null
  /** The key itself, also where the token only names it. */
  readonly cnf: Readonly<Record<string, unknown>> | null
  readonly issuedAt: number
  /** When it ends; of a token with exi, whose end the server cannot know, when it is forgotten. */
  readonly expiresAt: number
  readonly revokedAt: number | null
}

/** A refresh token that goes with an access token. */
export interface RefreshRecord {
  /** The SHA-256 of the refresh token. */
  readonly hash: Uint8Array
  readonly familyId: string
  readonly clientId: string
  readonly channelIdentity: string | null
  readonly audiences: readonly string[]
  readonly scope: string | Uint8Array | null
  /** What the tokens of the family are bound to. */
  readonly cnf: Readonly<Record<string, unknown>> | null
  readonly profile: string | null
  /** Who granted it; null where the client acts for itself. */
  readonly subject: string | null
  readonly sessionId: string | null
  readonly issuedAt: number
  readonly expiresAt: number
}

/** What a refresh token is good for at the moment. */
export type RefreshState =
  | { readonly state: 'unknown' }
  | { readonly state: 'expired'; readonly record: RefreshRecord }
  | { readonly state: 'revoked'; readonly record: RefreshRecord }
  | { readonly state: 'active'; readonly record: RefreshRecord }
  /** It was used last by the same client over the same channel, not long ago: the answer, sealed with a key that it holds. */
  | { readonly state: 'repeated'; readonly record: RefreshRecord; readonly sealedAnswer: Uint8Array }
  /** Somebody uses it again: its family is to be revoked. */
  | { readonly state: 'reused'; readonly record: RefreshRecord }

/** All that is written when a token is issued. */
export interface Issue {
  readonly token: TokenRecord
  /** The session whose budget it is taken from. */
  readonly sessionId: string | null
  /** The refresh token that comes with it. */
  readonly refresh: RefreshRecord | null
  /** The refresh token that was presented for it, and the answer to keep for who lost it. */
  readonly rotates: {
    readonly hash: Uint8Array
    readonly channelIdentity: string | null
    readonly sealedAnswer: Uint8Array
    /** For how many seconds the same answer is given again. */
    readonly window: number
  } | null
}

/** What came of an {@link Issue}: nothing was written unless it says `issued`. */
export type IssueOutcome =
  | { readonly outcome: 'issued' }
  | { readonly outcome: 'refused'; readonly refusal: SessionRefusal }
  /** Another request rotated the refresh token first. */
  | { readonly outcome: 'rotated'; readonly refresh: RefreshState }

/** A change of the part of a token revocation list that pertains to a requester (RFC 9770 section 6.2). */
export interface RevocationUpdate {
  /** The `index` of RFC 9770 section 6.2.1: from 0 on, without a gap. */
  readonly index: number
  readonly listHash: Uint8Array
  /** Whether the token came into the list; else it expired and left it. */
  readonly isAdded: boolean
}

/** How many updates are kept for each requester: MAX_N of RFC 9770 section 6.2. */
export const keptRevocationUpdates = 1_000

/** Whose part of a token revocation list: that of a resource server, of a client, or all. */
export type RevocationView = { readonly audience: string } | { readonly clientId: string } | 'all'

/** Which families of refresh tokens, and after which refresh token of the page before. */
export interface FamilyQuery {
  readonly clientId?: string
  readonly audience?: string
  readonly after?: Uint8Array | undefined
  /** How many refresh tokens are looked at. */
  readonly limit: number
}

/** Some families of refresh tokens. */
export interface FamilyPage {
  /** One may be named several times, also on several pages. */
  readonly familyIds: readonly string[]
  /** Where the next page begins; undefined where this is the last. */
  readonly next: Uint8Array | undefined
}

export interface TokenStore {
  /** Writes a token with all that goes with it, and takes it from the budget of its session. */
  issue(issue: Issue, now: number): Promise<IssueOutcome>
  /** What a refresh token is good for. Nothing changes. */
  refreshState(
    hash: Uint8Array,
    clientId: string,
    channelIdentity: string | null,
    now: number,
  ): Promise<RefreshState>
  find(id: string): Promise<TokenRecord | undefined>
  findByHash(hash: Uint8Array): Promise<TokenRecord | undefined>
  /**
   * The last live token of a client that is bound to a key with an identifier.
   *
   * @param audiences those that the token is for, all of them; absent for any
   */
  findKey(
    clientId: string,
    keyId: Uint8Array,
    now: number,
    audiences?: readonly string[],
  ): Promise<TokenRecord | undefined>
  /** Whether a live token of another client is bound to the key with a thumbprint. */
  isKeyOfAnother(thumbprint: Uint8Array, clientId: string, now: number): Promise<boolean>
  list(
    query: { readonly clientId?: string; readonly audience?: string; readonly isLiveAt?: number } & Page,
  ): Promise<TokenRecord[]>
  /** Revokes a token, or a refresh token with its family. @returns how many tokens were live, and undefined for an unknown one */
  revokeByHash(hash: Uint8Array, actor: Actor, now: number): Promise<number | undefined>
  revokeById(id: string, actor: Actor, now: number): Promise<number | undefined>
  revokeFamily(familyId: string, actor: Actor, now: number): Promise<number>
  /** A page of the families that have a refresh token which is neither expired nor revoked, of a client or for an audience. */
  families(query: FamilyQuery, now: number): Promise<FamilyPage>
  /** The tokens that were revoked and have not expired. */
  revoked(view: RevocationView, now: number): Promise<Uint8Array[]>
  /** The last updates, oldest first, as many as are kept: at most `limit` of those from `from` on. */
  revocationUpdates(view: RevocationView, from: number, limit: number): Promise<RevocationUpdate[]>
  /** The index of the last update; undefined where there was none. */
  lastRevocationIndex(view: RevocationView): Promise<number | undefined>
  /**
   * Remembers the identifier of a client assertion until it expires.
   *
   * @returns false where it was remembered already: somebody replays it
   */
  rememberAssertion(issuer: string, jti: string, expiresAt: number): Promise<boolean>
}

/** One line of the audit trail. */
export interface AuditEntry {
  readonly id: number
  readonly at: number
  readonly actor: Actor
  readonly action: string
  readonly subject: string
  readonly details: Readonly<Record<string, unknown>>
}

/** Which lines of the audit trail. */
export interface AuditQuery {
  /** Those behind, and those before the line of an id. */
  readonly after?: number | undefined
  readonly before?: number | undefined
  /** Whom or what they are about: a client, an audience, a kid. */
  readonly subject?: string | undefined
  /** What the actor begins with. */
  readonly actor?: string | undefined
  readonly action?: string | undefined
  /** From this time on, and before that one. */
  readonly since?: number | undefined
  readonly until?: number | undefined
  /** Whether the newest come first. Default: the oldest. */
  readonly isNewestFirst?: boolean | undefined
  readonly limit: number
}

export interface AuditStore {
  list(query: AuditQuery): Promise<AuditEntry[]>
}
