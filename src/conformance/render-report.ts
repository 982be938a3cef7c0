import { checkObject } from '../cbor/check-object.ts'
import { printable } from '../table/printable.ts'
import type { CaseResult, ConformanceReport, DocumentReport } from './report.ts'
import { type Counts, countOf, failuresOf, type RequirementCounts, requirementsOf } from './summary.ts'

/** How much of a report to show. */
export interface RenderOptions {
  /** How many failures to show in full, the first ones; of the others the ids. Default: all. */
  readonly failures?: number
  /** What to show of a failure besides, such as its bytes explained: lines of text. */
  readonly explain?: (result: CaseResult) => string
}

/**
 * A report for people: a line for each section, the requirements of which a case failed, and what is wrong with the cases
 * that failed.
 *
 * @example
 * ```ts
 * import { renderReport, runConformance } from 'ace-oauth/conformance'
 *
 * console.log(renderReport(await runConformance([]))) // ace-oauth: 0 passed
 * ```
 */
export function renderReport(report: ConformanceReport, options: RenderOptions = {}): string {
  checkObject('options', options)
  const { implementation, documents, broken, restarts = 0 } = report
  const total = printable(
    broken === undefined ? `${implementation}: ${counts(report)}` : `FAILED ${broken}; ${counts(report)}`,
  )
  if (broken !== undefined && report.passed === 0) return total
  const lines = documents.flatMap((document) => [...renderDocument(document), ''])
  const failures = failuresOf(report)
  const { failures: most = failures.length, explain = () => '' } = options
  if (failures.length > 0) {
    const requirements = requirementsOf(report).filter(({ failed }) => failed > 0)
    if (requirements.length > 0)
      lines.push('Requirements with a failure', ...requirements.map(renderRequirement), '')
    for (const result of failures.slice(0, most)) lines.push(...renderFailure(result, explain(result)), '')
    const others = failures.slice(most).map(({ id }) => id)
    if (others.length > 0) lines.push(`FAILED too: ${others.join(', ')}`, '')
  }
  const remarks = [
    restarts > 0 && `started again ${restarts} ${restarts === 1 ? 'time' : 'times'}`,
    report.bailed && 'ended at the first failure',
  ].filter(Boolean)
  return [...lines, [total, ...remarks].join('; ')].join('\n')
}

function renderDocument({ title, sections }: DocumentReport): string[] {
  const width = Math.max(0, ...sections.map(({ section }) => section.length))
  return [
    title,
    ...sections.map(({ section, results }) => `  ${section.padEnd(width)}  ${counts(countOf(results))}`),
  ]
}

function renderRequirement({ requirement, ...numbers }: RequirementCounts): string {
  return `  ${requirement}  ${counts(numbers)}`
}

function renderFailure({ id, description, expected, got }: CaseResult, explained: string): string[] {
  const lines = explained === '' ? [] : explained.trimEnd().split('\n')
  return [
    `FAILED ${id}: ${description}`,
    `  expected ${printable(expected)}`,
    `  got      ${printable(got)}`,
    ...lines.map((line) => `  ${line}`.trimEnd()),
  ]
}

/** Counts in words; what there is nothing of is left out. */
export function counts({
  passed,
  failed,
  skipped,
  unasked = 0,
}: Counts & Pick<ConformanceReport, 'unasked'>): string {
  const others = [
    failed > 0 && `${failed} failed`,
    skipped > 0 && `${skipped} skipped`,
    unasked > 0 && `${unasked} not asked`,
  ].filter(Boolean)
  return [`${passed} passed`, ...others].join(', ')
}
