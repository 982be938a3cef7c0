import { DecodeError } from '../cbor/decode-error.ts'
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
  deadline: Deadline,
  isReading: boolean,
): Failure {
  const { signal, hasPassed } = deadline
  if (signal.aborted && (thrown === signal.reason || !(thrown instanceof Failure))) {
    const details = { reason: hasPassed() ? 'deadline' : 'peer went away' }
    if (isReading || !hasPassed())
      return new Failure(`${endpoint}_request_malformed`, {
        details: { ...details, reading: isReading },
        cause: thrown,
      })
    return new Failure(`${endpoint}_unavailable`, { details, cause: thrown })
  }
  if (thrown instanceof DecodeError) return decodeFailure(thrown, endpoint)
  if (!(thrown instanceof Failure)) return Failure.from(thrown, endpoint)
  const at = catalogue.get(thrown.code)?.endpoint
  if (at === endpoint) return thrown
  // Of another endpoint: the same cause at this one, if it has it. What a client met is no answer to anybody.
  const code = `${endpoint}_${thrown.code.slice(`${at}_`.length)}` as FailureCode
  const { retryAfterMs } = thrown
  if (at !== 'client' && catalogue.has(code)) return new Failure(code, { cause: thrown, retryAfterMs })
  return new Failure(`${endpoint}_internal_error`, { cause: thrown })
}

/** What malformed input means at an endpoint (RFC 6749 §5.2). */
function decodeFailure(error: DecodeError, endpoint: EndpointName): Failure {
  const { reason, path } = error
  const options = { details: { reason, path }, cause: error }
  if (reason === 'too_large') return new Failure(`${endpoint}_request_too_large`, options)
  if (reason === 'too_deep') return new Failure(`${endpoint}_nesting_too_deep`, options)
  if (reason === 'missing_member') return new Failure(`${endpoint}_parameter_missing`, options)
  if (reason === 'duplicate_key') return new Failure(`${endpoint}_parameter_repeated`, options)
  return new Failure(`${endpoint}_request_malformed`, options)
}
