import type { Json } from '../table/json.ts'
import { same } from '../table/same.ts'
import {
  type Decoded,
  type DecodedUnknown,
  type Encoded,
  type Implementation,
  type Refused,
  unsupported,
} from './implementation.ts'
import type { CaseResult } from './report.ts'
import type { Accept, Refuse, Vector, VectorInput, VectorUnknown, VectorViolation } from './vector.ts'

type Verdict = Pick<CaseResult, 'outcome' | 'expected' | 'got'>
type Answer<T> = T | Refused

/** Gives one vector to an implementation and compares. Never rejects: an implementation that throws fails the case. */
export async function check(vector: Vector, implementation: Implementation): Promise<CaseResult> {
  const { id, description } = vector
  try {
    return { id, description, ...(await verdict(vector, implementation)) }
  } catch (error) {
    const got = `threw ${error}`
    return { id, description, outcome: 'failed', expected: expectation(vector), got }
  }
}

async function verdict(vector: Vector, implementation: Implementation): Promise<Verdict> {
  const { message, expect, options = {} } = vector
  const expected = expectation(vector)
  const decoded = await implementation.decode(message, inputOf(vector), options)
  const results: Verdict[] = [
    judge(expected, decoded, 'accept' in expect ? expect.accept : expect.refuse, vector),
  ]
  if (isEncoded(vector, decoded)) {
    const twin = 'accept' in expect ? expect.accept.value : undefined
    const value = vector.json === undefined ? twin : vector.json
    results.push(judgeEncoded(await implementation.encode(message, value as Json, options), expected, vector))
  }
  return (
    results.find(({ outcome }) => outcome === 'failed') ??
    results.find(({ outcome }) => outcome === 'passed') ??
    results[0]!
  )
}

function inputOf({ hex, json, form }: Vector): VectorInput {
  if (hex !== undefined) return { hex }
  return form === undefined ? { json: json as Json } : { form }
}

/**
 * Whether a case also asks for encoding: where the JSON twin tells the whole message, and where JSON can be given in no
 * other way. What was received with violations is nobody's to send.
 */
function isEncoded({ json, expect, message }: Vector, decoded: Answer<Decoded>): boolean {
  if (message === 'cbor') return false
  if ('refuse' in expect) return json !== undefined && isUnsupported(decoded)
  const { canonicalHex, value, violations, unknown } = expect.accept
  return canonicalHex !== undefined && value !== undefined && !violations?.length && !unknown?.length
}

function judge(
  expected: string,
  answer: Answer<Decoded>,
  wanted: Accept | Refuse,
  { message }: Vector,
): Verdict {
  const verdict = (wrong: string | undefined): Verdict =>
    wrong === undefined
      ? { outcome: 'passed', expected, got: expected }
      : { outcome: 'failed', expected, got: wrong }
  if (isUnsupported(answer)) return { outcome: 'skipped', expected, got: unsupported }
  if ('reason' in wanted) return verdict(differsFromRefusal(answer, wanted))
  if (!answer.ok) return verdict(refusal(answer))
  const { value, violations = [], unknown = [], hex } = answer
  if (
    wanted.value !== undefined &&
    !(message === 'cbor' && value === undefined) &&
    !same(wanted.value, value)
  )
    return verdict(`value ${JSON.stringify(value)}`)
  if (message !== 'cbor') {
    if (!same(ordered(wanted.violations ?? []), ordered(violations)))
      return verdict(`violations ${JSON.stringify(violations)}`)
    if (!isSameUnknown(wanted.unknown ?? [], unknown)) return verdict(`unknown ${JSON.stringify(unknown)}`)
  }
  const differs = hex !== undefined && wanted.canonicalHex !== undefined && hex !== wanted.canonicalHex
  return verdict(differs ? `written again ${hex}` : undefined)
}

function isSameUnknown(wanted: readonly VectorUnknown[], told: readonly DecodedUnknown[]): boolean {
  const plain = (key: string): string => (key.startsWith('"') ? JSON.parse(key) : key)
  return (
    wanted.length === told.length &&
    wanted.every(({ key, hex }, i) => {
      const member = told[i]!
      return member.hex === undefined
        ? plain(key) === plain(member.key)
        : key === member.key && hex === member.hex
    })
  )
}

function judgeEncoded(answer: Answer<Encoded>, accepted: string, { expect }: Vector): Verdict {
  if (isUnsupported(answer)) return { outcome: 'skipped', expected: accepted, got: unsupported }
  if ('refuse' in expect) {
    const wrong = answer.ok ? `encoded ${answer.hex}` : differsFromRefusal(answer, expect.refuse)
    return { outcome: wrong === undefined ? 'passed' : 'failed', expected: accepted, got: wrong ?? accepted }
  }
  const { canonicalHex } = expect.accept
  const expected = canonicalHex === null ? 'no form in CBOR' : `encoded ${canonicalHex}`
  const got = answer.ok
    ? `encoded ${answer.hex}`
    : answer.reason === 'no_cbor_form'
      ? 'no form in CBOR'
      : refusal(answer)
  return { outcome: got === expected ? 'passed' : 'failed', expected, got }
}

/** What is wrong with a refusal. Offsets and paths are compared where both sides tell them. */
function differsFromRefusal(answer: Answer<Decoded | Encoded>, wanted: Refuse): string | undefined {
  if (answer.ok) return 'value' in answer ? `accept ${JSON.stringify(answer.value)}` : 'accept'
  const { reason, offset, path } = answer
  const isSame =
    reason === wanted.reason &&
    (offset === undefined || wanted.offset === undefined || offset === wanted.offset) &&
    (path === undefined || wanted.path === undefined || path === wanted.path)
  return isSame ? undefined : refusal(answer)
}

function isUnsupported(answer: Answer<Decoded | Encoded>): boolean {
  return !answer.ok && answer.reason === unsupported
}

/** What is to happen to a vector, for people. */
function expectation({ expect }: Vector): string {
  if ('refuse' in expect) return refusal(expect.refuse)
  const { value, violations, unknown } = expect.accept
  const told = (name: string, list: readonly unknown[] | undefined): string =>
    list?.length ? `, ${name} ${JSON.stringify(list)}` : ''
  return `accept${value === undefined ? '' : ` ${JSON.stringify(value)}`}${told('violations', violations)}${told('unknown', unknown)}`
}

function refusal({ reason, offset, path }: Refuse): string {
  return `refuse ${reason}${offset === undefined ? '' : ` at byte ${offset}`}${path ? ` in ${path}` : ''}`
}

function ordered(violations: readonly VectorViolation[]): readonly VectorViolation[] {
  const text = ({ path, rule }: VectorViolation): string => `${path} ${rule}`
  return [...violations].sort((a, b) => (text(a) < text(b) ? -1 : 1))
}
