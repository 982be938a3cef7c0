import { ConfigurationError } from '../../serve/configuration-error.ts'

/** What came of one check. */
export interface Finding {
  readonly check:
    | 'configuration'
    | 'permissions'
    | 'policy'
    | 'certificate'
    | 'store'
    | 'space'
    | 'clock'
    | 'signing keys'
    | 'shared keys'
  /** `failed` keeps the server from doing its work, or lets others do theirs; a `warning` will, or may. */
  readonly state: 'ok' | 'warning' | 'failed'
  readonly detail: string
}

/** How long something outside may take, in milliseconds. */
const patience = 10_000

/** What work gives, or an error where it takes too long. */
export async function inTime<Result>(work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${patience / 1_000} s`)), patience)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Why something failed: for a configuration each value that is wrong. */
export function reasons(error: unknown): string[] {
  if (!(error instanceof ConfigurationError)) return [reason(error)]
  return error.problems.map(({ path, message, line }) => {
    const where = line === undefined ? '' : ` (line ${line})`
    return `${path && `${path}: `}${message}${where}`
  })
}

/** Why something failed. */
export function reason(error: unknown): string {
  // With several addresses for a name, Node says what went wrong with each, and nothing of the whole.
  const { message, errors } = error as AggregateError
  return message || (errors ?? []).map((each) => (each as Error).message).join(', ') || String(error)
}
