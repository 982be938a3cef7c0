import type {
  Actor,
  AuditEntry,
  ClientRecord,
  Issue,
  IssueOutcome,
  KeyRecord,
  NewKey,
  RefreshState,
  ResourceServerAction,
  ResourceServerRecord,
  RevocationUpdate,
  RevocationView,
  SessionRecord,
  TokenRecord,
} from './records.ts'

export * from './records.ts'

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
  /**
   * The session that a client's next token comes from: the open one that expires first; else the one that ended last.
   *
   * @param left sessions that are not looked at. Default: none
   */
  current(clientId: string, now: number, left?: readonly string[]): Promise<SessionRecord | undefined>
  find(sessionId: string): Promise<SessionRecord | undefined>
  list(query: { readonly clientId?: string; readonly isOpenAt?: number } & Page): Promise<SessionRecord[]>
  /** How many sessions are neither closed nor expired. */
  countOpen(now: number): Promise<number>
  /** @returns the session before it was closed; undefined where there is none */
  close(sessionId: string, actor: Actor, now: number): Promise<SessionRecord | undefined>
}

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
