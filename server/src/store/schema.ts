import type { Generated } from 'kysely'

/**
 * The tables. Both engines have the same: times and booleans are integers, what is a list or an object is JSON text, what is
 * looked up is a column.
 */
export interface Tables {
  readonly clients: ClientsTable
  readonly resource_servers: ResourceServersTable
  readonly keys: KeysTable
  readonly sessions: SessionsTable
  readonly tokens: TokensTable
  readonly token_audiences: TokenAudiencesTable
  readonly refresh_tokens: RefreshTokensTable
  readonly assertions: AssertionsTable
  readonly revocation_updates: RevocationUpdatesTable
  readonly counters: CountersTable
  readonly audit: AuditTable
}

export interface ClientsTable {
  client_id: string
  channel_identity: string | null
  is_enabled: number
  secret_hash: string | null
  /** The rest of the record. */
  record: string
  created_at: number
}

export interface ResourceServersTable {
  audience: string
  introspection_client_id: string
  introspection_secret_hash: string | null
  record: string
  next_sequence: number
  created_at: number
}

export interface KeysTable {
  kid: string
  algorithm: string
  jwk: string
  state: 'next' | 'active' | 'retired'
  created_at: number
  retired_at: number | null
  verifies_until: number | null
}

export interface SessionsTable {
  session_id: string
  client_id: string
  opened_at: number
  expires_at: number
  closed_at: number | null
  lifetime: number
  budget: number | null
  used: number
  per_minute: number | null
  /** The minute that `used_in_minute` counts, and how many tokens were issued in it. */
  minute: number
  used_in_minute: number
  audiences: string | null
  scopes: string | null
}

export interface TokensTable {
  id: string
  hash: Uint8Array
  list_hash: Uint8Array
  client_id: string
  audiences: string
  scope: string | null
  scope_bytes: Uint8Array | null
  introspection: string
  family_id: string | null
  session_id: string | null
  key_thumbprint: Uint8Array | null
  key_id: Uint8Array | null
  cnf: string | null
  issued_at: number
  expires_at: number
  revoked_at: number | null
}

/** The tokens of an audience: one row for each audience of a token. */
export interface TokenAudiencesTable {
  audience: string
  token_id: string
}

export interface RefreshTokensTable {
  hash: Uint8Array
  family_id: string
  client_id: string
  /** The channel over which it was issued, and once it was presented, that over which. */
  channel_identity: string | null
  audiences: string
  scope: string | null
  scope_bytes: Uint8Array | null
  cnf: string | null
  profile: string | null
  subject: string | null
  session_id: string | null
  issued_at: number
  expires_at: number
  /** When it was presented for the one behind it. */
  used_at: number | null
  successor: Uint8Array | null
  sealed_answer: Uint8Array | null
  repeat_until: number | null
  revoked_at: number | null
}

export interface AssertionsTable {
  issuer: string
  jti: string
  expires_at: number
}

/** The updates of the part of the token revocation list that pertains to a requester (RFC 9770 section 6.2). */
export interface RevocationUpdatesTable {
  /** `rs:` and an audience, `client:` and an identifier, or `all`. */
  requester: string
  /** From 0 on, without a gap, in the order in which the updates were committed. */
  position: number
  list_hash: Uint8Array
  is_added: number
}

export interface CountersTable {
  name: string
  value: number
}

export interface AuditTable {
  id: Generated<number>
  at: number
  actor: string
  action: string
  subject: string
  details: string
}
