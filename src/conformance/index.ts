/**
 * Conformance tests for implementations of ACE-OAuth (RFC 9200), this one or another: the vectors' shape, the runner and
 * its reports. The vectors themselves are the files of `ace-oauth/vectors/`.
 *
 * @module
 */
export { vectorDocuments } from './documents.ts'
export {
  type Decoded,
  type DecodedUnknown,
  type Encoded,
  type Implementation,
  type Refused,
  unsupported,
} from './implementation.ts'
export { libraryImplementation } from './library.ts'
export { renderJunit } from './render-junit.ts'
export { renderReport } from './render-report.ts'
export type { CaseResult, ConformanceReport, DocumentReport, SectionReport } from './report.ts'
export { type ConformanceOptions, runConformance } from './run.ts'
export { valueToJson } from './value-json.ts'
export type {
  Accept,
  Expectation,
  Refuse,
  Vector,
  VectorDocument,
  VectorInput,
  VectorMessage,
  VectorOptions,
  VectorUnknown,
  VectorViolation,
} from './vector.ts'
