/**
 * ACE-OAuth (RFC 9200): every message of the token and introspection endpoints, the registries, and the failures.
 *
 * @module
 */

export { type CborValue, decodeValue, encodeValue } from './cbor/any-value.ts'
export { DecodeError, type DecodeReason, MessageError } from './cbor/decode-error.ts'
export { type DecodeOptions, decodeDefaults } from './cbor/options.ts'
export type { Key } from './cbor/reader.ts'
export { type CoseKey, decodeCoseKey, encodeCoseKey } from './cose/cose-key.ts'
export { fromJwk, toJwk } from './cose/jwk.ts'
export * from './failure/classify.ts'
export * from './failure/index.ts'
export { runbookOf } from './failure/runbook.ts'
export { AccessTokenRequest, type AccessTokenRequestMembers } from './message/access-token-request.ts'
export { AccessTokenResponse, type AccessTokenResponseMembers } from './message/access-token-response.ts'
export {
  type Aif,
  type AifEntry,
  aifFromJson,
  aifToJson,
  decodeAif,
  encodeAif,
  hasUnknownMethods,
  mergeAif,
  methodSet,
  methodsOf,
  type RestMethod,
  restMethods,
} from './message/aif.ts'
export {
  type Confirmation,
  type ConfirmationInput,
  confirmation,
  type OscoreInputMaterial,
} from './message/confirmation.ts'
export { CreationHints, type CreationHintsMembers } from './message/creation-hints.ts'
export {
  fromProblemDetails,
  type ProblemDetailsOptions,
  toProblemDetails,
} from './message/error-as-problem-details.ts'
export { ErrorCode } from './message/error-code.ts'
export {
  ErrorResponse,
  ErrorResponseBuilder,
  type ErrorResponseOptions,
} from './message/error-response.ts'
export { IntrospectionRequest, type IntrospectionRequestMembers } from './message/introspection-request.ts'
export { IntrospectionResponse, type IntrospectionResponseMembers } from './message/introspection-response.ts'
export type { Message, MessageClass, Request, RequestClass } from './message/message.ts'
export { type ProblemDetails, problemDetailsWith } from './message/problem-details.ts'
export { RevocationRequest, type RevocationRequestMembers } from './message/revocation-request.ts'
export { type Scope, scope } from './message/scope.ts'
export type { TaggedText } from './message/tagged-text.ts'
export * from './registry/index.ts'
export { fromBase64url, toBase64url } from './table/base64url.ts'
export { EncodeError, type EncodeReason } from './table/encode-error.ts'
export type { Json } from './table/json.ts'
export type { MessageRow, MessageTable } from './table/message-table.ts'
export type { MessageOptions } from './table/options.ts'
export type { OutsideRow, OutsideRows } from './table/outside-rows.ts'
export { arrayOf } from './table/types/array.ts'
export { boolean } from './table/types/boolean.ts'
export { bytes } from './table/types/bytes.ts'
export type { Code } from './table/types/code.ts'
export { integer, numericDate, unsigned } from './table/types/number.ts'
export { opaque, opaqueFromText, opaqueToText } from './table/types/opaque.ts'
export { text } from './table/types/text.ts'
export type { ValueType } from './table/types/value-type.ts'
export type { UnknownCborMember, UnknownJsonMember, UnknownMember } from './table/unknown-member.ts'
export type { Violation, ViolationRule } from './table/violation.ts'
export { violationSentences } from './table/violation-sentences.ts'
