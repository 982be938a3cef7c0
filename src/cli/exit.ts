/** Ends a command with a sentence on standard error. */
export class Exit extends Error {
  /** 1 where something was refused or failed, 2 where the command was used wrongly. */
  readonly code: 1 | 2

  constructor(code: 1 | 2, message: string) {
    super(message)
    this.code = code
  }
}

/** The command was used in a way that it has not. */
export function wrongUsage(message: string): never {
  throw new Exit(2, message)
}
