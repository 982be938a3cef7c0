import type { FailureCode } from './catalogue.ts'
import { accessRunbook } from './runbook/access.ts'
import { authzInfoRunbook } from './runbook/authz-info.ts'
import { clientRunbook } from './runbook/client.ts'
import type { Runbook } from './runbook/entry.ts'
import { introspectRunbook } from './runbook/introspect.ts'
import { revokeRunbook } from './runbook/revoke.ts'
import { sessionRunbook } from './runbook/session.ts'
import { tokenRunbook } from './runbook/token.ts'

/** What operators should know of a failure. */
export interface RunbookEntry {
  /** What has happened. */
  readonly meaning: string
  /** What to do about it, if anything. */
  readonly action: string
}

const runbook: Runbook<FailureCode> = {
  ...tokenRunbook,
  ...introspectRunbook,
  ...revokeRunbook,
  ...sessionRunbook,
  ...authzInfoRunbook,
  ...accessRunbook,
  ...clientRunbook,
}

/**
 * What operators should know of a failure: for runbooks, dashboards and documentation. It is kept apart from the
 * catalogue so that only those programs carry these texts that need them.
 *
 * @throws RangeError for a code that is not in the catalogue
 *
 * @example
 * ```ts
 * import { runbookOf } from 'ace-oauth'
 *
 * runbookOf('token_store_unavailable').action // 'Look at the cause in the log, then at the database: ...'
 * ```
 */
export function runbookOf(code: FailureCode): RunbookEntry {
  if (!Object.hasOwn(runbook, code)) throw new RangeError(`no such failure: ${code}`)
  const [meaning, action] = runbook[code]
  return { meaning, action }
}
