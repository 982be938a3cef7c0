import type { Json } from '../table/json.ts'
import { CodecFault } from './codec-fault.ts'
import type { Decoded, Encoded, Refused } from './implementation.ts'

/** An answer of the protocol. */
export type CodecAnswer = Readonly<Record<string, unknown>> &
  ({ readonly ok: true } | { readonly ok: false; readonly reason: string })

/** The deepest nesting of an answer: that of a vector's value is 32 at most. */
const mostDepth = 200

/** What stands on a line; undefined where that is no JSON object. */
export function parseAnswer(line: string): Readonly<Record<string, unknown>> | undefined {
  // Ahead of the parser: a value that is nested too deeply could not be compared or told.
  if (depthOf(line) > mostDepth) return undefined
  try {
    const answer = JSON.parse(line)
    return typeof answer === 'object' && answer !== null && !Array.isArray(answer) ? answer : undefined
  } catch {
    return undefined
  }
}

/** Whether it says what came of the question. */
export function isAnswer(answer: Readonly<Record<string, unknown>>): answer is CodecAnswer {
  const { ok, reason } = answer
  return ok === true || (ok === false && typeof reason === 'string')
}

const isText = (value: unknown): value is string => typeof value === 'string'
const has = (value: unknown, name: string): boolean =>
  typeof value === 'object' && value !== null && isText((value as Record<string, unknown>)[name])

/** Whether a member of an answer is what the protocol has there. */
const memberKinds: Readonly<
  Record<string, { readonly is: (value: unknown) => boolean; readonly kind: string }>
> = {
  violations: {
    is: (value) =>
      value === null || (Array.isArray(value) && value.every((one) => has(one, 'rule') && has(one, 'path'))),
    kind: 'null or an array of {"rule","path"}',
  },
  unknown: {
    is: (value) => value === null || (Array.isArray(value) && value.every((one) => has(one, 'key'))),
    kind: 'null or an array of {"key"}',
  },
  hex: { is: (value) => value === null || isText(value), kind: 'a string' },
  offset: { is: Number.isInteger, kind: 'an integer' },
  path: { is: isText, kind: 'a string' },
  message: { is: isText, kind: 'a string' },
}

/**
 * What came of reading: of unknown members their keys alone, for their values a codec tells in JSON, in a way of its own.
 *
 * @throws CodecFault where a member is not what the protocol has there
 */
export function decodedFrom(answer: CodecAnswer): Decoded | Refused {
  if (!answer.ok) return refusedFrom(answer)
  checkMembers(answer, ['violations', 'unknown', 'hex'])
  const { unknown } = answer
  if (!Array.isArray(unknown)) return answer as unknown as Decoded
  return { ...answer, unknown: unknown.map(({ key }) => ({ key })) } as Decoded
}

/**
 * What came of writing.
 *
 * @throws CodecFault where a member is not what the protocol has there
 */
export function encodedFrom(answer: CodecAnswer): Encoded | Refused {
  if (!answer.ok) return refusedFrom(answer)
  if (!isText(answer['hex'])) throw wrongMember(answer, 'hex')
  return answer as unknown as Encoded
}

/**
 * What came of opening a COSE message.
 *
 * @throws CodecFault where a member is not what the protocol has there
 */
export function openedFrom(answer: CodecAnswer): Decoded | Refused {
  if (!answer.ok) return refusedFrom(answer)
  const { structure = null, alg = null, payload = null } = answer as Readonly<Record<string, Json>>
  return { ok: true, value: { structure, alg, payload } }
}

function refusedFrom(answer: CodecAnswer & { readonly ok: false }): Refused {
  checkMembers(answer, ['offset', 'path', 'message'])
  return answer as unknown as Refused
}

function checkMembers(answer: CodecAnswer, names: readonly string[]): void {
  const wrong = names.find((name) => answer[name] !== undefined && !memberKinds[name]!.is(answer[name]))
  if (wrong !== undefined) throw wrongMember(answer, wrong)
}

function wrongMember(answer: CodecAnswer, name: string): CodecFault {
  const told = JSON.stringify(answer[name]) ?? 'nothing'
  return new CodecFault(`answered ${told.slice(0, 200)} as ${name}: expected ${memberKinds[name]!.kind}`)
}

/** How deeply the arrays and objects of a JSON text are nested. */
function depthOf(json: string): number {
  let depth = 0
  let most = 0
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (token === '[' || token === '{') most = Math.max(most, ++depth)
    else if (token === ']' || token === '}') depth--
  }
  return most
}
