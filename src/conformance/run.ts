import { checkObject } from '../cbor/check-object.ts'
import { check } from './check.ts'
import type { Implementation } from './implementation.ts'
import { libraryImplementation } from './library.ts'
import type { CaseResult, ConformanceReport, DocumentReport } from './report.ts'
import type { Vector, VectorDocument } from './vector.ts'

/** What to run, and on what. */
export interface ConformanceOptions {
  /** The documents to run, by the names of their files; all of those given where it is absent. */
  readonly documents?: readonly string[]
  /**
   * The vectors to run: those whose id, message, section, or one of whose requirements, is one of these, in which `*` stands
   * for any characters. All where it is absent.
   */
  readonly only?: readonly string[]
  /** Whether to end at the first failure. Default: false. */
  readonly bail?: boolean
  /** What to test. Default: this library. */
  readonly implementation?: Implementation
  /** Is told each result as it comes. */
  readonly onResult?: (result: CaseResult, document: VectorDocument) => void
}

/**
 * Runs vectors, one after the other, and reports what came of them.
 *
 * @param vectors documents of `ace-oauth/vectors/`
 * @throws RangeError for a document that is not among them, and where `only` leaves no vector
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
  checkObject('options', options)
  const { implementation = libraryImplementation, bail = false, onResult } = options
  const counts = { passed: 0, failed: 0, skipped: 0 }
  const documents: DocumentReport[] = []
  const selected = selectVectors(vectors, options)
  let unasked = selected.reduce((sum, document) => sum + document.vectors.length, 0)
  let isOver = false
  for (const document of selected) {
    const sections = new Map<string, CaseResult[]>()
    for (const vector of document.vectors) {
      const result = await check(vector, implementation)
      unasked--
      counts[result.outcome]++
      const results = sections.get(vector.section)
      if (results) results.push(result)
      else sections.set(vector.section, [result])
      onResult?.(result, document)
      isOver = implementation.broken !== undefined || (bail && result.outcome === 'failed')
      if (isOver) break
    }
    documents.push({
      document: document.document,
      title: document.title,
      sections: [...sections].map(([section, results]) => ({ section, results })),
    })
    if (isOver) break
  }
  const { name, broken, restarts = 0 } = implementation as Implementation & { readonly restarts?: number }
  return {
    implementation: name,
    ...counts,
    ...(restarts > 0 && { restarts }),
    ...(broken !== undefined && { broken }),
    ...(isOver && broken === undefined && { bailed: true }),
    ...(unasked > 0 && { unasked }),
    documents,
  }
}

/**
 * The vectors that the options select, in documents of which none is empty.
 *
 * @throws RangeError for a document that is not among them, and where `only` leaves no vector
 */
export function selectVectors(
  vectors: readonly VectorDocument[],
  options: Pick<ConformanceOptions, 'documents' | 'only'>,
): readonly VectorDocument[] {
  checkObject('options', options)
  const { documents: names, only } = options
  const stranger = names?.find((name) => !vectors.some(({ document }) => document === name))
  if (stranger !== undefined) throw new RangeError(`no document ${stranger}`)
  const named = names ? vectors.filter(({ document }) => names.includes(document)) : vectors
  if (!only) return named
  const patterns = only.map(
    (pattern) =>
      new RegExp(`^${pattern.replaceAll(/[\\^$.+?()[\]{}|]/g, '\\$&').replaceAll(/\*+/g, '.*')}$`, 'su'),
  )
  const isMeant = ({ id, message, section, requirements = [] }: Vector): boolean =>
    [id, message, section, ...requirements].some((name) => patterns.some((pattern) => pattern.test(name)))
  const left = named
    .map((document) => ({ ...document, vectors: document.vectors.filter(isMeant) }))
    .filter((document) => document.vectors.length > 0)
  if (left.length === 0)
    throw new RangeError(`no vector has an id, message, section or requirement ${only.join(', ')}`)
  return left
}
