import { type Command, Option } from 'commander'
import { hashNewSecret, newSecret } from '../../client-secret.ts'
import type { ClientRecord, Store } from '../../store/contract.ts'
import { didYouMean, quoted } from '../../text.ts'
import {
  jsonFile,
  type ListOptions,
  oneOf,
  type ResultOptions,
  several,
  wholeNumber,
  withExamples,
  withPages,
  withResult,
} from '../options.ts'
import { CommandError, show } from '../output.ts'
import { pagesOf, showPages } from '../pages.ts'
import { Progress } from '../progress.ts'
import { addClient } from '../registration/add.ts'
import { authenticationMethods, clientToJson, readClient } from '../registration/client-registration.ts'
import { scopesOf } from '../registration/fields.ts'
import { revokeMany } from '../revoke-many.ts'
import { actorOf, now, withStore } from '../with-store.ts'
import { byOptions, type Context } from './context.ts'
import { addImport } from './import.ts'

/** The options that say what is registered of a client. */
interface ClientOptions {
  readonly audience?: readonly string[]
  readonly scope?: readonly string[]
  readonly profile?: readonly string[]
  readonly defaultAudience?: string
  readonly defaultScope?: string
  readonly authentication?: string
  readonly jwks?: string
  readonly certificateSubject?: string
  readonly channelIdentity?: string
  readonly grantType?: readonly string[]
  readonly session?: 'operator' | 'implicit' | 'none'
  readonly sessionLifetime?: number
  readonly sessionBudget?: number
  readonly sessionPerMinute?: number
  readonly maxSessions?: number
  readonly administrator?: boolean
}

/** The options of members that have another name. */
const optionNames = {
  client_id: 'the name',
  audiences: '--audience',
  scopes: '--scope',
  profiles: '--profile',
  grant_types: '--grant-type',
  'session.max_open': '--max-sessions',
}

/** The parts of a certificate's subject, by the words of the command line. */
const subjectParts: Readonly<Record<string, string>> = {
  dn: 'tls_client_auth_subject_dn',
  dns: 'tls_client_auth_san_dns',
  uri: 'tls_client_auth_san_uri',
  ip: 'tls_client_auth_san_ip',
  email: 'tls_client_auth_san_email',
}

function withRegistration(command: Command): Command {
  return command
    .option('--audience <name>', 'a resource server that it may ask for; may be given again', several)
    .option('--scope <scope>', 'a scope that it may ask for; may be given again', several)
    .option('--profile <name>', 'an ACE profile that it speaks (coap_dtls); may be given again', several)
    .option('--default-audience <name>', "what it gets where it asks for none; '' for nothing")
    .option('--default-scope <scope>', "what it gets where it asks for none; '' for nothing")
    .addOption(
      new Option('--authentication <method>', 'how it proves who it is (client_secret)')
        .choices(authenticationMethods)
        .argParser(oneOf(authenticationMethods)),
    )
    .option('--jwks <file>', 'its public keys as a JWK Set, for private_key_jwt and self-signed certificates')
    .option(
      '--certificate-subject <part=value>',
      `what stands in its certificate: ${Object.keys(subjectParts).join(', ')}, for example dns=sensor1.example.com`,
    )
    .option('--channel-identity <text>', 'the identity of its channel, such as a PSK identity')
    .option('--grant-type <name>', 'a grant type that it may use; may be given again', several)
    .addOption(
      new Option('--session <who>', 'whether it gets tokens in sessions alone, and who opens them')
        .choices(['operator', 'implicit', 'none'])
        .argParser(oneOf(['operator', 'implicit', 'none'])),
    )
    .option('--session-lifetime <seconds>', 'how long a session lives that its request opens', wholeNumber)
    .option('--session-budget <tokens>', 'how many tokens such a session gives', wholeNumber)
    .option('--session-per-minute <tokens>', 'how many tokens it gives in a minute', wholeNumber)
    .option('--max-sessions <count>', 'how many sessions may be open at once', wholeNumber)
    .option('--administrator', 'it may read the whole token revocation list')
    .option('--no-administrator', 'it may read its own part of the list (the default)')
}

/** `ace-oauth-server client`: the registered clients. */
export function configureClient(client: Command, context: Context): void {
  const { output, signals } = context
  client.description('The registered clients. A running server sees a change within a second.')

  withExamples(
    withRegistration(withResult(client.command('add')))
      .argument('<client>', 'its identifier')
      .description('Register a client. Its secret is shown this once.'),
    ['client add sensor1 --audience rs1 --scope read --scope write', 'a client with a secret'],
    [
      'client add gw --audience rs1 --scope read --jwks gw.jwks',
      'one that signs assertions with a key of its own (private_key_jwt)',
    ],
    [
      'client add s2 --audience rs1 --scope read --session implicit --session-budget 10',
      'one that gets 10 tokens an hour',
    ],
  ).action((clientId: string, options: ResultOptions & ClientOptions) =>
    withStore(options, async (store) => {
      const { record } = await byOptions(optionNames, async () =>
        readClient({ ...(await membersOf(options, {})), client_id: clientId }),
      )
      show(output, await addClient(store, record, actorOf('client add')), options.json === true)
      if (!options.json) await remarkOnNames(store, record, output.error)
    }),
  )

  withExamples(
    withPages(client.command('list'), 'client').description('List clients, without their secrets.'),
    ['client list --limit 20', 'the first 20, by their names'],
    ['client list --json > clients.json', 'all, with all that is registered of them'],
  ).action((options: ListOptions) =>
    withStore(options, (store) =>
      showPages(
        output,
        pagesOf(
          (page) => store.clients.list(page),
          ({ clientId }) => clientId,
          { after: options.after ?? '', limit: options.limit, signal: signals.end },
        ),
        clientToJson,
        ['client_id', 'enabled', 'authentication', 'audiences', 'scopes', 'created_at'],
        options.json === true,
      ),
    ),
  )

  const onOne = (
    name: string,
    description: string,
    work: (store: Store, clientId: string, actor: string) => Promise<object>,
  ): Command =>
    withResult(client.command(name))
      .argument('<client>', 'its identifier')
      .description(description)
      .action((clientId: string, options: ResultOptions) =>
        withStore(options, async (store) =>
          show(output, await work(store, clientId, actorOf(`client ${name}`)), options.json === true),
        ),
      )
  withExamples(
    onOne('show', 'Show what is registered of a client, but for its secret.', async (store, clientId) =>
      clientToJson(await found(store, clientId)),
    ),
    ['client show sensor1 --json', 'as one line of JSON, which `client import` takes'],
  )
  withExamples(
    onOne(
      'disable',
      'Shut a client out: its requests are refused. Tokens that it has stay good until they end or are revoked.',
      (store, clientId, actor) => setEnabled(store, clientId, false, actor),
    ),
    ['client disable sensor1', 'it gets no more tokens, a second later at most'],
    ['token revoke --client sensor1', 'and those that it has are revoked'],
  )
  withExamples(
    onOne('enable', 'Let a client in again.', (store, clientId, actor) =>
      setEnabled(store, clientId, true, actor),
    ),
    ['client enable sensor1', 'its secret is what it was'],
  )
  withExamples(
    onOne(
      'rotate',
      'Give a client a new secret, which is shown this once. The one before it is no longer good.',
      rotateSecret,
    ),
    ['client rotate sensor1', 'give the new secret to the device, which is refused until it has it'],
  )
  withExamples(
    onOne(
      'remove',
      'Shut a client out, revoke its tokens, and forget it.',
      async (store, clientId, actor) => {
        await setEnabled(store, clientId, false, actor)
        const revoked = await revokeMany(
          store,
          { clientId },
          actor,
          new Progress(output, 'tokens revoked'),
          signals.end,
        )
        await store.clients.remove(clientId, actor, now())
        return { client_id: clientId, removed: true, revoked }
      },
    ),
    ['client remove sensor1', 'the audit trail keeps what was done'],
  )

  withExamples(
    withRegistration(withResult(client.command('set')))
      .argument('<client>', 'its identifier')
      .description('Change what is registered of a client: what is given takes the place of what was there.'),
    ['client set sensor1 --scope read', 'sensor1 may ask for read alone from now on'],
    ["client set sensor1 --default-audience ''", 'sensor1 has to name the audience'],
  ).action((clientId: string, options: ResultOptions & ClientOptions) =>
    withStore(options, async (store) => {
      const changed = await changeClient(store, clientId, options)
      show(output, clientToJson(changed), options.json === true)
      if (!options.json) await remarkOnNames(store, changed, output.error)
    }),
  )

  addImport(client, 'client', context)
}

/** The members of a registration that options tell, over those that it has. */
async function membersOf(
  options: ClientOptions,
  before: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const members: Record<string, unknown> = {
    audiences: options.audience,
    scopes: options.scope?.flatMap(scopesOf),
    profiles: options.profile,
    default_audience: options.defaultAudience,
    default_scope: options.defaultScope,
    authentication: options.authentication,
    jwks: options.jwks && (await jsonFile('--jwks', options.jwks)),
    certificate_subject: options.certificateSubject && subjectOf(options.certificateSubject),
    channel_identity: options.channelIdentity,
    grant_types: options.grantType,
    administrator: options.administrator,
    session: sessionOf(options, before['session'] as Readonly<Record<string, unknown>> | null | undefined),
  }
  return {
    ...before,
    ...Object.fromEntries(
      Object.entries(members)
        .filter(([, value]) => value !== undefined)
        .map(([member, value]) => [member, value === '' ? null : value]),
    ),
  }
}

function subjectOf(text: string): Readonly<Record<string, string>> {
  const [, part = '', value = ''] = /^(\w+)=(.+)$/s.exec(text) ?? []
  const member = Object.hasOwn(subjectParts, part) ? subjectParts[part]! : undefined
  if (member !== undefined) return { [member]: value }
  const parts = Object.keys(subjectParts)
  throw new CommandError(
    2,
    `--certificate-subject ${quoted(text)}: expected part=value with one of ${parts.join(', ')}${didYouMean(part, parts)}`,
  )
}

function sessionOf(
  { session, sessionLifetime, sessionBudget, sessionPerMinute, maxSessions }: ClientOptions,
  before: Readonly<Record<string, unknown>> | null | undefined,
): Readonly<Record<string, unknown>> | null | undefined {
  const bounds = Object.entries({
    opens: session,
    lifetime: sessionLifetime,
    budget: sessionBudget,
    per_minute: sessionPerMinute,
    max_open: maxSessions,
  }).filter(([, value]) => value !== undefined)
  if (bounds.length === 0) return undefined
  if (session === 'none') return null
  if (!before && session === undefined)
    throw new CommandError(
      2,
      'bounds of sessions need --session: operator, or implicit where a request opens them',
    )
  return { ...before, ...Object.fromEntries(bounds) }
}

async function changeClient(
  store: Store,
  clientId: string,
  options: ResultOptions & ClientOptions,
): Promise<ClientRecord> {
  const before = clientToJson(await found(store, clientId))
  const given = await membersOf(options, before)
  const changes = Object.entries(given).filter(([member, value]) => value !== before[member])
  if (changes.length === 0)
    throw new CommandError(2, 'nothing to change: ace-oauth-server client set --help shows what there is')
  const read = (client: ClientRecord): ClientRecord =>
    readClient({ ...clientToJson(client), ...Object.fromEntries(changes) }).record
  return byOptions(optionNames, async () => {
    const { channelIdentity } = read(await found(store, clientId))
    const holder = channelIdentity === null ? undefined : await store.clients.findByChannel(channelIdentity)
    if (holder && holder.clientId !== clientId)
      throw new CommandError(1, `the channel identity is that of ${holder.clientId}`)
    const changed = await store.clients.change(clientId, read, actorOf('client set'), now())
    if (!changed) throw await noClient(store, clientId)
    return changed
  })
}

async function setEnabled(
  store: Store,
  clientId: string,
  isEnabled: boolean,
  actor: string,
): Promise<{ readonly client_id: string; readonly enabled: boolean }> {
  if (!(await store.clients.setEnabled(clientId, isEnabled, actor, now())))
    throw await noClient(store, clientId)
  return { client_id: clientId, enabled: isEnabled }
}

async function rotateSecret(
  store: Store,
  clientId: string,
  actor: string,
): Promise<{ readonly client_id: string; readonly client_secret: string }> {
  const { authentication } = await found(store, clientId)
  if (authentication !== 'client_secret')
    throw new CommandError(1, `${clientId} authenticates by ${authentication}, not by a secret`)
  const secret = newSecret()
  if (!(await store.clients.setSecretHash(clientId, hashNewSecret(secret), actor, now())))
    throw await noClient(store, clientId)
  return { client_id: clientId, client_secret: secret }
}

async function found(store: Store, clientId: string): Promise<ClientRecord> {
  const client = await store.clients.find(clientId)
  if (client) return client
  throw await noClient(store, clientId)
}

/** Tells that there is no such client, and which one may have been meant. */
export async function noClient(store: Store, clientId: string): Promise<CommandError> {
  const near = await store.clients.list({ limit: 1_000 })
  const suggestion = didYouMean(
    clientId,
    near.map((client) => client.clientId),
  )
  return new CommandError(1, `there is no client ${quoted(clientId)}${suggestion}`)
}

/** Says for people what may be a mistake: audiences that are not registered, scopes that none of them knows. */
async function remarkOnNames(store: Store, client: ClientRecord, say: (text: string) => void): Promise<void> {
  const servers = await store.resourceServers.findMany(client.audiences)
  const known = servers.map(({ audience }) => audience)
  const all =
    known.length === client.audiences.length ? [] : await store.resourceServers.list({ limit: 1_000 })
  for (const audience of client.audiences)
    if (!known.includes(audience)) {
      const suggestion = didYouMean(
        audience,
        all.map((server) => server.audience),
      )
      say(`note: no resource server ${audience} is registered yet${suggestion}\n`)
    }
  const scopes = servers.flatMap((server) => server.scopes)
  for (const scope of known.length === client.audiences.length ? client.scopes : [])
    if (!scopes.includes(scope))
      say(`note: none of the resource servers knows the scope ${quoted(scope)}${didYouMean(scope, scopes)}\n`)
}
