import { randomBytes } from 'node:crypto'
import type {
  ClientRecord,
  Issue,
  RefreshRecord,
  ResourceServerRecord,
  SessionRecord,
  TokenRecord,
} from './contract.ts'

/** When it is, in all cases. */
export const now = 1_800_000_000

export const random = (): Uint8Array => Uint8Array.from(randomBytes(32))

export const client = (clientId: string, more: Partial<ClientRecord> = {}): ClientRecord => ({
  clientId,
  isEnabled: true,
  authentication: 'client_secret',
  secretHash: 'hash',
  jwks: null,
  certificateSubject: null,
  channelIdentity: null,
  grantTypes: ['client_credentials'],
  audiences: ['rs1'],
  scopes: ['read'],
  defaultAudience: null,
  defaultScope: null,
  profiles: [],
  sessionPolicy: null,
  isAdministrator: false,
  createdAt: now,
  ...more,
})

export const resourceServer = (
  audience: string,
  more: Partial<ResourceServerRecord> = {},
): ResourceServerRecord => ({
  audience,
  format: 'cwt-encrypt0',
  algorithm: 'AES-CCM-16-64-128',
  key: { kty: 'oct', k: 'AAAAAAAAAAAAAAAAAAAAAA' },
  publicKey: null,
  scopes: ['read'],
  profiles: ['coap_dtls'],
  popKeys: [],
  tokenLifetime: 3600,
  usesExi: false,
  maxTokenBytes: null,
  hasIssuer: true,
  hasAudience: true,
  introspectionClientId: audience,
  introspectionSecretHash: 'hash',
  createdAt: now,
  ...more,
})

export const session = (sessionId: string, more: Partial<SessionRecord> = {}): SessionRecord => ({
  sessionId,
  clientId: 'c1',
  openedAt: now,
  expiresAt: now + 3600,
  closedAt: null,
  lifetime: 3600,
  budget: null,
  perMinute: null,
  audiences: null,
  scopes: null,
  used: 0,
  ...more,
})

export const token = (id: string, more: Partial<TokenRecord> = {}): TokenRecord => ({
  id,
  hash: random(),
  listHash: random(),
  clientId: 'c1',
  audiences: ['rs1'],
  scope: 'read',
  introspection: { scope: 'read' },
  familyId: null,
  sessionId: null,
  keyThumbprint: null,
  keyId: null,
  cnf: null,
  issuedAt: now,
  expiresAt: now + 3600,
  revokedAt: null,
  ...more,
})

export const refreshToken = (familyId: string, more: Partial<RefreshRecord> = {}): RefreshRecord => ({
  hash: random(),
  familyId,
  clientId: 'c1',
  channelIdentity: null,
  audiences: ['rs1'],
  scope: 'read',
  cnf: null,
  profile: null,
  subject: null,
  sessionId: null,
  issuedAt: now,
  expiresAt: now + 86_400,
  ...more,
})

export const issueOf = (issued: TokenRecord, more: Partial<Issue> = {}): Issue => ({
  token: issued,
  sessionId: null,
  refresh: null,
  rotates: null,
  ...more,
})
