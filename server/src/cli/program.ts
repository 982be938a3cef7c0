import { createRequire } from 'node:module'
import { Command, CommanderError } from 'commander'
import { ConfigurationError } from '../serve/configuration-error.ts'
import { escaped } from '../text.ts'
import type { Context, Signals } from './commands/context.ts'
import { withExamples } from './options.ts'
import { CommandError, type Output } from './output.ts'

/** Configures a command: its description, arguments, options and action. */
type Configure = (command: Command, context: Context) => void

/** The commands. What one needs is loaded when it is called, so that each starts quickly. */
const commands: Readonly<Record<string, readonly [summary: string, load: () => Promise<Configure>]>> = {
  init: [
    'write a configuration, a store and a signing key',
    async () => (await import('./commands/init.ts')).configureInit,
  ],
  serve: [
    'take requests until told to end',
    async () => (await import('./commands/serve.ts')).configureServe,
  ],
  client: ['the registered clients', async () => (await import('./commands/client.ts')).configureClient],
  rs: [
    'the registered resource servers',
    async () => (await import('./commands/rs.ts')).configureResourceServers,
  ],
  session: [
    'what bounds the tokens of a client',
    async () => (await import('./commands/session.ts')).configureSessions,
  ],
  token: ['the tokens that were issued', async () => (await import('./commands/token.ts')).configureTokens],
  key: ['the keys that sign tokens', async () => (await import('./commands/key.ts')).configureKeys],
  audit: ['who did what', async () => (await import('./commands/audit.ts')).configureAudit],
  check: [
    'whether the server can do its work: store, keys, clock, permissions',
    async () => (await import('./commands/check.ts')).configureCheck,
  ],
  completion: [
    'print the completion for a shell',
    async () => {
      const { configureCompletion } = await import('./commands/completion.ts')
      return (command, context) =>
        configureCompletion(command, context, () => programWith(() => true, context))
    },
  ],
}

/** The command line with the commands that are wanted; of the others there is the summary. */
async function programWith(isWanted: (name: string) => boolean, context: Context): Promise<Command> {
  const { version } = createRequire(import.meta.url)('../../package.json') as { readonly version: string }
  const { output } = context
  const program = new Command('ace-oauth-server')
    .description('An authorization server for ACE-OAuth (RFC 9200).')
    .version(version)
    .exitOverride()
    .showHelpAfterError('(--help shows how)')
    .configureOutput({ writeOut: output.out, writeErr: (text) => output.error(escapedLines(text)) })
    .addHelpText(
      'after',
      '\nExit codes: 0 all is well, 1 something was refused or failed, 2 the command or the configuration is wrong.',
    )
  withExamples(
    program,
    ['init as --example', 'a configuration, a store, and an example of a client and a resource server'],
    ['serve --config as/ace-oauth.yaml', 'the server'],
    ['check --config as/ace-oauth.yaml', 'whether anything is wrong with it'],
  )
  for (const [name, [summary, load]] of Object.entries(commands)) {
    const command = program.command(name).summary(summary)
    if (isWanted(name)) (await load())(command, context)
  }
  return program
}

/**
 * Runs a command line.
 *
 * @param args the arguments behind the name of the program
 * @returns the exit code: 0, 1 where something was refused or failed, 2 where the command or the configuration is wrong
 */
export async function run(args: readonly string[], output: Output, signals: Signals): Promise<number> {
  try {
    const words = args.filter((word) => !word.startsWith('-'))
    const called = words[0] === 'help' ? words[1] : words[0]
    const program = await programWith((name) => name === called, { output, signals })
    await program.parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    if (error instanceof CommandError && error.message === '') return error.exitCode
    output.error(
      `ace-oauth-server: ${escapedLines(error instanceof Error ? error.message : String(error))}\n`,
    )
    if (error instanceof CommandError) return error.exitCode
    return error instanceof ConfigurationError ? 2 : 1
  }
}

/** Escapes all but the ends of lines: arguments are repeated in messages. */
function escapedLines(text: string): string {
  return text.split('\n').map(escaped).join('\n')
}
