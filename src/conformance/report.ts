import type { VectorInput, VectorMessage } from './vector.ts'

/** What came of one case. */
export interface CaseResult {
  /** The id of its vector. */
  readonly id: string
  readonly description: string
  readonly message: VectorMessage
  /** The requirements that the vector is about. */
  readonly requirements?: readonly string[]
  readonly input: VectorInput
  /** `skipped` where the implementation does not have what the case needs. */
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** What is to happen, for people. */
  readonly expected: string
  /** What happened; of a failed case its first difference. */
  readonly got: string
  /** Both encodings in hex, where the difference is in what was written. */
  readonly encoded?: { readonly expected: string; readonly got: string }
}

/** The cases of one section. */
export interface SectionReport {
  readonly section: string
  readonly results: readonly CaseResult[]
}

/** The cases of one document. */
export interface DocumentReport {
  /** The name of its file, without `.json`. */
  readonly document: string
  readonly title: string
  readonly sections: readonly SectionReport[]
}

/** What came of a run, in numbers and case by case, by document and section in the order of the vectors. */
export interface ConformanceReport {
  /** The name of the implementation. */
  readonly implementation: string
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** How often the process of a codec was started again, after it ended or hung. */
  readonly restarts?: number
  /** Why the implementation could not be asked any more, in one line. */
  readonly broken?: string
  /** Whether the run ended at its first failure. */
  readonly bailed?: true
  /** How many cases were left where the run ended early: they are not in the documents. */
  readonly unasked?: number
  readonly documents: readonly DocumentReport[]
}
