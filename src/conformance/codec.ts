import { encodeValue } from '../cbor/any-value.ts'
import { checkObject } from '../cbor/check-object.ts'
import { errorCodes } from '../registry/generated/error-codes.ts'
import { errorKey } from '../registry/generated/error-response-keys.ts'
import { PRIVATE_USE_BELOW } from '../registry/registry.ts'
import { hex } from '../table/hex.ts'
import type { Json } from '../table/json.ts'
import { type CodecAnswer, decodedFrom, encodedFrom, openedFrom } from './codec-answer.ts'
import { CodecFault } from './codec-fault.ts'
import { CodecProcess } from './codec-process.ts'
import { type Decoded, type Implementation, type Refused, unsupported } from './implementation.ts'
import type { VectorMessage, VectorOptions } from './vector.ts'

/** How to run a codec process. */
export interface CodecOptions {
  /** How long an answer may take, in milliseconds. Default: 10,000. */
  readonly timeout?: number
}

/** An implementation behind a process of its own. */
export interface CodecImplementation extends Implementation {
  /** How often the process was started again, after it ended or hung. */
  readonly restarts: number
  /**
   * Asks anything of the protocol.
   *
   * @throws CodecFault where no answer comes
   */
  ask(request: Readonly<Record<string, Json>>): Promise<CodecAnswer>
  /** Ends the process's input, and waits until the process has ended. */
  close(): Promise<void>
  /** Stops the process at once. */
  kill(): void
}

/** What a codec says of itself; nothing where it does not know the question. */
interface Description {
  readonly name?: string
  readonly inputs?: readonly string[]
  readonly deterministic?: boolean
}

/** What only a codec that says what it is may be asked about: others may take the name for that of another message. */
const describedOnly: readonly VectorMessage[] = ['aif', 'cwt-claims', 'cose-key', 'cose']

const without: Refused = { ok: false, reason: unsupported }

/**
 * The beginning of an error response whose unknown member is any item: in that place a codec that has no `cbor` is given
 * what a vector has as one CBOR item.
 */
const envelope = `a2${[errorKey, errorCodes.invalid_request, PRIVATE_USE_BELOW - 1].map((item) => hex(encodeValue(item))).join('')}`

/**
 * An implementation in any language: a process that is given one JSON request a line, and gives one JSON answer a line, as
 * `ace-oauth codec` does. A process that ends or hangs is started again, and given up where it does so again and again.
 *
 * Node only.
 *
 * @param command a command line for the system's shell
 * @throws TypeError where there is no command; RangeError for a timeout out of range
 *
 * @example
 * ```ts
 * import { runConformance } from 'ace-oauth/conformance'
 * import { codecImplementation, loadVectors } from 'ace-oauth/conformance/node'
 *
 * const codec = codecImplementation('./my-codec --quiet')
 * const report = await runConformance(await loadVectors(), { implementation: codec })
 * await codec.close()
 * ```
 */
export function codecImplementation(command: string, options: CodecOptions = {}): CodecImplementation {
  checkObject('options', options)
  const { timeout = 10_000 } = options
  if (typeof command !== 'string' || command.trim() === '')
    throw new TypeError('command: expected a command line')
  if (!(timeout > 0 && timeout < 2 ** 31))
    throw new RangeError('timeout: expected milliseconds, from 1 to 2147483647')
  const codec = new CodecProcess(command, timeout)
  let description: Promise<Description> | undefined
  let told: Description | undefined
  /** Whether a `cbor` item has to be asked for as a member of an error response. */
  let isWrapped = false

  async function described(): Promise<Description> {
    description ??= describe(codec)
    told = await description
    return told
  }

  async function ask(request: Readonly<Record<string, Json>>): Promise<CodecAnswer> {
    await described()
    return codec.ask(request)
  }

  async function askItem(item: string, options: VectorOptions): Promise<Decoded | Refused> {
    if (!isWrapped && (await described()).inputs) {
      const request = { op: 'decode', message: 'cbor', hex: item, ...given(options) }
      const answer = decodedFrom(await ask(request))
      if (answer.ok || answer.reason !== unsupported) return answer
      // With options it may be these that it does not have.
      isWrapped = Object.keys(options).length === 0
    }
    return askWrapped(ask, item, options)
  }

  return {
    get name() {
      return told?.name ?? command
    },
    get deterministic() {
      return told?.deterministic ?? true
    },
    get broken() {
      return codec.broken
    },
    get restarts() {
      return Math.max(0, codec.restarts)
    },
    ask,
    decode: async (message, input, options) => {
      const { inputs } = await described()
      const isKnown = inputs !== undefined || !describedOnly.includes(message)
      if (!isKnown || !(inputs ?? ['hex']).includes(Object.keys(input)[0]!)) return without
      if (message === 'cose') return 'hex' in input ? coseOpen(ask, input.hex, options) : without
      if (message === 'cbor') return 'hex' in input ? askItem(input.hex, options) : without
      return decodedFrom(await ask({ op: 'decode', message, ...input, ...given(options) }))
    },
    encode: async (message, value, options) => {
      const { inputs } = await described()
      if (!inputs && describedOnly.includes(message)) return without
      return encodedFrom(await ask({ op: 'encode', message, value, ...given(options) }))
    },
    close: () => codec.close(),
    kill: () => codec.kill(),
  }
}

async function describe(codec: CodecProcess): Promise<Description> {
  try {
    const { ok, name, version, inputs, deterministic } = await codec.ask({ op: 'describe' })
    if (!ok) return {}
    return {
      inputs: Array.isArray(inputs) ? inputs : ['hex'],
      deterministic: deterministic !== false,
      ...(typeof name === 'string' && { name: typeof version === 'string' ? `${name} ${version}` : name }),
    }
  } catch (error) {
    // It may still know what it is asked for next.
    if (error instanceof CodecFault) return {}
    throw error
  }
}

async function coseOpen(
  ask: (request: Record<string, Json>) => Promise<CodecAnswer>,
  message: string,
  { keys = [], externalAad = '' }: VectorOptions,
): Promise<Decoded | Refused> {
  return openedFrom(await ask({ op: 'cose-open', hex: message, keys, externalAad }))
}

function given(options: VectorOptions): { readonly options?: Json } {
  return Object.keys(options).length > 0 ? { options: options as Json } : {}
}

/** Asks for one item in its {@link envelope}, and tells the answer as if it had stood alone. */
async function askWrapped(
  ask: (request: Record<string, Json>) => Promise<CodecAnswer>,
  item: string,
  { maxDepth, maxBytes, ...options }: VectorOptions,
): Promise<Decoded | Refused> {
  const length = envelope.length / 2
  const request = {
    op: 'decode',
    message: 'error-response',
    hex: envelope + item,
    ...given({
      ...options,
      ...(maxDepth !== undefined && { maxDepth: maxDepth + 1 }),
      ...(maxBytes !== undefined && { maxBytes: maxBytes + length }),
    }),
  }
  const answer = decodedFrom(await ask(request))
  if (answer.ok) return { ok: true }
  return answer.offset === undefined ? answer : { ...answer, offset: answer.offset - length }
}
