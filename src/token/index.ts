/**
 * Access tokens: COSE keys and messages, CWT, JWT and references, and what a resource server does with them (RFC 9052,
 * RFC 9053, RFC 8392, RFC 8747, RFC 9068, RFC 9200 §5.10).
 *
 * What is thrown for a token is a DecodeError or a Failure, of which ProtectionError is one.
 *
 * It runs on Node and in browsers. WebCrypto has no AES-CCM and no ChaCha20/Poly1305: there a ProtectionError says
 * `algorithm_unavailable`.
 *
 * @module
 */
export { type CoseStructure, supportedAlgorithms } from './algorithms.ts'
export {
  type AccessDecision,
  type AuthorizeOptions,
  authorizeRequest,
  type ResourceRequest,
} from './authorize-request.ts'
export {
  type AuthzInfoOptions,
  type AuthzInfoRequest,
  type AuthzInfoResponse,
  answerAuthzInfo,
  type OscoreProfile,
} from './authz-info.ts'
export {
  OscoreAuthzInfoRequest,
  type OscoreAuthzInfoRequestMembers,
  OscoreAuthzInfoResponse,
  type OscoreAuthzInfoResponseMembers,
} from './authz-info-messages.ts'
export { type CoseFraming, type CoseMessage, decodeCoseMessage } from './cose-message.ts'
export { type CoseOpenAnswer, type CoseOpenQuestion, coseOpen } from './cose-open.ts'
export { equalBytes, type HashName } from './crypto.ts'
export {
  type CwtOptions,
  issueCwt,
  type OpenCwtOptions,
  type OpenedCwt,
  openCwt,
  type TokenLayer,
} from './cwt.ts'
export { decryptKey, encryptKey } from './encrypted-key.ts'
export { ExiRegister, type ExiRegisterOptions, type ExiState, exiIdentifier } from './exi-register.ts'
export type { CoseHeader, CoseLabel } from './headers.ts'
export { confirmationNames, HeldTokens, type HoldOptions, hasExpired } from './held-tokens.ts'
export { issueJwt, type JwtOptions, type OpenJwtOptions, openJwt } from './jwt.ts'
export type { WebAlgorithm } from './native-key.ts'
export { type KeySource, type OpenedMessage, type OpenOptions, openCose } from './open-cose.ts'
export {
  deriveOscoreKeys,
  type OscoreExchange,
  type OscoreKeys,
  type OscoreParameters,
  oscoreMasterSalt,
  oscoreParametersFor,
} from './oscore-context.ts'
export { type DetachedMessage, type ProtectOptions, protectCose, protectDetached } from './protect-cose.ts'
export { ProtectionError, type ProtectionReason } from './protection-error.ts'
export { createReference, hashReference } from './reference.ts'
export { ScopeGrants, type Target } from './scope-grants.ts'
export { TokenClaims, type TokenClaimsMembers } from './token-claims.ts'
export { type KeyLabels, TokenKey } from './token-key.ts'
export {
  type Introspection,
  type TokenFormat,
  type TrustedIssuer,
  type VerifiedToken,
  type VerifyOptions,
  verifyAccessToken,
} from './verify-access-token.ts'
