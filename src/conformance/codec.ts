import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { encodeValue } from '../cbor/value.ts'
import { errorCodes } from '../registry/generated/error-codes.ts'
import { errorKey } from '../registry/generated/error-response-keys.ts'
import { PRIVATE_USE_BELOW } from '../registry/registry.ts'
import { hex } from '../table/hex.ts'
import type { Json } from '../table/json.ts'
import {
  type Decoded,
  type Encoded,
  type Implementation,
  type Refused,
  unsupported,
} from './implementation.ts'
import type { VectorOptions } from './vector.ts'

/** How to run a codec process. */
interface CodecOptions {
  /** How long an answer may take, in milliseconds. Default: 10,000. */
  readonly timeout?: number
}

/** An implementation behind a process of its own. */
interface CodecImplementation extends Implementation {
  /** Ends the process's input, and waits until the process has ended. */
  close(): Promise<void>
}

/**
 * The beginning of an error response whose unknown member is any item: in that place a codec, which speaks of messages
 * only, is given what a vector has as one CBOR item.
 */
const envelope = `a2${[errorKey, errorCodes.invalid_request, PRIVATE_USE_BELOW - 1].map((item) => hex(encodeValue(item))).join('')}`

/**
 * An implementation in any language: a process that is given one JSON request a line, and gives one JSON answer a line, as
 * `ace-oauth codec` does. What vectors have as JSON it is asked to encode; forms and AIF are not asked for.
 *
 * Node only.
 *
 * @param command a command line for the system's shell
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
export function codecImplementation(
  command: string,
  { timeout = 10_000 }: CodecOptions = {},
): CodecImplementation {
  const child = spawn(command, { shell: true, stdio: ['pipe', 'pipe', 'inherit'] })
  const waiting = new Map<string, (answer: unknown) => void>()
  let ended: string | undefined
  let asked = 0

  const end = (why: string): void => {
    ended ??= why
    for (const settle of waiting.values()) settle(new Error(ended))
    waiting.clear()
  }
  child.on('error', (error) => end(`${command}: ${error.message}`))
  // A process that ends without reading its input breaks the pipe; that it ended is told by its exit.
  child.stdin.on('error', () => {})
  const exited = new Promise<void>((resolve) => {
    child.on('close', (code) => {
      end(`${command} ended with exit code ${code}`)
      resolve()
    })
  })
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer = parse(line)
    const id = String(answer['id'])
    waiting.get(id)?.(answer)
    waiting.delete(id)
  })

  function ask<T>(request: Record<string, Json>): Promise<T | Refused> {
    const id = String(++asked)
    return new Promise((resolve, reject) => {
      if (ended !== undefined) return reject(new Error(ended))
      const timer = setTimeout(() => {
        waiting.delete(id)
        reject(new Error(`no answer within ${timeout} ms`))
      }, timeout)
      waiting.set(id, (answer) => {
        clearTimeout(timer)
        if (answer instanceof Error) reject(answer)
        else resolve(answer as T)
      })
      child.stdin.write(`${JSON.stringify({ id, ...request })}\n`)
    })
  }

  return {
    name: command,
    decode: async (message, input, options) => {
      if (!('hex' in input) || message === 'aif') return { ok: false, reason: unsupported }
      if (message === 'cbor') return askItem(ask, input.hex, options)
      return withKeys(await ask<Decoded>({ op: 'decode', message, hex: input.hex, ...told(options) }))
    },
    encode: async (message, value, options) =>
      message === 'aif'
        ? { ok: false, reason: unsupported }
        : ask<Encoded>({ op: 'encode', message, value, ...told(options) }),
    close: () => {
      child.stdin.end()
      return exited
    },
  }
}

/** The answer with the keys alone of unknown members: their values a codec tells in JSON, in a way of its own. */
function withKeys(answer: Decoded | Refused): Decoded | Refused {
  if (!answer.ok || !answer.unknown) return answer
  return { ...answer, unknown: answer.unknown.map(({ key }) => ({ key })) }
}

function told(options: VectorOptions): { readonly options?: Json } {
  return Object.keys(options).length > 0 ? { options: options as Json } : {}
}

/** Asks for one item in its {@link envelope}, and tells the answer as if it had stood alone. */
async function askItem(
  ask: (request: Record<string, Json>) => Promise<Decoded | Refused>,
  item: string,
  { maxDepth, maxBytes, ...options }: VectorOptions,
): Promise<Decoded | Refused> {
  const length = envelope.length / 2
  const answer = await ask({
    op: 'decode',
    message: 'error-response',
    hex: envelope + item,
    ...told({
      ...options,
      ...(maxDepth !== undefined && { maxDepth: maxDepth + 1 }),
      ...(maxBytes !== undefined && { maxBytes: maxBytes + length }),
    }),
  })
  if (answer.ok) return { ok: true }
  return answer.offset === undefined ? answer : { ...answer, offset: answer.offset - length }
}

/** The answer on a line; one without an id for a line that is none. */
function parse(line: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(line))
  } catch {
    return {}
  }
}
