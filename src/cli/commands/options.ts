import { type Command, InvalidArgumentError, Option } from 'commander'
import { encodings } from '../input/encoding.ts'
import { defaultAceErrorKey, messageNames } from '../message-names.ts'
import { didYouMean } from '../suggestion.ts'

/** Lets a command take bytes: `[input]`, `--file`, `--in`. */
export function withBytes(command: Command): Command {
  return command
    .argument('[input]', 'the bytes, @file, or - for standard input (the default)')
    .option('--file <path>', 'read the input from a file')
    .addOption(
      new Option('--in <encoding>', 'how the input is written; guessed where this is absent').choices(
        encodings,
      ),
    )
}

/** Lets a command read a message: how strictly, and which. */
export function withMessage(command: Command): Command {
  return withAceErrorKey(command)
    .addOption(
      new Option('-m, --message <name>', 'which message it is; guessed where this is absent')
        .choices(messageNames)
        .argParser(oneOf(messageNames)),
    )
    .option('--strict', 'refuse also what the RFCs forbid a sender but no receiver needs to refuse')
    .option(
      '--deterministic',
      'refuse what deterministic encoding (RFC 8949 section 4.2.1) would not produce',
    )
}

/** Lets a command know the key of the `ace-error` entry of problem details. */
export function withAceErrorKey(command: Command): Command {
  return command.option(
    '--ace-error-key <integer>',
    `the key of ace-error in problem details, which IANA has not assigned yet (default: ${defaultAceErrorKey})`,
    integerOption,
  )
}

/** The value of an option that is an unsigned integer. */
export function integerOption(text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('It has to be an unsigned integer.')
  return value
}

/** Reads one of some names; where it is none, tells which there are, and which may have been meant. */
export function oneOf(names: readonly string[]): (given: string) => string {
  return (given) => {
    if (names.includes(given)) return given
    throw new InvalidArgumentError(`Allowed choices are ${names.join(', ')}${didYouMean(given, names)}`)
  }
}
