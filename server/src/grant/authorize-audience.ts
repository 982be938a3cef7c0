import { Failure } from 'ace-oauth/failure'
import type { ResourceServerRecord } from '../store/contract.ts'
import type { Held, Targeted } from './context.ts'

/** The formats that several resource servers can take the same token in: those that are signed (RFC 9200 section 6.1). */
const formatsForSeveral: readonly string[] = ['cwt-sign1', 'jwt']

/** Finds the resource servers that the token is for, and whether the client may have it. */
export async function authorizeAudience(held: Held): Promise<Targeted> {
  const { services, client, session } = held
  const audiences = boundAudiences(held)
  const foreign = audiences.find((audience) => !client.audiences.includes(audience))
  // Whether an audience that the client may not have exists is nobody's business but the log's.
  if (foreign !== undefined)
    throw new Failure('token_audience_not_allowed', {
      details: { clientId: client.clientId, audience: foreign },
    })
  const outside = session?.audiences && audiences.find((audience) => !session.audiences!.includes(audience))
  if (outside)
    throw new Failure('token_session_scope_not_authorized', {
      details: { audience: outside, sessionId: session!.sessionId },
    })
  const resourceServers = await Promise.all(
    audiences.map(async (audience): Promise<ResourceServerRecord> => {
      const found = await services.registrations.resourceServer(audience)
      if (found) return found
      throw new Failure('token_audience_unknown', { details: { audience } })
    }),
  )
  requireOneForm(audiences, resourceServers)
  return { ...held, audiences, resourceServers }
}

/** The audiences that the request asks for, within those of the grant. */
function boundAudiences(held: Held): readonly string[] {
  const { bounds, presented, client } = held
  const asked = askedFor(held)
  if (!bounds) return asked.length > 0 ? asked : defaultOf(held)
  // RFC 9200 section 5.8.1: a refresh asks for no other audience than the first request.
  if (presented && asked.length > 0 && !sameSet(asked, bounds.audiences))
    throw new Failure('token_refresh_audience_changed', { details: { asked, granted: bounds.audiences } })
  const exceeding = asked.find((audience) => !bounds.audiences.includes(audience))
  if (exceeding !== undefined)
    throw new Failure('token_audience_not_allowed', {
      details: { clientId: client.clientId, audience: exceeding, granted: bounds.audiences },
    })
  return asked.length > 0 ? asked : bounds.audiences
}

/** The audiences that the request names: `audience`, and over HTTP `resource` (RFC 8707); each may be there several times. */
function askedFor({ request }: Held): string[] {
  const resource = request.unknown.flatMap((member) =>
    'json' in member && member.name === 'resource' ? [member.json].flat() : [],
  )
  const named = [...[request.audience ?? []].flat(), ...resource]
  return [...new Set(named.filter((each): each is string => typeof each === 'string'))]
}

function defaultOf({ client }: Held): string[] {
  if (client.defaultAudience !== null) return [client.defaultAudience]
  throw new Failure('token_audience_missing', { details: { clientId: client.clientId } })
}

function requireOneForm(audiences: readonly string[], servers: readonly ResourceServerRecord[]): void {
  const [first] = servers
  if (!first) throw new Failure('token_audience_missing')
  if (servers.length === 1) return
  // The cti of a token with exi counts for one resource server (RFC 9200 section 5.10.3).
  const isOne = servers.every(
    ({ format, algorithm, usesExi }) => format === first.format && algorithm === first.algorithm && !usesExi,
  )
  if (!isOne || !formatsForSeveral.includes(first.format))
    throw new Failure('token_audience_not_allowed', {
      details: {
        audiences,
        reason: 'a token for several resource servers has to be signed, have one format, and exp',
      },
    })
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each) => b.includes(each))
}
