/**
 * The client of an authorization server (RFC 9200 §5.8 and §5.9, RFC 7009), over HTTP in CBOR or JSON: for each endpoint a function that
 * sends the request, one that checks the answer, and one that does both and tries again where that helps.
 *
 * What goes wrong with a server is a Failure: its code says what happened, its kind whether to try again and who can act. It runs
 * on every runtime with `fetch` and WebCrypto.
 *
 * @module
 */
export type { AuthorizationServer, PlainHttpOption } from './authorization-server.ts'
export {
  type AuthenticationTarget,
  bearerToken,
  type ClientAuthentication,
  type ClientCredentials,
  channelAuthentication,
  clientSecretBasic,
  clientSecretPost,
  type PrivateKeyJwtOptions,
  privateKeyJwt,
  publicClient,
  tlsClientAuth,
} from './client-authentication.ts'
export {
  followCreationHints,
  type HintedRequest,
  type HintsOptions,
  requestCreationHints,
  type TrustedServer,
} from './creation-hints.ts'
export { type DiscoveryOptions, discoverAuthorizationServer } from './discovery.ts'
export type { Exchange, PayloadEncoding, RetryOptions, SendOptions } from './exchange.ts'
export type { HttpOptions, ReceivedResponse } from './http.ts'
export {
  type IntrospectOptions,
  introspectToken,
  processIntrospectionResponse,
  sendIntrospectionRequest,
} from './introspection.ts'
export { isExpired, type ObtainedToken, type TokenExpectations } from './obtained-token.ts'
export { type PollOptions, pollForToken } from './poll-token.ts'
export { generateProofKey, type ProofKey, type ProofKeyAlgorithm } from './proof-key.ts'
export {
  processRevocationResponse,
  type RevokeOptions,
  revokeToken,
  sendRevocationRequest,
} from './revocation.ts'
export {
  fetchRevocationList,
  isRevoked,
  type RevocationList,
  type RevocationListOptions,
} from './revocation-list.ts'
export { tokenFromJson, tokenToJson } from './stored-token.ts'
export {
  type ObtainTokenOptions,
  obtainToken,
  processTokenResponse,
  refreshToken,
  sendTokenRequest,
  type TokenRequestOptions,
} from './token.ts'
export { TokenSource, type TokenSourceOptions } from './token-source.ts'
export {
  type AuthzInfoUpload,
  type AuthzInfoUploadOptions,
  keyInUse,
  type PskHandshake,
  pskHandshake,
  uploadToken,
} from './use-token.ts'
export type { Fetch, FetchInit, WebResponse } from './web-types.ts'
