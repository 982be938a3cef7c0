import type { GrantOutcome, Started } from './context.ts'

/**
 * A grant type: what it takes, and how it is checked. An operator adds one in a file of their own.
 *
 * @example
 * ```ts
 * import type { Grant } from 'ace-oauth-server'
 * import { Failure, opaqueToText } from 'ace-oauth'
 *
 * // A grant of the operator's own, under an integer for private use.
 * export const voucher: Grant = {
 *   name: '-70001',
 *   parameters: ['code'],
 *   run: async ({ request }) => {
 *     if (opaqueToText(request.code!) !== 'open sesame') throw new Failure('token_grant_invalid')
 *     return { bounds: { audiences: ['rs1'], scope: 'read' } }
 *   },
 * }
 * ```
 */
export interface Grant {
  /** Its registered name, or the digits of its integer. */
  readonly name: string
  /** The parameters that a request needs for it, by their names: without one of them it is invalid_request. */
  readonly parameters: readonly string[]
  /** Checks the grant, or throws the Failure that says why not. It writes nothing: `redeem` of what it gives does. */
  readonly run: (started: Started) => Promise<GrantOutcome>
}
