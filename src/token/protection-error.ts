import { CoseError, type CoseReason, inWords } from '../cose/cose-error.ts'
import type { Eventually } from '../cose/eventually.ts'
import type { FailureCode } from '../failure/catalogue.ts'
import { Failure } from '../failure/failure.ts'

/** Why a token or another protected message was refused or could not be made: the reasons of {@link CoseError}, which JOSE shares. */
export type ProtectionReason = CoseReason

/** The code of a token whose protection does not hold: the same for all that can be wrong with it. */
export const refused: FailureCode = 'authz_info_token_wrapper_invalid'

/**
 * The code of a refused token: what verifies is one code, so that nobody outside learns which check a token failed. What
 * this runtime cannot do at all is no fault of the token.
 */
const codes: Readonly<Record<ProtectionReason, FailureCode>> = {
  wrong_structure: 'authz_info_token_malformed',
  algorithm_not_allowed: refused,
  algorithm_unavailable: 'authz_info_internal_error',
  no_key: refused,
  key_unsuitable: refused,
  key_invalid: 'authz_info_key_unusable',
  header_not_understood: refused,
  iv_unsuitable: refused,
  payload_unsuitable: refused,
  verification_failed: refused,
}

/** The code where a message cannot be made, or a key does not have what is asked of it: no client is to blame. */
export const ownFault: FailureCode = 'token_internal_error'

/**
 * A token, of COSE or JOSE, could not be opened or made. The error holds no part of it.
 *
 * `reason` and `expected` are for the developer and, with {@link Failure.toLog}, for the log. What the peer may see follows
 * from the code, which is the same for a wrong key, an unknown one and a flipped bit; so is the message.
 *
 * @example
 * ```ts
 * import { openCwt, ProtectionError } from 'ace-oauth/token'
 *
 * try {
 *   await openCwt(Uint8Array.of(0xd1, 0x84, 0x43, 0xa1, 0x01, 0x05, 0xa0, 0x40, 0x40), { keys: [] })
 * } catch (error) {
 *   if (error instanceof ProtectionError) console.log(error.reason, error.coapCode) // no_key 4.01
 * }
 * ```
 */
export class ProtectionError extends Failure {
  override readonly name = 'ProtectionError'
  // Private, so that JSON.stringify does not tell them.
  readonly #reason: ProtectionReason
  readonly #expected: string

  constructor(reason: ProtectionReason, expected = '', code: FailureCode = codes[reason]) {
    // A server that sends messages of errors tells no peer which check its token failed.
    const message = code === refused ? undefined : inWords(reason, expected)
    super(code, { details: expected ? { reason, expected } : { reason } }, message)
    this.#reason = reason
    this.#expected = expected
  }

  /** Why, as one of a closed list. */
  get reason(): ProtectionReason {
    return this.#reason
  }

  /** What would have been right, in a few words; empty where the reason says it all. */
  get expected(): string {
    return this.#expected
  }
}

/** The failure that a refusal of COSE is for a token; whatever else was thrown, as it is. */
function translated(thrown: unknown): unknown {
  if (!(thrown instanceof CoseError)) return thrown
  const { reason, expected, blame } = thrown
  return new ProtectionError(reason, expected, blame === 'caller' ? ownFault : undefined)
}

/** What an operation on a token gives; a CoseError that it throws becomes a ProtectionError. */
export function protecting<T>(run: () => Eventually<T>): Eventually<T> {
  try {
    const result = run()
    if (!(result instanceof Promise)) return result
    return result.catch((error) => {
      throw translated(error)
    })
  } catch (error) {
    throw translated(error)
  }
}

/** Whether something that was thrown says that a key or a protected message could not be used. */
export function isProtectionFault(thrown: unknown): thrown is ProtectionError | CoseError {
  return thrown instanceof ProtectionError || thrown instanceof CoseError
}
