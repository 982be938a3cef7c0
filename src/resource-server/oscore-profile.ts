import { randomBytes } from '#runtime/crypto'
import { DecodeError } from '../cbor/decode-error.ts'
import { Failure } from '../failure/failure.ts'
import type { OscoreInputMaterial } from '../message/confirmation.ts'
import { isProtectionFault } from '../token/protection-error.ts'
import { OscoreAuthzInfoResponse } from './authz-info-messages.ts'
import { type OscoreExchange, type OscoreParameters, oscoreParametersFor } from './oscore-context.ts'
import type { VerifiedToken } from './verified-token.ts'

/** The OSCORE profile at a resource server (RFC 9203). A security context and its token come and go together. */
export interface OscoreProfile {
  /** A Recipient ID that no security context of the resource server has, other than that of the client. */
  readonly newRecipientId: (clientRecipientId: Uint8Array) => Uint8Array
  /**
   * Takes the parameters of a new security context, bound to a token. The token is held once this is done. Where it
   * throws or rejects, the answer is 5.00, and what was held before stays.
   */
  readonly established: (parameters: OscoreParameters, token: VerifiedToken) => void | Promise<void>
  /**
   * Drops a security context that was given to `established` (RFC 9203 §6): its token has expired or was dropped, a new
   * context for the same input material replaced it, or it could not be established or its token held. It is called
   * once. What it throws is ignored: without its token, the context allows nothing.
   */
  readonly discarded?: (parameters: OscoreParameters, token: VerifiedToken) => void | Promise<void>
}

/** A security context that a client asked for. */
export interface NewContext {
  readonly response: OscoreAuthzInfoResponse
  readonly establish: () => Promise<void>
  readonly discard: () => void
}

/** The length of a nonce, in bytes: 64 bits are recommended (RFC 9203 §4.2). */
const nonceBytes = 8

/**
 * A security context for a token.
 *
 * @throws Failure `authz_info_key_unusable` for input material and identifiers that no context can be made of
 */
export function newContext(
  material: OscoreInputMaterial,
  { nonce1, clientRecipientId }: Pick<OscoreExchange, 'nonce1' | 'clientRecipientId'>,
  token: VerifiedToken,
  profile: OscoreProfile,
): NewContext {
  const given: unknown = profile.newRecipientId(clientRecipientId.slice())
  if (!(given instanceof Uint8Array)) throw new TypeError('newRecipientId must give a Uint8Array')
  const serverRecipientId = Uint8Array.from(given)
  const nonce2 = randomBytes(nonceBytes)
  const exchange = { nonce1, nonce2, clientRecipientId, serverRecipientId }
  const parameters = parametersOf(material, exchange)
  let isDiscarded = false
  const discard = (): void => {
    if (isDiscarded) return
    isDiscarded = true
    try {
      Promise.resolve(profile.discarded?.(parameters, token)).catch(ignore)
    } catch {
      // The context has no token, so that nothing depends on it.
    }
  }
  const establish = async (): Promise<void> => {
    try {
      await profile.established(parameters, token)
    } catch (error) {
      discard()
      throw error
    }
  }
  const response = new OscoreAuthzInfoResponse({ nonce2, ace_server_recipientid: serverRecipientId })
  return { response, establish, discard }
}

function ignore(): void {}

function parametersOf(material: OscoreInputMaterial, exchange: OscoreExchange): OscoreParameters {
  try {
    return oscoreParametersFor(material, exchange, 'resource server')
  } catch (error) {
    if (!isProtectionFault(error) && !(error instanceof DecodeError)) throw error
    throw new Failure('authz_info_key_unusable', { details: { reason: error.reason }, cause: error })
  }
}
