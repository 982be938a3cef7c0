import { type Command, Option } from 'commander'
import { hashNewSecret, newSecret } from '../../client-secret.ts'
import type { ResourceServerRecord, Store } from '../../store/contract.ts'
import { tokenFormats } from '../../store/contract.ts'
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
import { addResourceServer, type ClientSecret, newSharedKey } from '../registration/add.ts'
import { scopesOf } from '../registration/fields.ts'
import {
  hasSharedKey,
  popKeys,
  readResourceServer,
  resourceServerToJson,
  tokenAlgorithms,
} from '../registration/resource-server-registration.ts'
import { actorOf, now, withStore } from '../with-store.ts'
import { byOptions, type Context } from './context.ts'
import { addImport } from './import.ts'

/** The options that say what is registered of a resource server and can be changed. */
interface ResourceServerOptions {
  readonly scope?: readonly string[]
  readonly profile?: readonly string[]
  readonly popKey?: readonly string[]
  readonly tokenLifetime?: number
  readonly maxTokenBytes?: number
  readonly exi?: boolean
  readonly issuerClaim?: boolean
  readonly audienceClaim?: boolean
  readonly publicKey?: string
}

/** The options of members that have another name. */
const optionNames = {
  audience: 'the name',
  scopes: '--scope',
  profiles: '--profile',
  pop_keys: '--pop-key',
}

function withRegistration(command: Command): Command {
  return command
    .option('--scope <scope>', 'a scope that it knows; may be given again', several)
    .option('--profile <name>', 'an ACE profile that it speaks (coap_dtls); may be given again', several)
    .option('--token-lifetime <seconds>', 'how long its tokens live (3600)', wholeNumber)
    .option('--max-token-bytes <bytes>', 'the longest token that it can take', wholeNumber)
    .option('--exi', 'its tokens carry exi in place of exp, for it has no clock')
    .option('--no-exi', 'its tokens carry exp')
    .option('--issuer-claim', 'its tokens carry iss (the default)')
    .option('--no-issuer-claim', 'its tokens carry no iss')
    .option('--audience-claim', 'its tokens carry aud (the default)')
    .option('--no-audience-claim', 'its tokens carry no aud')
    .option('--public-key <file>', 'its public key as a JWK, by which clients know it (rs_cnf)')
    .option(
      '--pop-key <type>',
      `a type of key that it can process: ${popKeys.join(', ')}; may be given again`,
      several,
    )
}

/** `ace-oauth-server rs`: the registered resource servers. */
export function configureResourceServers(rs: Command, context: Context): void {
  const { output, signals } = context
  rs.description('The registered resource servers. A running server sees a change within a second.')

  withExamples(
    withRegistration(withResult(rs.command('add')))
      .argument('<audience>', 'its identifier')
      .description('Register a resource server. Its key and its secret are shown this once.')
      .addOption(
        new Option('--format <format>', 'how its tokens are made')
          .default('cwt-encrypt0')
          .choices(tokenFormats)
          .argParser(oneOf(tokenFormats)),
      )
      .addOption(
        new Option('--algorithm <name>', 'what protects its tokens; by default what its format usually has')
          .choices(tokenAlgorithms)
          .argParser(oneOf(tokenAlgorithms)),
      ),
    ['rs add rs1 --scope read --scope write', 'encrypted CWTs, with a key that the server shares with rs1'],
    [
      'rs add rs2 --scope read --format jwt',
      'signed JWTs, which rs2 verifies with the public key that is shown',
    ],
    [
      "rs add rs3 --scope 'aif:/s/temp 1' --exi --max-token-bytes 200",
      'GET on /s/temp, for a device without a clock',
    ],
  ).action(
    (
      audience: string,
      options: ResultOptions &
        ResourceServerOptions & { readonly format: string; readonly algorithm?: string },
    ) =>
      withStore(options, async (store) => {
        const added = await byOptions(optionNames, async () => {
          const { format, algorithm } = options
          const json = { ...(await membersOf(options)), audience, format, algorithm }
          const { record } = await readResourceServer(json)
          return addResourceServer(store, record, actorOf('rs add'))
        })
        show(output, added, options.json === true)
      }),
  )

  withExamples(
    withPages(rs.command('list'), 'audience').description(
      'List resource servers, without their keys and secrets.',
    ),
    ['rs list', 'all, by their names'],
  ).action((options: ListOptions) =>
    withStore(options, (store) =>
      showPages(
        output,
        pagesOf(
          (page) => store.resourceServers.list(page),
          ({ audience }) => audience,
          { after: options.after ?? '', limit: options.limit, signal: signals.end },
        ),
        resourceServerToJson,
        ['audience', 'format', 'algorithm', 'scopes', 'profiles', 'token_lifetime', 'key_id', 'created_at'],
        options.json === true,
      ),
    ),
  )

  const onOne = (
    name: string,
    description: string,
    work: (store: Store, audience: string, actor: string) => Promise<object>,
  ): Command =>
    withResult(rs.command(name))
      .argument('<audience>', 'its identifier')
      .description(description)
      .action((audience: string, options: ResultOptions) =>
        withStore(options, async (store) =>
          show(output, await work(store, audience, actorOf(`rs ${name}`)), options.json === true),
        ),
      )
  withExamples(
    onOne(
      'show',
      'Show what is registered of a resource server, but for its keys and its secret.',
      async (store, audience) => resourceServerToJson(await found(store, audience)),
    ),
    ['rs show rs1', 'its format, scopes and the kid of its key'],
  )
  withExamples(
    onOne(
      'generate-key',
      'Make the next key for the tokens of a resource server, which is shown this once. Tokens are still made with the key before it.',
      generateKey,
    ),
    ['rs generate-key rs1', '1. make a key, and let rs1 take it beside the one that it has'],
    ['rs rotate-key rs1', '2. make tokens with it; when those before have ended, rs1 may forget the old key'],
  )
  withExamples(
    onOne(
      'rotate-key',
      'Make tokens with the key of generate-key from now on, or, where there is none, with a new one, which is shown this once. Without generate-key the resource server refuses tokens until it has the new key.',
      rotateKey,
    ),
    ['rs rotate-key rs1', 'a running server makes tokens with it a second later at most'],
  )
  withExamples(
    onOne(
      'rotate-secret',
      'Give a resource server a new secret for introspection, which is shown this once. The one before it is no longer good.',
      rotateSecret,
    ),
    ['rs rotate-secret rs1', 'rs1 cannot introspect until it has the new secret'],
  )
  withExamples(
    onOne(
      'remove',
      'Forget a resource server: no more tokens are made for it, and it cannot introspect. Tokens that there are end by themselves.',
      async (store, audience, actor) => {
        if (!(await store.resourceServers.remove(audience, actor, now())))
          throw await noServer(store, audience)
        return { audience, removed: true }
      },
    ),
    ['token revoke --audience rs1', 'to revoke its tokens first'],
    ['rs remove rs1', 'clients that may ask for it are refused from now on'],
  )

  withExamples(
    withRegistration(withResult(rs.command('set')))
      .argument('<audience>', 'its identifier')
      .description(
        'Change what is registered of a resource server: what is given takes the place of what was there. For another format or algorithm remove it and add it again.',
      ),
    ['rs set rs1 --token-lifetime 600', 'tokens that are made from now on live ten minutes'],
  ).action((audience: string, options: ResultOptions & ResourceServerOptions) =>
    withStore(options, async (store) => {
      const changed = await changeServer(store, audience, options)
      show(output, resourceServerToJson(changed), options.json === true)
    }),
  )

  addImport(rs, 'rs', context)
}

async function membersOf(options: ResourceServerOptions): Promise<Record<string, unknown>> {
  const members = {
    scopes: options.scope?.flatMap(scopesOf),
    profiles: options.profile,
    pop_keys: options.popKey,
    token_lifetime: options.tokenLifetime,
    max_token_bytes: options.maxTokenBytes,
    uses_exi: options.exi,
    has_issuer: options.issuerClaim,
    has_audience: options.audienceClaim,
    public_key: options.publicKey && (await jsonFile('--public-key', options.publicKey)),
  }
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}

async function changeServer(
  store: Store,
  audience: string,
  options: ResourceServerOptions,
): Promise<ResourceServerRecord> {
  const changes = await membersOf(options)
  if (Object.keys(changes).length === 0)
    throw new CommandError(2, 'nothing to change: ace-oauth-server rs set --help shows what there is')
  const before = await found(store, audience)
  const { record } = await byOptions(optionNames, () =>
    readResourceServer({ ...resourceServerToJson(before), ...changes }),
  )
  const { scopes, profiles, popKeys: keys, tokenLifetime, maxTokenBytes, usesExi } = record
  const { hasIssuer, hasAudience, publicKey } = record
  const changed = await store.resourceServers.change(
    audience,
    (server) => ({
      ...server,
      ...(changes['scopes'] !== undefined && { scopes }),
      ...(changes['profiles'] !== undefined && { profiles }),
      ...(changes['pop_keys'] !== undefined && { popKeys: keys }),
      ...(changes['token_lifetime'] !== undefined && { tokenLifetime }),
      ...(changes['max_token_bytes'] !== undefined && { maxTokenBytes }),
      ...(changes['uses_exi'] !== undefined && { usesExi }),
      ...(changes['has_issuer'] !== undefined && { hasIssuer }),
      ...(changes['has_audience'] !== undefined && { hasAudience }),
      ...(changes['public_key'] !== undefined && { publicKey }),
    }),
    'resource_server_changed',
    actorOf('rs set'),
    now(),
  )
  if (!changed) throw await noServer(store, audience)
  return changed
}

/** A key that was made for a resource server, shown this once. */
interface NewSharedKey {
  readonly audience: string
  readonly key: Readonly<Record<string, unknown>>
}

async function generateKey(store: Store, audience: string, actor: string): Promise<NewSharedKey> {
  const server = await sharing(store, audience)
  const key = await newSharedKey(server)
  await store.resourceServers.change(
    audience,
    (before) => ({ ...before, nextKey: key }),
    'resource_server_key_generated',
    actor,
    now(),
  )
  return { audience, key }
}

async function rotateKey(
  store: Store,
  audience: string,
  actor: string,
): Promise<NewSharedKey | { readonly audience: string; readonly key_id: unknown }> {
  const server = await sharing(store, audience)
  const key = await newSharedKey(server)
  // Two commands at once take the next key once: whichever comes second makes one more.
  const changed = await store.resourceServers.change(
    audience,
    (before) => ({ ...before, key: before.nextKey ?? key, nextKey: null }),
    'resource_server_key_rotated',
    actor,
    now(),
  )
  if (!changed) throw await noServer(store, audience)
  const isNew = JSON.stringify(changed.key) === JSON.stringify(key)
  return isNew ? { audience, key } : { audience, key_id: changed.key?.['kid'] ?? null }
}

/** A resource server that shares a key with this server. */
async function sharing(store: Store, audience: string): Promise<ResourceServerRecord> {
  const server = await found(store, audience)
  if (hasSharedKey(server.format)) return server
  throw new CommandError(
    1,
    `${audience} shares no key with the server: its tokens are ${server.format === 'reference' ? 'references' : 'signed, and key rotate changes what signs them'}`,
  )
}

async function rotateSecret(
  store: Store,
  audience: string,
  actor: string,
): Promise<{ readonly audience: string; readonly introspection: ClientSecret }> {
  const secret = newSecret()
  const changed = await store.resourceServers.change(
    audience,
    (before) => ({ ...before, introspectionSecretHash: hashNewSecret(secret) }),
    'resource_server_secret_rotated',
    actor,
    now(),
  )
  if (!changed) throw await noServer(store, audience)
  return { audience, introspection: { client_id: changed.introspectionClientId, client_secret: secret } }
}

async function found(store: Store, audience: string): Promise<ResourceServerRecord> {
  const server = await store.resourceServers.find(audience)
  if (server) return server
  throw await noServer(store, audience)
}

async function noServer(store: Store, audience: string): Promise<CommandError> {
  const near = await store.resourceServers.list({ limit: 1_000 })
  const suggestion = didYouMean(
    audience,
    near.map((server) => server.audience),
  )
  return new CommandError(1, `there is no resource server ${quoted(audience)}${suggestion}`)
}
