import type { AccessTokenRequest, AccessTokenResponse, Confirmation, Scope } from 'ace-oauth'
import type { EndpointContext } from 'ace-oauth/endpoint'
import type { KeyRing } from '../keys/key-ring.ts'
import type { Registrations } from '../registrations.ts'
import type { ClientRecord, ResourceServerRecord, SessionRecord, Store } from '../store/contract.ts'
import type { Grant } from './grant.ts'
import type { Policy } from './policy.ts'

/** What the steps of a grant work with; it is the same for all requests. */
export interface GrantServices {
  /** The identifier of the authorization server: `iss` of its tokens. */
  readonly issuer: string
  readonly store: Store
  readonly registrations: Registrations
  readonly keys: KeyRing
  readonly grants: ReadonlyMap<string, Grant>
  readonly policy: Policy | undefined
  readonly settings: GrantSettings
  /** The time in whole seconds since 1970. */
  readonly now: () => number
}

/** What an operator sets about tokens. */
export interface GrantSettings {
  /** How long a refresh token lives, in seconds. */
  readonly refreshLifetime: number
  /** For how many seconds the last refresh may be repeated by a client that did not get the answer. */
  readonly refreshRepeatWindow: number
  /** How long a token with exi is remembered, in seconds: nobody knows when its resource server first sees it. */
  readonly exiRetention: number
  /** How long a policy may take, in milliseconds. */
  readonly policyTimeoutMs: number
}

/** A request on its way to a token: each step adds what it has found. */
export interface Started {
  readonly services: GrantServices
  readonly request: AccessTokenRequest
  readonly client: ClientRecord
  readonly exchange: EndpointContext
  /** When the request came, in seconds since 1970. */
  readonly now: number
}

/** What an earlier decision allows at most: that of a resource owner, or the one by which a refresh token was issued. */
export interface GrantBounds {
  readonly audiences: readonly string[]
  /** What is granted where the request asks for no scope, and the most that it may ask for; null for what is registered. */
  readonly scope: Scope | null
  /** The key that tokens are bound to, as the JSON twin of `cnf`. Absent or null: the request decides. */
  readonly cnf?: Readonly<Record<string, unknown>> | null | undefined
  /** The ACE profile, by its name. Absent or null: the request decides. */
  readonly profile?: string | null | undefined
}

/** What the grant allows, before the request narrows it. */
export interface Granted extends Started {
  /** Null where what is registered decides alone. */
  readonly bounds: GrantBounds | null
  /** Who granted it: `sub` of the token. Null where the client acts for itself. */
  readonly subject: string | null
  /** The tokens that are revoked together; null for a new family where there is a refresh token. */
  readonly familyId: string | null
  /**
   * Uses up what was presented, such as a code, in one atomic step, or throws the Failure that says why not. It runs after all checks and
   * before the token is written. Null where there is nothing to use up.
   */
  readonly redeem: (() => Promise<void>) | null
  /** The refresh token that was presented, by its hash, and what seals the answer to it. */
  readonly presented: { readonly hash: Uint8Array; readonly token: Uint8Array } | null
}

/** What a grant finds: what is absent is null in {@link Granted}; or the answer itself. */
export type GrantOutcome = Answered | Partial<Omit<Granted, keyof Started>>

/** The session that the token is taken from; null where the client needs none. */
export interface Held extends Granted {
  readonly session: SessionRecord | null
}

/** The resource servers that the token is for. */
export interface Targeted extends Held {
  readonly audiences: readonly string[]
  readonly resourceServers: readonly ResourceServerRecord[]
}

export interface Scoped extends Targeted {
  readonly scope: Scope
  /** Whether it differs from what was asked for, so that the client has to be told (RFC 6749 section 5.1). */
  readonly isNarrowed: boolean
}

export interface Profiled extends Scoped {
  /** The ACE profile, by its name. */
  readonly profile: string
}

/** The key that the token is bound to. */
export interface Keyed extends Profiled {
  /** What stands in the token. */
  readonly cnf: Confirmation
  /** The key itself, where the token only names it. */
  readonly key: Confirmation
  /** What the client is told of it; undefined where it has the key already. */
  readonly told: Confirmation | undefined
  readonly keyThumbprint: Uint8Array | null
  readonly keyId: Uint8Array | null
}

/** What the policy left. */
export interface Permitted extends Keyed {
  /** How long the token lives, in seconds. */
  readonly lifetime: number
}

export interface Minted extends Permitted {
  readonly token: Uint8Array
  readonly tokenId: string
  readonly expiresAt: number
  /** The JSON twin of what introspection tells of it, without `active`. */
  readonly introspection: Readonly<Record<string, unknown>>
  readonly refreshToken: Uint8Array | null
}

/** An answer that ends the way early: that of a refresh that is repeated. */
export interface Answered {
  readonly answer: AccessTokenResponse
}
