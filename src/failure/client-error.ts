import { DecodeError } from '../cbor/decode-error.ts'
import type { FailureCode } from './catalogue.ts'
import { notReached, read } from './not-reached.ts'
import { refusedInput } from './refused-input.ts'

/**
 * What a client calls something thrown that is not a Failure.
 *
 * @returns undefined where nobody knows it
 */
export function clientErrorCode(thrown: unknown): FailureCode | undefined {
  if (typeof thrown !== 'object' || thrown === null) return undefined
  if (thrown instanceof DecodeError) return refusedInput(thrown, 'client')
  const name = read(thrown, 'name')
  if (name === 'AbortError') return 'client_cancelled'
  if (name === 'TimeoutError') return 'client_timeout'
  return notReached(thrown) && 'client_network_error'
}
