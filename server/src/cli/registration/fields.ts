import { aceProfiles } from 'ace-oauth'
import { z } from 'zod'
import { didYouMean, quoted } from '../../text.ts'

/** One thing that is wrong with a registration. */
export interface Problem {
  /** The member; empty where it is none in particular. */
  readonly member: string
  readonly reason: string
}

/** A registration that is refused. */
export class RegistrationError extends Error {
  override readonly name = 'RegistrationError'
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ member, reason }) => (member ? `${member}: ${reason}` : reason)).join('; '))
    this.problems = problems
  }
}

/** The most problems of a registration that are told. */
const mostProblems = 3
/** The most members of a list. */
const mostItems = 1_000

/** Names of clients and resource servers: what every request can carry, and what is easy to tell apart in logs. */
export const name = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, 'expected 1 to 200 visible ASCII characters without space')

/** What is wrong with a scope; undefined for one that can be asked for. */
function scopeProblem(scope: string): string | undefined {
  if (scope.startsWith('aif:')) {
    const [, set] = /^aif:\/[\x21-\x7e]{0,200} (\d{1,20})$/.exec(scope) ?? []
    const isSet = set !== undefined && BigInt(set) > 0n && BigInt(set) < 2n ** 64n
    return isSet ? undefined : 'expected a path and a set of methods (RFC 9237), such as "aif:/s/temp 1"'
  }
  if (scope.startsWith('bytes:'))
    return /^bytes:[\w-]{1,400}$/.test(scope) ? undefined : 'expected base64url behind bytes:'
  return /^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/.test(scope)
    ? undefined
    : 'expected 1 to 200 visible ASCII characters without space, " and \\ (RFC 6749 section 3.3)'
}

const scope = z.string().superRefine((text, context) => {
  const problem = scopeProblem(text)
  if (problem) context.addIssue({ code: 'custom', message: `${quoted(text)}: ${problem}` })
})

const profile = z.string().superRefine((text, context) => {
  if (Object.hasOwn(aceProfiles, text)) return
  const names = Object.keys(aceProfiles)
  context.addIssue({
    code: 'custom',
    message: `${quoted(text)}: expected one of ${names.join(', ')}${didYouMean(text, names)}`,
  })
})

/** One, or a list without doubles. */
function listOf(item: z.ZodType<string>): z.ZodType<string[]> {
  return z
    .preprocess((given) => (typeof given === 'string' ? [given] : given), z.array(item).max(mostItems))
    .transform((list) => [...new Set(list)])
}

export const names: z.ZodType<string[]> = listOf(name)
export const profiles: z.ZodType<string[]> = listOf(profile)
/** Scopes: a list, or text in which spaces stand between them, but for the one of a permission in AIF. */
export const scopes: z.ZodType<string[]> = z.preprocess(
  (given) => (typeof given === 'string' ? scopesOf(given) : given),
  listOf(scope),
)

/** The scopes of a text. */
export function scopesOf(text: string): string[] {
  return text.startsWith('aif:') ? [text] : text.split(' ').filter(Boolean)
}

/** A positive integer, in the unit that its member says. */
export const count = z
  .int()
  .min(1)
  .max(2 ** 31 - 1)

const privateMembers = ['d', 'k', 'p', 'q', 'dp', 'dq', 'qi', 'oth']

/** A public key as a JWK. */
export const publicJwk = z
  .record(z.string(), z.unknown())
  .refine(({ kty }) => typeof kty === 'string', 'expected a JWK, which has kty')
  .refine(
    (jwk) => !privateMembers.some((member) => Object.hasOwn(jwk, member)),
    'a private or secret key: give its public part alone',
  )

/** A JWK Set of public keys. */
export const publicJwks = z.looseObject({ keys: z.array(publicJwk).min(1).max(20) })

/** Members that `show` tells, and that nobody can set. */
export const shownOnly = { created_at: z.unknown() } as const

/** Whether a JSON value is an object. */
function isObject(json: unknown): json is Record<string, unknown> {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}

/**
 * Reads a registration, and tells which members were given.
 *
 * @param singular names of members that may be written in the singular
 * @throws RegistrationError
 */
export function checked<Value>(
  schema: z.ZodType<Value>,
  json: unknown,
  members: readonly string[],
  singular: Readonly<Record<string, string>>,
): { readonly data: Value; readonly given: readonly string[] } {
  if (!isObject(json)) throw new RegistrationError([{ member: '', reason: 'expected a JSON object' }])
  const renamed: [string, unknown][] = []
  for (const [member, value] of Object.entries(json)) {
    const plural = Object.hasOwn(singular, member) ? singular[member]! : member
    if (plural !== member && Object.hasOwn(json, plural))
      throw new RegistrationError([{ member, reason: `there is ${plural} too` }])
    // A member that is null is as good as absent.
    if (value !== null) renamed.push([plural, value])
  }
  // With the input, for a member of another type is not one that is missing.
  const { data, error } = schema.safeParse(Object.fromEntries(renamed), { reportInput: true })
  if (!error) return { data, given: renamed.map(([member]) => member) }
  throw new RegistrationError(error.issues.slice(0, mostProblems).map((issue) => problemOf(issue, members)))
}

function problemOf(issue: z.core.$ZodIssue, members: readonly string[]): Problem {
  const member = issue.path.map(String).join('.').slice(0, 100)
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0]!
    const known = issue.path.length === 0 ? members : []
    return { member, reason: `unknown member ${quoted(key)}${didYouMean(key, known)}` }
  }
  if (issue.code === 'invalid_type' && issue.input === undefined) return { member, reason: 'it is missing' }
  return { member, reason: issue.message.replace(/^Invalid input: /, '') }
}
