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

/**
 * Who does something, for the audit trail: for a command `cli:` with who called it and which it was, for a request `client:` with the
 * identifier of the client, for what the server does by itself `server`.
 */
export type Actor = string

/**
 * A client whose request does something, for the audit trail.
 *
 * @example
 * ```ts
 * import { clientActor } from 'ace-oauth-server'
 *
 * clientActor('sensor1') // 'client:sensor1'
 * ```
 */
export function clientActor(clientId: string): Actor {
  return `client:${clientId}`
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
