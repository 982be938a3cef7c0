import type { ObservedAnswer } from 'ace-oauth/endpoint'
import { Failure } from 'ace-oauth/failure'
import { type Logger, pino } from 'pino'
import type { Configuration } from './configuration.ts'

/** A log, and where it goes. */
export interface Log {
  readonly logger: Logger
  /** Writes a line that scripts rely on, whatever the level is. */
  readonly announce: (event: Readonly<Record<string, unknown>>) => void
  /** Writes what waits to be written. */
  readonly flush: () => void
}

/** Where a log is written to. */
export interface LogOutput {
  readonly out: (text: string) => void | Promise<void>
  /** Whether a person looks at it. */
  readonly isTerminal?: boolean | undefined
}

/**
 * What JSON leaves as it is, and a terminal or an editor may obey: C1 control characters, separators of lines, and marks that turn the
 * direction of text.
 */
const unsafe = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** Makes the log of a server: lines of JSON, or for people, written together once in a turn of the event loop. */
export async function openLog({ level, format }: Configuration['log'], output: LogOutput): Promise<Log> {
  const isPretty = format === 'pretty' || (format === 'auto' && output.isTerminal === true)
  const shown = isPretty ? await prettifier(output.isTerminal === true) : (line: string) => line
  let waiting = ''
  const flush = (): void => {
    const text = waiting
    waiting = ''
    // Nobody may be there to read it any more.
    if (text !== '') Promise.resolve(output.out(text)).catch(() => undefined)
  }
  const write = (line: string): void => {
    if (waiting === '') setImmediate(flush)
    waiting += shown(line).replaceAll(
      unsafe,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
  }
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write },
  )
  return {
    logger,
    announce: (event) => {
      write(isPretty ? `${JSON.stringify({ level: 'info', ...event })}\n` : `${JSON.stringify(event)}\n`)
      flush()
    },
    flush,
  }
}

/** Loaded only where somebody looks at it. */
async function prettifier(hasColors: boolean): Promise<(line: string) => string> {
  const { prettyFactory } = await import('pino-pretty')
  const pretty = prettyFactory({
    colorize: hasColors && !process.env['NO_COLOR'],
    singleLine: true,
    messageKey: 'event',
    translateTime: 'SYS:HH:MM:ss.l',
  })
  return (line) => pretty(line) ?? ''
}

/** What the log tells of an answer. */
export interface LoggedAnswer
  extends Omit<ObservedAnswer<{ readonly client_id: string }>, 'endpoint' | 'code'> {
  readonly endpoint: string
}

/** Writes one line for an answer: no secret, no token, and of what the peer wrote, no more than the name of the client. */
export function logAnswer(logger: Logger, answer: LoggedAnswer): void {
  const { endpoint, status, failure, durationMs, client, clientId, peer, requestId } = answer
  const isOurs = status >= 500
  if (!isOurs && !logger.isLevelEnabled('info')) return
  const line = {
    event: 'answer',
    endpoint,
    status,
    code: failure?.code,
    kind: failure?.kind.name,
    details: failure && !isOurs ? failure.details : undefined,
    request_id: requestId,
    client: client?.client_id,
    claimed_client: client ? undefined : clientId,
    address: peer?.address,
    duration_ms: Math.round(durationMs * 1_000) / 1_000,
    error: isOurs ? failure?.toLog() : undefined,
  }
  if (isOurs) logger.error(line)
  else logger.info(line)
}

/** Tells of an error that nobody caught: at once, since the program may end. What is in it was written by others. */
export function logStray({ logger, flush }: Log, error: unknown, isFatal: boolean): void {
  const { cause } = new Failure('token_internal_error', { cause: error }).toLog()
  if (isFatal) logger.fatal({ event: 'crashed', error: cause })
  else logger.error({ event: 'unhandled_rejection', error: cause })
  flush()
}
