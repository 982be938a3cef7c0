import type { Exchange } from '../../client/exchange.ts'
import { Failure } from '../../failure/failure.ts'
import { retry } from '../../failure/retry.ts'
import { runbookOf } from '../../failure/runbook.ts'
import { mediaTypes } from '../../message/media-types.ts'
import { EncodeError } from '../../table/encode-error.ts'
import { hex } from '../../table/hex.ts'
import { type Exit, wrongUsage } from '../exit.ts'
import { hiddenHeader, renderExchange, withoutSecrets } from '../show/exchange.ts'
import { print, remark, type Style, styleFor } from '../show/output.ts'
import { facts } from '../show/table.ts'
import { printable, toJson } from '../show/text.ts'
import type { RequestOptions } from './options.ts'

/** What one request of the command line is. */
export interface Work<Result> {
  readonly send: () => Promise<Exchange>
  /** Checks the answer. */
  readonly process: (exchange: Exchange) => Result
  /** Whether a request does no harm that comes twice. */
  readonly isSafeToRepeat: boolean
  /** What to tell of a success besides the exchange. */
  readonly tell: (result: Result, style: Style) => string
  /** The same in JSON. */
  readonly toJson: (result: Result) => Record<string, unknown>
  /** Keeps what came. */
  readonly keep?: (result: Result, json: string) => Promise<void>
}

/** Sends a request, shows both sides, and what the client should do. */
export async function runRequest<Result>(work: Work<Result>, options: RequestOptions): Promise<void> {
  const { attempts, showSecrets = false, json } = options
  if (attempts < 1) wrongUsage('--attempts is 1 or more')
  const style = styleFor(process.stdout)
  let exchange: Exchange | undefined
  try {
    const result = await retry(
      async () => {
        exchange = undefined
        exchange = await work.send()
        if (!json) print(renderExchange(exchange, style, showSecrets))
        return work.process(exchange)
      },
      {
        safeToRepeat: work.isSafeToRepeat,
        maxAttempts: attempts,
        onAttempt: ({ attempt, error, waitMs }) => {
          if (waitMs === undefined) return
          const code = error instanceof Failure ? error.code : 'a failure'
          remark(`attempt ${attempt}: ${code}; again after ${Math.round(waitMs)} ms\n`)
        },
      },
    )
    const told = `${toJson({ ...(exchange && describe(exchange, showSecrets)), ...work.toJson(result) })}\n`
    if (!json) print(`\n${work.tell(result, style)}`)
    if (work.keep) await work.keep(result, told)
    else if (json) print(told)
  } catch (error) {
    if (!(error instanceof Failure)) throw asUsage(error)
    if (json)
      print(`${toJson({ ...(exchange && describe(exchange, showSecrets)), failure: tellFailure(error) })}\n`)
    else remark(`${exchange ? '\n' : ''}${renderFailure(error)}`)
    process.exitCode = 1
  }
}

/** Wrong options are wrong usage; a defect stays what it is. */
export function asUsage(error: unknown): Exit | unknown {
  if (error instanceof TypeError || error instanceof RangeError || error instanceof EncodeError)
    wrongUsage(printable(error.message))
  return error
}

/** Both sides as data. The secrets of the request are hidden, unless they are to be shown. */
function describe(exchange: Exchange, showsSecrets: boolean): Record<string, unknown> {
  const { request, url, sent, received } = exchange
  const message = request.toJson()
  const { authorization } = sent.headers
  const headers = {
    ...sent.headers,
    ...(authorization !== undefined && !showsSecrets && { authorization: hiddenHeader(authorization) }),
  }
  const { status, mediaType, retryAfter, payload } = received
  return {
    request: {
      url,
      headers,
      ...(showsSecrets
        ? { payload: hex(sent.payload), message }
        : { message: withoutSecrets(message, true) }),
    },
    response: {
      status,
      media_type: mediaType,
      retry_after: retryAfter,
      ...(isMessage(mediaType) && { payload: hex(payload) }),
    },
  }
}

function isMessage(mediaType: string | undefined): boolean {
  return mediaType === mediaTypes.cbor || mediaType === mediaTypes.json || mediaType === mediaTypes.problem
}

function tellFailure(failure: Failure): Record<string, unknown> {
  const { code, kind, retryAfterMs, details } = failure
  return {
    code,
    kind: kind.name,
    isTransient: kind.isTransient,
    retryAfterMs: retryAfterMs ?? kind.baseBackoffMs,
    suggestedAction: kind.suggestedAction,
    ...runbookOf(code),
    details,
  }
}

/** What happened, whether to try again, and who can repair what. */
function renderFailure(failure: Failure): string {
  const { code, kind, retryAfterMs, details } = failure
  const { meaning, action } = runbookOf(code)
  const wait = kind.isTransient
    ? `yes, after ${retryAfterMs ?? kind.baseBackoffMs} ms`
    : 'no: the same request fails again'
  return `${styleFor(process.stderr).red('failed')}: ${code}\n\n${facts([
    ['meaning', meaning],
    ['remedy', action],
    ['try again', wait],
    ['kind', `${kind.name}: ${kind.phrase} (suggested action: ${kind.suggestedAction})`],
    ['because', causesOf(failure)],
    ['details', Object.keys(details).length > 0 ? toJson(details) : undefined],
  ])}`
}

/** What was thrown first, such as the words of the network; the longest way is that of fetch in Node. */
function causesOf(failure: Failure): string | undefined {
  const words: string[] = []
  for (let cause: unknown = failure.cause; cause instanceof Error && words.length < 4; cause = cause.cause) {
    const { code } = cause as NodeJS.ErrnoException
    words.push(printable(cause.message || `${code ?? cause.name}`))
  }
  return words.length > 0 ? words.join(': ') : undefined
}
