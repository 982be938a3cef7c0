import type { Command } from 'commander'
import { readConfiguration } from '../../serve/configuration.ts'
import { logStray, openLog } from '../../serve/log.ts'
import { serve } from '../../serve/serve.ts'
import { withConfiguration, withExamples } from '../options.ts'
import type { Output } from '../output.ts'
import { type CommonOptions, openExisting } from '../with-store.ts'
import type { Context, Signals } from './context.ts'

/** `ace-oauth-server serve`: the server. */
export function configureServe(command: Command, { output, signals }: Context): void {
  withExamples(
    withConfiguration(command).description(
      'Take requests until told to end: SIGTERM drains, SIGHUP takes configuration, keys, certificates and policy anew.',
    ),
    ['serve --config as/ace-oauth.yaml', 'as the configuration says'],
    ['serve --set listen.http.port=0', 'on a free port, which the line that says ready tells'],
  ).action((options: CommonOptions) => serveUntilTold(options, output, signals))
}

/** Serves until it is told to end. */
async function serveUntilTold(
  { config, set }: CommonOptions,
  output: Output,
  { end, reloads, onStray }: Signals,
): Promise<void> {
  const configuration = await readConfiguration(config, set)
  const log = await openLog(configuration.log, output)
  onStray?.((error, isFatal) => logStray(log, error, isFatal))
  const store = await openExisting(configuration)
  try {
    const readAgain = () => readConfiguration(config, set)
    const server = await serve({ configuration, readAgain, store, log })
    const reload = (): void => void server.reload()
    reloads.addEventListener('reload', reload)
    log.announce({ event: 'ready', ...server.urls })
    await aborted(end)
    log.logger.info({ event: 'ending' })
    reloads.removeEventListener('reload', reload)
    await server.close()
    log.logger.info({ event: 'ended' })
  } finally {
    await store.close()
    log.flush()
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
