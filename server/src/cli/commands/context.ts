import { CommandError, type Output } from '../output.ts'
import { RegistrationError } from '../registration/fields.ts'

/** What a running command is told from outside. */
export interface Signals {
  /** Aborts when the command is to end. */
  readonly end: AbortSignal
  /** Has an event `reload` when a server is to take keys, certificates and policy anew. */
  readonly reloads: EventTarget
  /**
   * Takes a function that is told of errors which nobody caught, such as those of timers in somebody's policy.
   *
   * `isFatal`: the state of the program is not known any more, and it ends after that.
   */
  readonly onStray?: ((listener: (error: unknown, isFatal: boolean) => void) => void) | undefined
}

/** What all commands work with. */
export interface Context {
  readonly output: Output
  readonly signals: Signals
}

/**
 * Runs what reads a registration that options tell of.
 *
 * @param options the options of members that have another name
 * @throws CommandError that names the option which is wrong
 */
export async function byOptions<Result>(
  options: Readonly<Record<string, string>>,
  read: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof RegistrationError)) throw error
    const problems = error.problems.map(({ member, reason }) => {
      const [first = '', ...rest] = member.split('.')
      const option =
        options[member] ?? options[first] ?? `--${[first, ...rest].join('-').replaceAll('_', '-')}`
      return first === '' ? reason : `${option}: ${reason}`
    })
    throw new CommandError(2, problems.join('; '))
  }
}
