import { Command } from 'commander'
import { withExamples } from './commands/examples.ts'

/** Configures a command: its description, arguments, options and action. */
type Configure = (command: Command) => void

/** The commands. What one needs is loaded when it is called, so that each starts quickly. */
const commands: Readonly<Record<string, readonly [summary: string, load: () => Promise<Configure>]>> = {
  decode: ['show a message', async () => (await import('./commands/decode.ts')).configureDecode],
  encode: ['write a message', async () => (await import('./commands/encode.ts')).configureEncode],
  explain: [
    'explain a message byte by byte',
    async () => (await import('./commands/explain.ts')).configureExplain,
  ],
  codes: [
    'show the registries, or explain a name or an integer',
    async () => (await import('./commands/codes.ts')).configureCodes,
  ],
  failures: [
    'show the catalogue of failures, or explain one',
    async () => (await import('./commands/failures.ts')).configureFailures,
  ],
  token: [
    'look into access tokens, verify and make them',
    async () => (await import('./commands/token.ts')).configureToken,
  ],
  key: [
    'generate and convert keys, and tell their thumbprints',
    async () => (await import('./commands/key.ts')).configureKey,
  ],
  request: [
    'ask an authorization server for a token, about one, or to revoke one',
    async () => (await import('./commands/request.ts')).configureRequest,
  ],
  conformance: [
    'run the conformance vectors',
    async () => (await import('./commands/conformance.ts')).configureConformance,
  ],
  codec: [
    'serve scripts and other languages: JSON lines in, JSON lines out',
    async () => (await import('./commands/codec.ts')).configureCodec,
  ],
  completion: [
    'print the completion for a shell',
    async () => {
      const { configureCompletion } = await import('./commands/completion.ts')
      return (command) => configureCompletion(command, wholeProgram)
    },
  ],
}

/** The command line for some arguments: the command that they call is loaded, of the others there is the summary. */
export async function programFor(args: readonly string[], version: string): Promise<Command> {
  const words = args.filter((word) => !word.startsWith('-'))
  const called = words[0] === 'help' ? words[1] : words[0]
  return programWith((name) => name === called, version)
}

/** The command line with all its commands loaded. */
function wholeProgram(): Promise<Command> {
  return programWith(() => true, '')
}

async function programWith(isWanted: (name: string) => boolean, version: string): Promise<Command> {
  const program = new Command('ace-oauth')
    .description('The messages of ACE-OAuth (RFC 9200), read, written and explained.')
    .version(version)
    .exitOverride()
    .showHelpAfterError('(--help shows how)')
    .configureHelp({ showGlobalOptions: false })
    .addHelpText(
      'after',
      '\nExit codes: 0 all is well, 1 something was refused or failed, 2 wrong usage or an unreadable input.',
    )
  withExamples(program, [
    ['decode a1181e03', 'what is in a message'],
    ['explain a1181e03', 'the same byte by byte, and what to do about it'],
    ['encode error-response \'{"error":"invalid_grant"}\'', 'bytes from JSON'],
    ['codes invalid_grant', 'what a code means'],
  ])
  for (const [name, [summary, load]] of Object.entries(commands)) {
    const command = program.command(name).summary(summary)
    if (isWanted(name)) (await load())(command)
  }
  return program
}
