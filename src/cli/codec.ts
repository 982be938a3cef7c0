import { MessageError } from '../cbor/decode-error.ts'
import { type Decoded, type Encoded, libraryImplementation, type Refused } from '../conformance/index.ts'
import { CoseError } from '../cose/cose-error.ts'
import type { ErrorResponseOptions } from '../message/error-response.ts'
import type { CoseAlgorithmName } from '../registry/generated/cose-algorithms.ts'
import { hex } from '../table/hex.ts'
import type { Json } from '../table/json.ts'
import {
  BadRequest,
  bytesOf,
  idOf,
  inputOf,
  kindOf,
  nameOf,
  optionsOf,
  type RequestMembers,
  requestOf,
  vectorOptionsOf,
} from './codec-request.ts'
import { messageOf } from './encode-message.ts'
import { maxInputBytes } from './input/source.ts'
import { tooLong } from './lines.ts'
import { tellRefusal } from './show/refusal.ts'
import { tellUnknown } from './show/unknown-members.ts'
import { version } from './version.ts'

/** The answer to a line of the codec. */
export type Answer = { readonly id: string | number | null; readonly ok: boolean } & Readonly<
  Record<string, unknown>
>

type Result = ({ readonly ok: boolean } & Readonly<Record<string, unknown>>) | Decoded | Encoded | Refused
type Operation = (request: RequestMembers) => Result | Promise<Result>

const operations: ReadonlyMap<unknown, Operation> = new Map<unknown, Operation>([
  ['describe', describe],
  ['decode', decode],
  ['encode', encode],
  ['cose-open', coseOpenOf],
  ['cose-protect', coseProtectOf],
])

/** What is decoded and encoded besides the messages. */
const others: readonly unknown[] = ['aif', 'cwt-claims', 'cose-key', 'cbor']

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

function describe(): Result {
  return { ok: true, name: 'ace-oauth', version, inputs: ['hex', 'json', 'form'] }
}

async function decode(request: RequestMembers): Promise<Result> {
  if ('json' in request || 'form' in request || others.includes(request['message']))
    return libraryImplementation.decode(nameOf(request), inputOf(request), vectorOptionsOf(request))
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

async function encode(request: RequestMembers): Promise<Result> {
  if (!('value' in request)) throw new BadRequest('value: expected the JSON twin')
  if (others.includes(request['message']))
    return libraryImplementation.encode(nameOf(request), request['value'] as Json, vectorOptionsOf(request))
  return {
    ok: true,
    hex: hex((await messageOf(kindOf(request), request['value'], codesAlone(optionsOf(request)))).toCbor()),
  }
}

/** What writing depends on: limits are for what is read. */
function codesAlone({ codes }: ErrorResponseOptions): ErrorResponseOptions {
  return codes ? { codes } : {}
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

async function coseProtectOf(request: RequestMembers): Promise<Result> {
  const { key, alg, iv } = request
  const payload = bytesOf(request, 'payload')
  const externalAad = 'externalAad' in request ? bytesOf(request, 'externalAad') : new Uint8Array(0)
  if (alg !== undefined && typeof alg !== 'string')
    throw new BadRequest('alg: expected the name of an algorithm')
  const [{ protectCose }, { TokenKey }] = await Promise.all([
    import('../cose/protect-cose.ts'),
    import('../cose/token-key.ts'),
  ])
  const message = await protectCose(payload, await TokenKey.fromJwk(key), {
    alg: alg as CoseAlgorithmName | undefined,
    externalAad,
    ...(iv !== undefined && { iv: bytesOf(request, 'iv') }),
  })
  return { ok: true, hex: hex(message) }
}

function reasonOf(error: unknown): { readonly reason: string } & Readonly<Record<string, unknown>> {
  if (error instanceof MessageError) {
    const { path, ...refusal } = tellRefusal(error)
    return path === undefined ? refusal : { ...refusal, path }
  }
  if (error instanceof CoseError) return { reason: error.reason, message: error.message }
  if (error instanceof BadRequest) return { reason: error.reason, message: error.message }
  // Nothing that one line brings about may keep the next from being served.
  return { reason: 'internal_error', message: String(error) }
}
