import { encodeCoseMessage, viewCoseMessage } from '../cose/cose-message.ts'
import { equalBytes } from '../cose/equal-bytes.ts'

/**
 * Whether a CWT that was decoded has the one form that RFC 9770 §3 gives it: tag 61, the tag of the structure, each in its
 * shortest encoding, and an empty map of unprotected header parameters.
 */
export function isHashableCwt(bytes: Uint8Array): boolean {
  const { isTagged, structure, protectedBytes, content, authentication } = viewCoseMessage(
    bytes,
    undefined,
    undefined,
  )
  if (!isTagged) return false
  const framing = { tagged: true, cwtTag: true }
  return equalBytes(encodeCoseMessage(structure, protectedBytes, {}, content, authentication, framing), bytes)
}
