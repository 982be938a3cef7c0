/**
 * Conformance tests for implementations of ACE-OAuth (RFC 9200), this one or another: the vectors' shape, the runner and
 * its reports. The vectors themselves are the files of `ace-oauth/vectors/`.
 *
 * @module
 */
export { vectorDocuments } from './documents.ts'
export { unhex } from './hex.ts'
export {
  type Decoded,
  type DecodedUnknown,
  type Encoded,
  type Implementation,
  type Refused,
  refused,
  unsupported,
} from './implementation.ts'
export { libraryImplementation } from './library.ts'
export { renderHtml } from './render-html.ts'
export { renderJunit } from './render-junit.ts'
export { renderMarkdown } from './render-markdown.ts'
export { type RenderOptions, renderReport } from './render-report.ts'
export type { CaseResult, ConformanceReport, DocumentReport, SectionReport } from './report.ts'
export { type ConformanceOptions, runConformance, selectVectors } from './run.ts'
export { type Counts, type RequirementCounts, requirementsOf } from './summary.ts'
export { valueFromJson, valueToJson } from './value-json.ts'
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
