import { same } from '../table/equality.ts'
import type { Json } from '../table/json.ts'
import { CodecFault } from './codec-fault.ts'
import {
  type Decoded,
  type DecodedUnknown,
  type Encoded,
  type Implementation,
  type Refused,
  refused,
  unsupported,
} from './implementation.ts'
import { libraryImplementation } from './library.ts'
import type { CaseResult } from './report.ts'
import type {
  Accept,
  Refuse,
  Vector,
  VectorInput,
  VectorOptions,
  VectorUnknown,
  VectorViolation,
} from './vector.ts'

type Verdict = Pick<CaseResult, 'outcome' | 'expected' | 'got' | 'encoded'>
type Answer<T> = T | Refused

/** Gives one vector to an implementation and compares. Never rejects: an implementation that throws fails the case. */
export async function check(vector: Vector, implementation: Implementation): Promise<CaseResult> {
  const { id, description, message, requirements } = vector
  const about = { id, description, message, ...(requirements && { requirements }), input: inputOf(vector) }
  try {
    return { ...about, ...(await verdict(vector, implementation)) }
  } catch (error) {
    const got = error instanceof CodecFault ? error.message : `threw ${error}`
    return { ...about, outcome: 'failed', expected: expectation(vector), got }
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
    const encoded = await implementation.encode(message, value as Json, options)
    results.push(judgeEncoded(encoded, expected, vector, implementation.deterministic ?? true))
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
  if (message === 'cbor' || message === 'cose') return false
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
  const { value, violations, unknown, hex } = answer
  if (
    wanted.value !== undefined &&
    !(message === 'cbor' && value === undefined) &&
    !same(unordered(wanted.value, message), unordered(value, message))
  )
    return verdict(`value ${told(value)}`)
  if (message !== 'cbor') {
    if (violations !== null && !same(ordered(wanted.violations ?? []), ordered(violations ?? [])))
      return verdict(`violations ${told(violations ?? [])}`)
    if (unknown !== null && !isSameUnknown(wanted.unknown ?? [], unknown ?? []))
      return verdict(`unknown ${told(unknown ?? [])}`)
  }
  const differs = hex !== undefined && wanted.canonicalHex !== undefined && hex !== wanted.canonicalHex
  return verdict(differs ? `written again ${shortened(String(hex))}` : undefined)
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

function judgeEncoded(
  answer: Answer<Encoded>,
  accepted: string,
  { message, expect, options = {} }: Vector,
  deterministic: boolean,
): Verdict {
  if (isUnsupported(answer)) return { outcome: 'skipped', expected: accepted, got: unsupported }
  if ('refuse' in expect) {
    const wrong = answer.ok ? `encoded ${shortened(answer.hex)}` : differsFromRefusal(answer, expect.refuse)
    return { outcome: wrong === undefined ? 'passed' : 'failed', expected: accepted, got: wrong ?? accepted }
  }
  const { canonicalHex } = expect.accept
  if (canonicalHex === null) {
    const expected = 'no form in CBOR'
    const isSo = !answer.ok && (answer.reason === 'no_cbor_form' || answer.reason === refused)
    const got = answer.ok ? `encoded ${shortened(answer.hex)}` : refusal(answer)
    return { outcome: isSo ? 'passed' : 'failed', expected, got: isSo ? expected : got }
  }
  const expected = `encoded ${canonicalHex}`
  if (!answer.ok) return { outcome: 'failed', expected, got: refusal(answer) }
  const got = `encoded ${shortened(answer.hex)}`
  const written = deterministic ? answer.hex : sorted(message, answer.hex, options)
  if (written === canonicalHex) return { outcome: 'passed', expected, got }
  return { outcome: 'failed', expected, got, encoded: { expected: canonicalHex!, got: answer.hex } }
}

/** The deterministic encoding of the message that CBOR holds, as this library writes it; the CBOR itself where it is none. */
function sorted(message: Vector['message'], hex: string, options: VectorOptions): string {
  try {
    const read = libraryImplementation.decode(message, { hex }, options)
    return 'ok' in read && read.ok && read.hex ? read.hex : hex
  } catch {
    return hex
  }
}

/** What is wrong with a refusal. Offsets and paths are compared where both sides tell them. */
function differsFromRefusal(answer: Answer<Decoded | Encoded>, wanted: Refuse): string | undefined {
  if (answer.ok) return 'value' in answer ? `accept ${told(answer.value)}` : 'accept'
  const { reason, offset, path } = answer
  if (reason === refused) return undefined
  const isSame =
    reason === wanted.reason &&
    (offset === undefined || wanted.offset === undefined || offset === wanted.offset) &&
    (path === undefined || wanted.path === undefined || path === wanted.path)
  return isSame ? undefined : refusal(answer)
}

function isUnsupported(answer: Answer<Decoded | Encoded>): boolean {
  return !answer.ok && answer.reason === unsupported
}

/** The most characters that are told of a value. */
const mostCharacters = 2_000

function told(value: unknown): string {
  return shortened(String(JSON.stringify(value)))
}

function shortened(text: string): string {
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text
}

/** What is to happen to a vector, for people. */
function expectation({ expect }: Vector): string {
  if ('refuse' in expect) return refusal(expect.refuse)
  const { value, violations, unknown } = expect.accept
  const named = (name: string, list: readonly unknown[] | undefined): string =>
    list?.length ? `, ${name} ${told(list)}` : ''
  return `accept${value === undefined ? '' : ` ${told(value)}`}${named('violations', violations)}${named('unknown', unknown)}`
}

function refusal({ reason, offset, path, message }: Refuse & { readonly message?: string }): string {
  // What a reason of the vectors says is known; of others only the message tells.
  const why = reason === refused && message ? `: ${shortened(message)}` : ''
  return `refuse ${shortened(reason)}${offset === undefined ? '' : ` at byte ${offset}`}${path ? ` in ${shortened(path)}` : ''}${why}`
}

/** The value of a CBOR item with the members of its maps in one order: those of a map have none (RFC 8949 §3.1). */
function unordered(value: Json | undefined, message: Vector['message']): Json | undefined {
  if (message !== 'cbor' || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((element) => unordered(element, message)!)
  const { map } = value as { readonly map?: readonly (readonly Json[])[] }
  if (!Array.isArray(map)) return value
  const pairs = map.map((pair: readonly Json[]) => unordered(pair, message) as readonly Json[])
  return { map: pairs.sort((a, b) => (JSON.stringify(a[0]) < JSON.stringify(b[0]) ? -1 : 1)) }
}

function ordered(violations: readonly VectorViolation[]): readonly VectorViolation[] {
  const text = ({ path, rule }: VectorViolation): string => `${path} ${rule}`
  return [...violations].sort((a, b) => (text(a) < text(b) ? -1 : 1))
}
