import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import type { SessionRecord, Store } from '../../store/contract.ts'
import { quoted } from '../../text.ts'
import {
  type ListOptions,
  type ResultOptions,
  several,
  wholeNumber,
  withExamples,
  withPages,
  withResult,
} from '../options.ts'
import { CommandError, show } from '../output.ts'
import { pagesOf, showPages } from '../pages.ts'
import { usualMaxOpen } from '../registration/client-registration.ts'
import { actorOf, now, withStore } from '../with-store.ts'
import { noClient } from './client.ts'
import type { Context } from './context.ts'

/** What `session open` is told. */
interface SessionOptions {
  readonly budget?: number
  readonly lifetime: number
  readonly perMinute?: number
  readonly audience?: readonly string[]
  readonly scope?: readonly string[]
}

/** `ace-oauth-server session`: what bounds the tokens of a client. */
export function configureSessions(session: Command, { output, signals }: Context): void {
  session.description('What bounds the tokens of a client.')

  withExamples(
    withResult(session.command('open'))
      .argument('<client>', 'whose tokens come from it')
      .description(
        'Open a session: from then on the tokens of the client come from it, and once it is used up, over or closed the client is refused until another is opened.',
      )
      .option('--budget <tokens>', 'how many tokens it gives; any number where this is absent', wholeNumber)
      .option('--lifetime <seconds>', 'how long it lives', wholeNumber, 3_600)
      .option('--per-minute <tokens>', 'how many tokens it gives in a minute', wholeNumber)
      .option('--audience <name>', 'a resource server that it is for; may be given again', several)
      .option('--scope <scope>', 'a scope that it is for; may be given again', several),
    ['session open sensor1 --budget 10 --lifetime 3600', 'ten tokens within an hour'],
    ['session open sensor1 --audience rs1 --scope read --lifetime 600', 'ten minutes to commission sensor1'],
  ).action((clientId: string, options: ResultOptions & SessionOptions) =>
    withStore(options, async (store) =>
      show(output, await openSession(store, clientId, options), options.json === true),
    ),
  )

  withExamples(
    withPages(session.command('list'), 'session')
      .description('List sessions.')
      .option('--client <client>', 'those of a client alone')
      .option('--open', 'those alone that are open'),
    ['session list --client sensor1 --open', 'what sensor1 has left'],
  ).action((options: ListOptions & { readonly client?: string; readonly open?: true }) =>
    withStore(options, (store) => {
      const query = {
        ...(options.client !== undefined && { clientId: options.client }),
        ...(options.open && { isOpenAt: now() }),
      }
      return showPages(
        output,
        pagesOf(
          (page) => store.sessions.list({ ...query, ...page }),
          ({ sessionId }) => sessionId,
          { after: options.after ?? '', limit: options.limit, signal: signals.end },
        ),
        rowOf,
        ['session_id', 'client_id', 'budget', 'used', 'expires_at', 'closed_at'],
        options.json === true,
      )
    }),
  )

  withExamples(
    withResult(session.command('close'))
      .argument('<session>', 'its identifier, as the list tells it')
      .description('Close a session: its client is refused until another is opened.'),
    ['session close 1b4e28ba-2fa1-4d2b-883f-0016d3cca427', 'tokens that it gave stay good'],
  ).action((sessionId: string, options: ResultOptions) =>
    withStore(options, async (store) =>
      show(output, await closeSession(store, sessionId), options.json === true),
    ),
  )
}

async function openSession(
  store: Store,
  clientId: string,
  { budget, lifetime, perMinute, audience, scope }: SessionOptions,
): Promise<{ readonly session_id: string; readonly expires_at: number }> {
  const client = await store.clients.find(clientId)
  if (!client) throw await noClient(store, clientId)
  requireAmong('--audience', audience, client.audiences)
  requireAmong('--scope', scope, client.scopes)
  const openedAt = now()
  const session: SessionRecord = {
    sessionId: randomUUID(),
    clientId,
    openedAt,
    expiresAt: openedAt + lifetime,
    closedAt: null,
    lifetime,
    budget: budget ?? null,
    perMinute: perMinute ?? null,
    audiences: audience ?? null,
    scopes: scope ?? null,
    used: 0,
  }
  const maxOpen = client.sessionPolicy?.maxOpen ?? usualMaxOpen
  const opened = await store.sessions.open(session, maxOpen, actorOf('session open'))
  if (opened !== 'opened')
    throw new CommandError(1, `${opened.used} sessions of ${clientId} are open, as many as may be`)
  return { session_id: session.sessionId, expires_at: session.expiresAt }
}

/** Refuses a session for what its client may not have: it would give nothing. */
function requireAmong(option: string, given: readonly string[] = [], allowed: readonly string[]): void {
  const beyond = given.find((each) => !allowed.includes(each))
  if (beyond !== undefined)
    throw new CommandError(1, `${option} ${quoted(beyond)}: the client may have ${allowed.join(', ')}`)
}

function rowOf(session: SessionRecord): Readonly<Record<string, unknown>> {
  return {
    session_id: session.sessionId,
    client_id: session.clientId,
    budget: session.budget,
    used: session.used,
    per_minute: session.perMinute,
    audiences: session.audiences,
    scopes: session.scopes,
    opened_at: session.openedAt,
    expires_at: session.expiresAt,
    closed_at: session.closedAt,
  }
}

async function closeSession(
  store: Store,
  sessionId: string,
): Promise<{ readonly session_id: string; readonly closed_at: number }> {
  const at = now()
  const before = await store.sessions.close(sessionId, actorOf('session close'), at)
  if (!before) throw new CommandError(1, `there is no session ${quoted(sessionId)}`)
  return { session_id: sessionId, closed_at: before.closedAt ?? at }
}
