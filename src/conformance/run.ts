import { check } from './check.ts'
import type { Implementation } from './implementation.ts'
import { libraryImplementation } from './library.ts'
import type { CaseResult, ConformanceReport, DocumentReport } from './report.ts'
import type { VectorDocument } from './vector.ts'

/** What to run, and on what. */
export interface ConformanceOptions {
  /** The documents to run, by the names of their files; all of those given where it is absent. */
  readonly documents?: readonly string[]
  /** What to test. Default: this library. */
  readonly implementation?: Implementation
  /** Is told each result as it comes. */
  readonly onResult?: (result: CaseResult, document: VectorDocument) => void
}

/**
 * Runs vectors, one after the other, and reports what came of them.
 *
 * @param vectors documents of `ace-oauth/vectors/`
 * @throws RangeError for a document that is not among them
 *
 * @example
 * ```ts
 * import { renderReport, runConformance, type VectorDocument } from 'ace-oauth/conformance'
 * import rfc9200 from 'ace-oauth/vectors/rfc9200.json' with { type: 'json' }
 *
 * const report = await runConformance([rfc9200 as VectorDocument])
 * if (report.failed > 0) console.error(renderReport(report))
 * ```
 */
export async function runConformance(
  vectors: readonly VectorDocument[],
  options: ConformanceOptions = {},
): Promise<ConformanceReport> {
  const { documents: names, implementation = libraryImplementation, onResult } = options
  const stranger = names?.find((name) => !vectors.some(({ document }) => document === name))
  if (stranger !== undefined) throw new RangeError(`no document ${stranger}`)
  const counts = { passed: 0, failed: 0, skipped: 0 }
  const documents: DocumentReport[] = []
  for (const document of vectors) {
    if (names && !names.includes(document.document)) continue
    const sections = new Map<string, CaseResult[]>()
    for (const vector of document.vectors) {
      const result = await check(vector, implementation)
      counts[result.outcome]++
      const results = sections.get(vector.section) ?? []
      sections.set(vector.section, [...results, result])
      onResult?.(result, document)
    }
    documents.push({
      document: document.document,
      title: document.title,
      sections: [...sections].map(([section, results]) => ({ section, results })),
    })
  }
  return { implementation: implementation.name, ...counts, documents }
}
