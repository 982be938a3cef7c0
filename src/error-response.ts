/**
 * The error response of the ACE-OAuth token endpoint, for constrained clients: it pulls in no dependency.
 *
 * @module
 */
export { DecodeError, type DecodeReason } from './cbor/decode-error.ts'
export type { DecodeOptions } from './cbor/options.ts'
export { ErrorCode } from './message/error-code.ts'
export {
  ErrorResponse,
  ErrorResponseBuilder,
  type ErrorResponseOptions,
} from './message/error-response.ts'
export type { ErrorCodeName } from './registry/generated/error-codes.ts'
export { EncodeError, type EncodeReason } from './table/encode-error.ts'
export type { Json } from './table/json.ts'
export type { UnknownMember } from './table/unknown-member.ts'
export type { Violation, ViolationRule } from './table/violation.ts'
