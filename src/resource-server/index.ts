/**
 * What RFC 9200 §5.10 asks of a resource server, in the order of a request: the authz-info endpoint, the tokens that are
 * held, and the decision whether a request is allowed.
 *
 * What is thrown for a token is a DecodeError or a Failure.
 *
 * @module
 */
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
} from './authz-info.ts'
export {
  OscoreAuthzInfoRequest,
  type OscoreAuthzInfoRequestMembers,
  OscoreAuthzInfoResponse,
  type OscoreAuthzInfoResponseMembers,
} from './authz-info-messages.ts'
export { type ConfirmationKeyOptions, confirmationNames } from './confirmation-key.ts'
export {
  ExiRegister,
  type ExiRegisterOptions,
  type ExiState,
  exiIdentifier,
} from './exi-register.ts'
export { HeldTokens, type HoldOptions } from './held-tokens.ts'
export {
  deriveOscoreKeys,
  type OscoreExchange,
  type OscoreKeys,
  type OscoreParameters,
  oscoreMasterSalt,
  oscoreParametersFor,
} from './oscore-context.ts'
export type { OscoreProfile } from './oscore-profile.ts'
export { ScopeGrants, type Target } from './scope-grants.ts'
export {
  hasExpired,
  type TokenFormat,
  type VerifiedToken,
  type VerifiedTokenMembers,
} from './verified-token.ts'
export { verifyAccessToken } from './verify-access-token.ts'
export type {
  ClaimName,
  Introspection,
  RevocationQuestion,
  TrustedIssuer,
  VerifyOptions,
} from './verify-options.ts'
