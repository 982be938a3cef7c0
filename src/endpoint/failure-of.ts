import { catalogue, type FailureCode } from '../failure/catalogue.ts'
import { Failure } from '../failure/failure.ts'
import type { Deadline } from './deadline.ts'
import type { EndpointName } from './exchange.ts'

/**
 * The failure to answer for whatever was thrown on the way: one of the endpoint, with a response code.
 *
 * @param isReading whether the payload had not come whole
 */
export function failureOf(
  thrown: unknown,
  endpoint: EndpointName,
  { signal, hasPassed }: Deadline,
  isReading: boolean,
): Failure {
  if (signal.aborted && (thrown === signal.reason || !(thrown instanceof Failure))) {
    // A peer that is too slow, or that is gone, is not ours to blame.
    const code = hasPassed() && !isReading ? 'unavailable' : 'request_incomplete'
    const details = { reason: hasPassed() ? 'deadline' : 'the peer went away', isReading }
    return new Failure(`${endpoint}_${code}`, { details, cause: thrown })
  }
  const failure = Failure.from(thrown, endpoint)
  const at = catalogue.get(failure.code)?.endpoint
  if (at === endpoint) return failure
  // Of another endpoint: the same cause at this one, if it has it. What a client met is no answer to anybody.
  const code = `${endpoint}_${failure.code.slice(`${at}_`.length)}` as FailureCode
  const { retryAfterMs } = failure
  if (at !== 'client' && catalogue.has(code)) return new Failure(code, { cause: failure, retryAfterMs })
  return new Failure(`${endpoint}_internal_error`, { cause: failure })
}
