/** What came of one case. */
export interface CaseResult {
  /** The id of its vector. */
  readonly id: string
  readonly description: string
  /** `skipped` where the implementation does not have what the case needs. */
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** What is to happen, for people. */
  readonly expected: string
  /** What happened; of a failed case its first difference. */
  readonly got: string
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
  readonly documents: readonly DocumentReport[]
}
