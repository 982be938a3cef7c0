import { pino } from 'pino'
import { readConfiguration, storeLocation } from '../../serve/configuration.ts'
import { serve } from '../../serve/serve.ts'
import { openStore } from '../../store/open-store.ts'
import type { Output } from '../output.ts'
import type { CommonOptions } from '../with-store.ts'

/** What a running server is told from outside. */
export interface Signals {
  /** Aborts when the server is to drain and end. */
  readonly end: AbortSignal
  /** Has an event `reload` when keys are to be taken anew. */
  readonly reloads: EventTarget
}

/** Serves until it is told to end. */
export async function serveUntilTold(
  { config, set }: CommonOptions,
  output: Output,
  { end, reloads }: Signals,
): Promise<void> {
  const configuration = await readConfiguration(config, set)
  const options = { level: configuration.log.level, base: null, timestamp: pino.stdTimeFunctions.isoTime }
  const log = pino(options, { write: output.out })
  const store = await openStore(storeLocation(configuration))
  try {
    const server = await serve(configuration, store, log)
    const reload = (): void => {
      server.reload().then(
        () => log.info({ event: 'reloaded' }),
        (error: unknown) => log.error({ event: 'reload_failed', error: String(error) }),
      )
    }
    reloads.addEventListener('reload', reload)
    log.info({ event: 'ready', http: server.http, metrics: server.metrics })
    await aborted(end)
    log.info({ event: 'ending' })
    reloads.removeEventListener('reload', reload)
    await server.close()
    log.info({ event: 'ended' })
  } finally {
    await store.close()
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
