import { MessageError } from '../cbor/decode-error.ts'
import { hex } from '../table/hex.ts'
import {
  BadRequest,
  bytesOf,
  idOf,
  kindOf,
  optionsOf,
  type RequestMembers,
  requestOf,
} from './codec-request.ts'
import { encodeMessage } from './encode-message.ts'
import { maxInputBytes } from './input.ts'
import { tooLong } from './lines.ts'
import { tellRefusal } from './refusal.ts'
import { tellUnknown } from './unknown-members.ts'

/** The answer to a line of the codec. */
export type Answer = { readonly id: string | number | null; readonly ok: boolean } & Readonly<
  Record<string, unknown>
>

type Result = { readonly ok: boolean } & Readonly<Record<string, unknown>>
type Operation = (request: RequestMembers) => Result | Promise<Result>

const operations: ReadonlyMap<unknown, Operation> = new Map<unknown, Operation>([
  ['decode', decode],
  ['encode', encode],
  ['cose-open', coseOpenOf],
])

/** Answers one line. Never rejects, whatever the line holds. */
export async function answerLine(line: Uint8Array | typeof tooLong): Promise<Answer> {
  let id: Answer['id'] = null
  try {
    if (line === tooLong) throw new BadRequest(`the line is longer than ${maxInputBytes} bytes`, 'too_large')
    const request = requestOf(line)
    id = idOf(request)
    if (id === null) throw new BadRequest('id: expected a string, or a number that JSON holds exactly')
    const operation = operations.get(request['op'])
    if (!operation)
      throw new BadRequest(`op: expected one of ${[...operations.keys()].join(', ')}`, 'unsupported')
    return { id, ...(await operation(request)) }
  } catch (error) {
    return { id, ok: false, ...reasonOf(error) }
  }
}

function decode(request: RequestMembers): Result {
  const message = kindOf(request).fromCbor(bytesOf(request, 'hex'), optionsOf(request))
  const { violations } = message
  const unknown = tellUnknown(message.unknown)
  return {
    ok: true,
    value: message.toJson(),
    ...(violations.length > 0 && { violations }),
    ...(unknown.length > 0 && { unknown }),
  }
}

function encode(request: RequestMembers): Result {
  if (!('value' in request)) throw new BadRequest('value: expected the JSON twin')
  return { ok: true, hex: hex(encodeMessage(kindOf(request), request['value'], optionsOf(request))) }
}

async function coseOpenOf(request: RequestMembers): Promise<Result> {
  const { keys } = request
  if (!Array.isArray(keys)) throw new BadRequest('keys: expected an array of JWKs')
  const message = hex(bytesOf(request, 'hex'))
  const externalAad = 'externalAad' in request ? hex(bytesOf(request, 'externalAad')) : ''
  // Codecs that open nothing start without the cryptography.
  const { coseOpen } = await import('../cose/open-with-jwks.ts')
  const answer = await coseOpen({ hex: message, keys, externalAad })
  return answer.ok ? answer : { ...answer, message: answer.reason }
}

function reasonOf(error: unknown): { readonly reason: string } & Readonly<Record<string, unknown>> {
  if (error instanceof MessageError) {
    const { path, ...refusal } = tellRefusal(error)
    return path === undefined ? refusal : { ...refusal, path }
  }
  if (error instanceof BadRequest) return { reason: error.reason, message: error.message }
  // Nothing that one line brings about may keep the next from being served.
  return { reason: 'internal_error', message: String(error) }
}
