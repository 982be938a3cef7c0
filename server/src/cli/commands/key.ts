import { randomBytes } from 'node:crypto'
import { TokenKey } from 'ace-oauth/token'
import { type Command, Option } from 'commander'
import type { KeyRecord, Store } from '../../store/contract.ts'
import { quoted } from '../../text.ts'
import { oneOf, type ResultOptions, withExamples, withResult } from '../options.ts'
import { CommandError, type Output, show } from '../output.ts'
import { onePage, showPages } from '../pages.ts'
import { signingAlgorithms } from '../registration/resource-server-registration.ts'
import { actorOf, now, withStore } from '../with-store.ts'
import type { Context } from './context.ts'

/** What `key generate` and `key rotate` are told. */
interface KeyOptions {
  readonly algorithm: (typeof signingAlgorithms)[number]
  readonly kid?: string
}

function withAlgorithm(command: Command): Command {
  return command.addOption(
    new Option('--algorithm <name>', 'what the key signs with')
      .default('ES256')
      .choices(signingAlgorithms)
      .argParser(oneOf(signingAlgorithms)),
  )
}

/** `ace-oauth-server key`: the keys that the server signs tokens with. */
export function configureKeys(key: Command, { output }: Context): void {
  key.description(
    'The keys that the server signs tokens with. Their public parts are at /jwks, as the metadata says (jwks_uri). A running server sees a change within a second.',
  )

  withExamples(
    withResult(withAlgorithm(key.command('generate')))
      .description(
        'Make a key and publish it. It signs nothing until rotate, so that resource servers can take it first; where no key signs with its algorithm yet, it does at once.',
      )
      .option('--kid <text>', 'its identifier; a new one where this is absent'),
    ['key generate', '1. publish a key at /jwks, and give it to resource servers that do not read that'],
    ['key rotate', '2. five minutes later at the earliest, for so long /jwks may be cached: sign with it'],
    ['key generate --algorithm EdDSA', 'the first key of another algorithm, which signs at once'],
  ).action((options: ResultOptions & KeyOptions) =>
    withStore(options, async (store) => {
      const generated = await generate(store, options, 'key generate', false)
      show(output, generated, options.json === true)
      if (!options.json && generated.state === 'next') await sayWhoNeedsIt(store, output, options.algorithm)
    }),
  )

  withExamples(
    withResult(withAlgorithm(key.command('rotate'))).description(
      'Sign with the newest key of generate, or, where there is none, with a new one. The key before it loses its private part at once; its public part stays at /jwks until the tokens that it signed have ended.',
    ),
    ['key rotate', 'resource servers that do not know the new key refuse tokens until they do'],
  ).action((options: ResultOptions & KeyOptions) =>
    withStore(options, async (store) => show(output, await rotate(store, options), options.json === true)),
  )

  withExamples(withResult(key.command('list')).description('List keys, without their private parts.'), [
    'key list --json',
    'with the public keys',
  ]).action((options: ResultOptions) =>
    withStore(options, async (store) => {
      const rows = await Promise.all((await store.keys.list()).map(rowOf))
      await showPages(
        output,
        onePage(rows),
        (row) => row,
        ['kid', 'algorithm', 'state', 'created_at', 'retired_at', 'verifies_until'],
        options.json === true,
      )
    }),
  )

  withExamples(
    withResult(key.command('remove'))
      .argument('<kid>', 'its identifier')
      .description(
        'Remove a key that does not sign. Resource servers that read /jwks refuse the tokens that it signed from then on.',
      ),
    ['key remove as-1790000000', 'after rotate, for a key that somebody else may have'],
  ).action((kid: string, options: ResultOptions) =>
    withStore(options, async (store) => {
      const keys = await store.keys.list()
      const found = keys.find((each) => each.kid === kid)
      if (!found) throw new CommandError(1, `there is no key ${quoted(kid)}`)
      if (!(await store.keys.remove(kid, actorOf('key remove'), now())))
        throw new CommandError(1, `${kid} signs tokens: key rotate lets another one do so`)
      show(output, { kid, removed: true }, options.json === true)
    }),
  )
}

interface ShownKey {
  readonly kid: string
  readonly algorithm: string
  readonly state: KeyRecord['state']
  readonly public_key: Readonly<Record<string, unknown>>
}

/** Makes a key, which signs at once where that is wanted or no other does. */
async function generate(
  store: Store,
  { algorithm, kid: given }: KeyOptions,
  command: string,
  isActive: boolean,
): Promise<ShownKey> {
  if (given !== undefined && !/^[\x21-\x7e]{1,100}$/.test(given))
    throw new CommandError(
      2,
      `--kid ${quoted(given)}: expected 1 to 100 visible ASCII characters without space`,
    )
  const createdAt = now()
  const kid = given ?? `as-${createdAt}-${randomBytes(3).toString('hex')}`
  const key = await TokenKey.generate(algorithm, { kid })
  const signs = (await store.keys.list()).some(
    (each) => each.algorithm === algorithm && each.state === 'active',
  )
  const state = isActive || !signs ? 'active' : 'next'
  const record = { kid, algorithm, jwk: key.toPrivateJwk(), state, createdAt } as const
  if (!(await store.keys.add(record, actorOf(command))))
    throw new CommandError(1, `there is a key ${kid} already`)
  return { kid, algorithm, state, public_key: key.publicKey().toJwk() }
}

async function rotate(store: Store, options: KeyOptions): Promise<object> {
  const { algorithm } = options
  const before = await store.keys.list()
  const next = before.findLast((each) => each.algorithm === algorithm && each.state === 'next')
  const shown =
    next && (await store.keys.activate(next.kid, actorOf('key rotate'), now()))
      ? await shownKey({ ...next, state: 'active' })
      : await generate(store, options, 'key rotate', true)
  const retired = (await store.keys.list()).filter(
    (each) =>
      each.state === 'retired' &&
      before.some((earlier) => earlier.kid === each.kid && earlier.state === 'active'),
  )
  return {
    ...shown,
    retired: retired.map(({ kid, verifiesUntil }) => ({ kid, verifies_until: verifiesUntil })),
  }
}

async function shownKey({ kid, algorithm, state, jwk }: KeyRecord): Promise<ShownKey> {
  return { kid, algorithm, state, public_key: (await TokenKey.fromJwk(jwk)).publicKey().toJwk() }
}

async function rowOf(record: KeyRecord): Promise<Readonly<Record<string, unknown>>> {
  const { kid, algorithm, state } = record
  // One that is no key is listed too, so that it can be removed.
  const shown = await shownKey(record).catch(() => ({ kid, algorithm, state, public_key: null }))
  return {
    ...shown,
    created_at: record.createdAt,
    retired_at: record.retiredAt,
    verifies_until: record.verifiesUntil,
  }
}

/** How many resource servers verify with a key of the algorithm. */
async function sayWhoNeedsIt(store: Store, output: Output, algorithm: string): Promise<void> {
  const servers = await store.resourceServers.list({ limit: 1_000 })
  const verifying = servers.filter((server) =>
    server.format === 'cwt-nested'
      ? algorithm === 'ES256'
      : (server.format === 'cwt-sign1' || server.format === 'jwt') && server.algorithm === algorithm,
  )
  if (verifying.length === 0) return
  const names = verifying.slice(0, 5).map(({ audience }) => audience)
  const others = verifying.length > names.length ? ` and ${verifying.length - names.length} more` : ''
  output.error(
    `note: ${names.join(', ')}${others} verify tokens with keys of ${algorithm}: give them this one, unless they read /jwks, and then key rotate\n`,
  )
}
