import { Command, CommanderError } from 'commander'
import { ConfigurationError } from '../serve/configuration.ts'
import type { Store } from '../store/contract.ts'
import {
  addClient,
  type ClientAddOptions,
  listClients,
  rotateSecret,
  setClientEnabled,
} from './commands/client.ts'
import { initialize } from './commands/init.ts'
import { addResourceServer, type ResourceServerAddOptions } from './commands/resource-server.ts'
import { type Signals, serveUntilTold } from './commands/serve.ts'
import { closeSession, listSessions, openSession, type SessionOpenOptions } from './commands/session.ts'
import { listTokens, revokeToken } from './commands/token.ts'
import { CommandError, type Output, show, showRows } from './output.ts'
import { type CommonOptions, withStore } from './with-store.ts'

type Json = { readonly json?: true }

const several = (value: string, before: readonly string[]): string[] => [...before, value]

/** Every command takes them. */
function common(command: Command): Command {
  return command
    .option('--config <file>', 'the configuration', './ace-oauth.yaml')
    .option(
      '--set <path=value>',
      'a value in the place of that of the configuration, such as listen.http.port=0',
      several,
      [],
    )
}

function withJson(command: Command): Command {
  return common(command).option('--json', 'write the result as one line of JSON')
}

function programFor(output: Output, signals: Signals): Command {
  const program = new Command('ace-oauth-server')
    .description('An authorization server for ACE-OAuth (RFC 9200)')
    .exitOverride()
    .configureOutput({ writeOut: output.out, writeErr: output.error })

  program
    .command('init')
    .argument('[folder]', 'where to write to', '.')
    .description('write a configuration, a store and a signing key')
    .option('--example', 'with a client and a resource server')
    .option('--json', 'write the result as one line of JSON')
    .action(async (folder: string, { example, json }: Json & { readonly example?: true }) => {
      const result = await initialize(folder, example === true)
      show(output, result, json === true)
      if (!json) {
        output.out(`\nTo start it:\n  ace-oauth-server serve --config ${result.config}\n`)
        if (result.client)
          output.out(
            `To get a token:\n  curl -u ${result.client.client_id}:${result.client.client_secret} -d grant_type=client_credentials http://127.0.0.1:8080/token\n`,
          )
      }
    })

  common(program.command('serve'))
    .description('take requests until told to end')
    .action((options: CommonOptions) => serveUntilTold(options, output, signals))

  const client = program.command('client').description('the registered clients')
  withJson(client.command('add'))
    .argument('<client>', 'its identifier')
    .description('register a client with a new secret, which is shown this once')
    .option('--audience <name>', 'a resource server that it may ask for; may be given again', several, [])
    .option('--scope <scope>', 'a scope that it may ask for; may be given again', several, [])
    .option('--profile <name>', 'an ACE profile that it speaks (coap_dtls where none is given)', several, [])
    .option('--default-audience <name>', 'what it gets where it asks for none')
    .option('--default-scope <scope>', 'what it gets where it asks for none')
    .action((clientId: string, options: CommonOptions & Json & ClientAddOptions) =>
      withStore(options, async (store) => {
        const added = await addClient(store, clientId, { ...options, profile: profiles(options) })
        show(output, added, options.json === true)
      }),
    )

  withJson(program.command('rs').description('the registered resource servers').command('add'))
    .argument('<audience>', 'its identifier')
    .description('register a resource server with new keys, which are shown this once')
    .option('--scope <scope>', 'a scope that it knows; may be given again', several, [])
    .option('--format <format>', 'how its tokens are made', 'cwt-encrypt0')
    .option('--profile <name>', 'an ACE profile that it speaks (coap_dtls where none is given)', several, [])
    .option('--token-lifetime <seconds>', 'how long its tokens live', '3600')
    .action((audience: string, options: CommonOptions & Json & ResourceServerAddOptions) =>
      withStore(options, async (store) => {
        const added = await addResourceServer(store, audience, { ...options, profile: profiles(options) })
        show(output, added, options.json === true)
      }),
    )

  const session = program.command('session').description('what bounds the tokens of a client')
  withJson(session.command('open'))
    .argument('<client>', 'whose tokens come from it')
    .description('open a session')
    .option('--budget <tokens>', 'how many tokens it gives')
    .option('--lifetime <seconds>', 'how long it lives', '3600')
    .option('--per-minute <tokens>', 'how many tokens it gives in a minute')
    .option('--audience <name>', 'a resource server that it is for; may be given again', several, [])
    .option('--scope <scope>', 'a scope that it is for; may be given again', several, [])
    .action((clientId: string, options: CommonOptions & Json & SessionOpenOptions) =>
      withStore(options, async (store) =>
        show(output, await openSession(store, clientId, options), options.json === true),
      ),
    )

  const token = program.command('token').description('the tokens that were issued')
  withJson(token.command('list'))
    .description('list tokens, never the tokens themselves')
    .option('--client <client>', 'those of a client alone')
    .option('--audience <name>', 'those for a resource server alone')
    .action((options: CommonOptions & Json & { readonly client?: string; readonly audience?: string }) =>
      withStore(options, async (store) => {
        const { client, audience, json } = options
        const query = {
          ...(client !== undefined && { clientId: client }),
          ...(audience !== undefined && { audience }),
        }
        const columns = ['id', 'audience', 'scope', 'issued_at', 'expires_at', 'revoked_at']
        showRows(output, await listTokens(store, query), columns, json === true)
      }),
    )

  /** A command that does one thing with what it names, and shows what came of it. */
  const onOne = (
    command: Command,
    description: string,
    work: (store: Store, name: string) => Promise<object>,
  ): Command =>
    withJson(command)
      .description(description)
      .action((name: string, options: CommonOptions & Json) =>
        withStore(options, async (store) => show(output, await work(store, name), options.json === true)),
      )
  onOne(client.command('disable <client>'), 'shut a client out', (store, name) =>
    setClientEnabled(store, name, false),
  )
  onOne(client.command('enable <client>'), 'let a client in again', (store, name) =>
    setClientEnabled(store, name, true),
  )
  onOne(
    client.command('rotate <client>'),
    'give a client a new secret, which is shown this once',
    rotateSecret,
  )
  onOne(session.command('close <session>'), 'close a session', closeSession)
  onOne(token.command('revoke <id>'), 'revoke a token by the id that the list tells', revokeToken)
  withJson(client.command('list'))
    .description('list clients, without their secrets')
    .action((options: CommonOptions & Json) =>
      withStore(options, async (store) => {
        const columns = ['client_id', 'enabled', 'authentication', 'audiences', 'scopes', 'created_at']
        showRows(output, await listClients(store), columns, options.json === true)
      }),
    )
  withJson(session.command('list'))
    .description('list sessions')
    .option('--client <client>', 'those of a client alone')
    .action((options: CommonOptions & Json & { readonly client?: string }) =>
      withStore(options, async (store) => {
        const query = options.client === undefined ? {} : { clientId: options.client }
        const columns = ['session_id', 'client_id', 'budget', 'used', 'expires_at', 'closed_at']
        showRows(output, await listSessions(store, query), columns, options.json === true)
      }),
    )
  return program
}

/** Client and resource server have to share one. */
function profiles({ profile }: { readonly profile: readonly string[] }): readonly string[] {
  return profile.length > 0 ? profile : ['coap_dtls']
}

/**
 * Runs a command line.
 *
 * @param args the arguments behind the name of the program
 * @returns the exit code: 0, 1 where something was refused or failed, 2 where the command or the configuration is wrong
 */
export async function run(args: readonly string[], output: Output, signals: Signals): Promise<number> {
  try {
    await programFor(output, signals).parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    output.error(`ace-oauth-server: ${error instanceof Error ? error.message : String(error)}\n`)
    if (error instanceof CommandError) return error.exitCode
    return error instanceof ConfigurationError ? 2 : 1
  }
}
