import { issueCwt, openCwt, TokenClaims, TokenKey } from 'ace-oauth/token'
import type { KeyRecord, ResourceServerRecord, Store } from '../../store/contract.ts'
import { hasSharedKey } from '../registration/resource-server-registration.ts'
import { type Finding, reason } from './finding.ts'

/** How many resource servers with a problem are named. */
const mostNamed = 5
const pageSize = 1_000

/** Whether keys can do what they are there for: each makes a token, which is opened again. */
export async function checkKeys(store: Store, signal: AbortSignal): Promise<Finding[]> {
  const keys = await store.keys.list()
  const wrong: string[] = []
  const signing = new Map<string, KeyRecord>()
  for (const record of keys) {
    const problem = await problemOf(() => tryKey(record.jwk, record.algorithm, record.state !== 'retired'))
    if (problem) wrong.push(`${record.kid}: ${problem}`)
    if (record.state === 'active') signing.set(record.algorithm, record)
  }
  const shared = { count: 0, wrong: [] as string[] }
  for (let after = ''; !signal.aborted; ) {
    const page = await store.resourceServers.list({ after, limit: pageSize })
    for (const server of page) {
      const needed = neededAlgorithm(server)
      if (needed !== undefined && !signing.has(needed))
        wrong.push(`no key signs with ${needed}, as the tokens for ${server.audience} need`)
      if (!hasSharedKey(server.format)) continue
      shared.count++
      const problem = await problemOf(() => tryKey(server.key, server.algorithm, true))
      if (problem) shared.wrong.push(`${server.audience}: ${problem}`)
    }
    if (page.length < pageSize) break
    after = page.at(-1)!.audience
  }
  return [
    ...findingsOf(
      'signing keys',
      wrong,
      [...signing.values()].map(({ algorithm, kid }) => `${algorithm} ${kid}`).join(', ') ||
        'there is none, and no resource server needs one',
    ),
    ...findingsOf('shared keys', shared.wrong, `those of ${shared.count} resource servers`),
  ]
}

/** What signs the tokens for a resource server; undefined where nothing does. */
function neededAlgorithm({ format, algorithm }: ResourceServerRecord): string | undefined {
  if (format === 'cwt-nested') return 'ES256'
  return format === 'cwt-sign1' || format === 'jwt' ? algorithm : undefined
}

/** Makes a token and opens it, or where the key is public looks at it alone. */
async function tryKey(jwk: unknown, algorithm: string, isPrivate: boolean): Promise<void> {
  const key = await TokenKey.fromJwk(jwk)
  if (!isPrivate) return
  const claims = new TokenClaims({ iss: 'https://as.example.com', exp: 32_503_680_000 })
  const token = await issueCwt(claims, key, { alg: algorithm as 'ES256' })
  await openCwt(token, { keys: key.kty === 'Symmetric' ? key : key.publicKey() })
}

async function problemOf(work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    return reason(error)
  }
}

function findingsOf(check: Finding['check'], wrong: readonly string[], good: string): Finding[] {
  if (wrong.length === 0) return [{ check, state: 'ok', detail: good }]
  const findings = wrong.slice(0, mostNamed).map((detail): Finding => ({ check, state: 'failed', detail }))
  const rest = wrong.length - findings.length
  return rest > 0 ? [...findings, { check, state: 'failed', detail: `and ${rest} more` }] : findings
}
