import type { Command } from 'commander'
import { pino } from 'pino'
import { readConfiguration, storeLocation } from '../../serve/configuration.ts'
import { serve } from '../../serve/serve.ts'
import { openStore } from '../../store/open-store.ts'
import { withConfiguration, withExamples } from '../options.ts'
import type { Output } from '../output.ts'
import type { CommonOptions } from '../with-store.ts'
import type { Context, Signals } from './context.ts'

/** `ace-oauth-server serve`: the server. */
export function configureServe(command: Command, { output, signals }: Context): void {
  withExamples(
    withConfiguration(command).description(
      'Take requests until told to end: SIGTERM drains, SIGHUP takes keys anew.',
    ),
    ['serve --config as/ace-oauth.yaml', 'as the configuration says'],
    ['serve --set listen.http.port=0', 'on a free port, which the line that says ready tells'],
  ).action((options: CommonOptions) => serveUntilTold(options, output, signals))
}

/** Serves until it is told to end. */
async function serveUntilTold(
  { config, set }: CommonOptions,
  output: Output,
  { end, reloads }: Signals,
): Promise<void> {
  const configuration = await readConfiguration(config, set)
  const options = { level: configuration.log.level, base: null, timestamp: pino.stdTimeFunctions.isoTime }
  const log = pino(options, { write: (line: string) => void output.out(line) })
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
