import { type Command, InvalidArgumentError } from 'commander'
import type { AuditQuery, Store } from '../../store/contract.ts'
import { type ResultOptions, time, wholeNumber, withExamples, withResult } from '../options.ts'
import { pagesOf, showPages } from '../pages.ts'
import { withStore } from '../with-store.ts'
import type { Context } from './context.ts'

/** What `audit` is told. */
interface AuditOptions extends ResultOptions {
  readonly client?: string
  readonly subject?: string
  readonly actor?: string
  readonly action?: string
  readonly since?: number
  readonly until?: number
  readonly after?: number
  readonly limit?: number
}

/** `ace-oauth-server audit`: who did what. */
export function configureAudit(command: Command, { output, signals }: Context): void {
  withExamples(
    withResult(command)
      .description(
        'Show who did what, oldest first: the user and the command, or the client whose request did it. Lines are only ever added.',
      )
      .option('--client <client>', 'what was done to a client')
      .option('--subject <name>', 'the same, for a resource server or a key as well')
      .option('--actor <text>', 'what was done by whom: what the actor begins with, such as cli:alice')
      .option('--action <action>', 'such as client_added, client_disabled, token_revoked, key_activated')
      .option(
        '--since <time>',
        'from then on: 2026-08-01, 2026-08-01T12:00:00Z, or how long ago: 15m, 12h, 7d',
        time,
      )
      .option('--until <time>', 'before then', time)
      .option('--after <id>', 'only lines behind this one', lineId)
      .option('--limit <lines>', 'the last so many; with --after the next so many', wholeNumber),
    ['audit --limit 20', 'what happened last'],
    ['audit --client sensor1 --since 7d', 'what was done to sensor1 in a week'],
    ['audit --after 4711 --limit 1000 --json', 'the next lines, for who collects them'],
  ).action((options: AuditOptions) =>
    withStore(options, async (store) => {
      const { action, actor, since, until, limit } = options
      const query = { subject: options.subject ?? options.client, action, actor, since, until }
      const after =
        options.after ?? (limit === undefined ? 0 : await beforeLast(store, query, limit, signals.end))
      return showPages(
        output,
        pagesOf(
          (page) => store.audit.list({ ...query, ...page }),
          ({ id }) => id,
          { after, limit, signal: signals.end },
        ),
        (entry) => ({ ...entry }),
        ['id', 'at', 'actor', 'action', 'subject', 'details'],
        options.json === true,
      )
    }),
  )
}

/** The id behind which the last lines stand. */
async function beforeLast(
  store: Store,
  query: Omit<AuditQuery, 'limit'>,
  limit: number,
  signal: AbortSignal,
): Promise<number> {
  const newestFirst = pagesOf(
    ({ after, limit: size }) =>
      store.audit.list({ ...query, before: after, isNewestFirst: true, limit: size }),
    ({ id }) => id,
    { after: Number.MAX_SAFE_INTEGER, limit, signal },
  )
  let first = Number.MAX_SAFE_INTEGER
  for await (const page of newestFirst) first = page.at(-1)!.id
  return first - 1
}

function lineId(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Expected the id of a line.')
}
