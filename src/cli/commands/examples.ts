import type { Command } from 'commander'

/** Shows examples at the end of the help of a command, each with what it is for. */
export function withExamples(
  command: Command,
  examples: readonly (readonly [line: string, what: string])[],
): Command {
  const lines = examples.map(([line, what]) => `  # ${what}\n  $ ace-oauth ${line}\n`)
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`)
}
