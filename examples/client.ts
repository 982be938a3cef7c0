import { clientSecretPost, type ObtainedToken, obtainToken } from 'ace-oauth/client'
import type { Failure } from 'ace-oauth/failure'

/** Asks for a token in CBOR, again where that helps. What is thrown is a Failure that says what happened and who can act. */
export function requestToken(token_endpoint: string, client_secret: string): Promise<ObtainedToken> {
  const authentication = clientSecretPost('sensor1', client_secret)
  return obtainToken({ token_endpoint }, { audience: 'rs1', scope: 'read' }, { authentication })
}

export const advice = ({ kind }: Failure): string =>
  kind.isTransient ? `try again after ${kind.baseBackoffMs} ms` : `${kind.phrase}: ${kind.suggestedAction}`
