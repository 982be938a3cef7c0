import { z } from 'zod'
import type { ClientRecord, SessionPolicy } from '../../store/contract.ts'
import {
  checked,
  count,
  name,
  names,
  profiles,
  publicJwks,
  RegistrationError,
  scopes,
  scopesOf,
  shownOnly,
} from './fields.ts'

/** How many sessions of a client may be open at once, where its registration says nothing of it. */
export const usualMaxOpen = 10

/** How a client may authenticate. */
export const authenticationMethods = [
  'client_secret',
  'private_key_jwt',
  'tls_client_auth',
  'self_signed_tls_client_auth',
  'channel',
] as const

/** The members of a certificate's subject (RFC 8705 section 2.1.2). */
export const subjectMembers = [
  'tls_client_auth_subject_dn',
  'tls_client_auth_san_dns',
  'tls_client_auth_san_uri',
  'tls_client_auth_san_ip',
  'tls_client_auth_san_email',
] as const

const session = z.strictObject({
  opens: z.enum(['operator', 'implicit']).default('operator'),
  max_open: count.default(usualMaxOpen),
  lifetime: count.default(3_600),
  budget: count.nullish(),
  per_minute: count.nullish(),
  audiences: names.nullish(),
  scopes: scopes.nullish(),
})

const members = {
  client_id: name,
  enabled: z.boolean().default(true),
  authentication: z.enum(authenticationMethods).optional(),
  /** For a client that has a secret already. */
  client_secret: z.string().min(1).max(1_000).optional(),
  jwks: publicJwks.optional(),
  certificate_subject: z
    .strictObject(
      Object.fromEntries(
        subjectMembers.map((member) => [member, z.string().min(1).max(1_000).optional()]),
      ) as Record<(typeof subjectMembers)[number], z.ZodOptional<z.ZodString>>,
    )
    .optional(),
  channel_identity: z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, 'expected 1 to 200 visible ASCII characters')
    .optional(),
  grant_types: z
    .array(z.string().regex(/^[\x21-\x7e]{1,200}$/))
    .max(20)
    .default(['client_credentials', 'refresh_token']),
  audiences: names,
  scopes,
  default_audience: name.optional(),
  default_scope: z.string().min(1).max(4_000).optional(),
  profiles: profiles.default(['coap_dtls']),
  session: session.optional(),
  /** Whether it may read the whole token revocation list. */
  administrator: z.boolean().default(false),
} as const

const schema = z.strictObject({ ...members, ...shownOnly }).partial({ created_at: true })

/** The members that a registration may also have by these names. */
const singular = { audience: 'audiences', scope: 'scopes', profile: 'profiles', grant_type: 'grant_types' }

/** A client as somebody wrote it down. */
export interface ClientRegistration {
  /** What is registered, without the hash of a secret, and added at the time 0. */
  readonly record: ClientRecord
  /** The secret that it has already. */
  readonly secret: string | undefined
  /** The members that were given. */
  readonly given: readonly string[]
}

/**
 * Reads the registration of a client.
 *
 * @param json as {@link clientToJson} gives it; what is absent has its default
 * @throws RegistrationError
 */
export function readClient(json: unknown): ClientRegistration {
  const { data: given, given: told } = checked(schema, json, Object.keys(members), singular)
  const authentication = given.authentication ?? impliedMethod(given)
  const record: ClientRecord = {
    clientId: given.client_id,
    isEnabled: given.enabled,
    authentication,
    secretHash: null,
    jwks: given.jwks ?? null,
    certificateSubject: (given.certificate_subject as Record<string, string> | undefined) ?? null,
    channelIdentity: given.channel_identity ?? null,
    grantTypes: given.grant_types,
    audiences: given.audiences,
    scopes: given.scopes,
    defaultAudience: given.default_audience ?? null,
    defaultScope: given.default_scope ?? null,
    profiles: given.profiles,
    sessionPolicy: given.session ? policyOf(given.session) : null,
    isAdministrator: given.administrator,
    createdAt: 0,
  }
  requireConsistent(record, given.client_secret)
  return { record, secret: given.client_secret, given: told }
}

/** The registration of a client, without its secret, as it is shown and as {@link readClient} takes it. */
export function clientToJson(client: ClientRecord): Readonly<Record<string, unknown>> {
  const { sessionPolicy } = client
  return {
    client_id: client.clientId,
    enabled: client.isEnabled,
    authentication: client.authentication,
    audiences: client.audiences,
    scopes: client.scopes,
    default_audience: client.defaultAudience,
    default_scope: client.defaultScope,
    profiles: client.profiles,
    grant_types: client.grantTypes,
    jwks: client.jwks,
    certificate_subject: client.certificateSubject,
    channel_identity: client.channelIdentity,
    session: sessionPolicy && {
      opens: sessionPolicy.opens,
      max_open: sessionPolicy.maxOpen,
      lifetime: sessionPolicy.bounds.lifetime,
      budget: sessionPolicy.bounds.budget,
      per_minute: sessionPolicy.bounds.perMinute,
      audiences: sessionPolicy.bounds.audiences,
      scopes: sessionPolicy.bounds.scopes,
    },
    administrator: client.isAdministrator,
    created_at: client.createdAt,
  }
}

function impliedMethod({
  jwks,
  certificate_subject,
}: Pick<z.infer<typeof schema>, 'jwks' | 'certificate_subject'>): ClientRecord['authentication'] {
  if (certificate_subject) return 'tls_client_auth'
  return jwks ? 'private_key_jwt' : 'client_secret'
}

function policyOf(given: z.infer<typeof session>): SessionPolicy {
  return {
    opens: given.opens,
    maxOpen: given.max_open,
    bounds: {
      lifetime: given.lifetime,
      budget: given.budget ?? null,
      perMinute: given.per_minute ?? null,
      audiences: given.audiences ?? null,
      scopes: given.scopes ?? null,
    },
  }
}

/** Refuses registrations by which the client could never authenticate or get what it is said to get. */
function requireConsistent(client: ClientRecord, secret: string | undefined): void {
  const refuse = (member: string, reason: string): never => {
    throw new RegistrationError([{ member, reason }])
  }
  const { authentication, jwks, certificateSubject, audiences, defaultAudience, defaultScope } = client
  if (audiences.length === 0) refuse('audiences', 'a client needs one at least')
  if (client.scopes.length === 0) refuse('scopes', 'a client needs one at least')
  if (client.profiles.length === 0) refuse('profiles', 'a client needs one at least')
  if (secret !== undefined && authentication !== 'client_secret')
    refuse('client_secret', `a client that authenticates by ${authentication} has none`)
  const keys = (jwks?.['keys'] ?? []) as readonly Readonly<Record<string, unknown>>[]
  if (authentication === 'private_key_jwt' && keys.length === 0) refuse('jwks', 'private_key_jwt needs keys')
  if (
    authentication === 'self_signed_tls_client_auth' &&
    !keys.some((key) => Object.hasOwn(key, 'x5c') || Object.hasOwn(key, 'x5t#S256'))
  )
    refuse('jwks', 'self_signed_tls_client_auth needs a key with x5c or x5t#S256')
  if (authentication === 'tls_client_auth' && Object.keys(certificateSubject ?? {}).length !== 1)
    refuse('certificate_subject', `tls_client_auth needs one of ${subjectMembers.join(', ')}`)
  if (defaultAudience !== null && !audiences.includes(defaultAudience))
    refuse('default_audience', `${defaultAudience} is not among the audiences`)
  const beyond = scopesOf(defaultScope ?? '').find((scope) => !client.scopes.includes(scope))
  if (beyond !== undefined) refuse('default_scope', `${JSON.stringify(beyond)} is not among the scopes`)
}
