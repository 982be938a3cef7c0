import type { CaseResult, ConformanceReport, SectionReport } from './report.ts'

/**
 * A report for people: a line for each section, and what is wrong with each case that failed.
 *
 * @example
 * ```ts
 * import { renderReport, runConformance } from 'ace-oauth/conformance'
 *
 * console.log(renderReport(await runConformance([]))) // ace-oauth: 0 passed
 * ```
 */
export function renderReport(report: ConformanceReport): string {
  const { implementation, documents } = report
  const lines: string[] = []
  for (const { title, sections } of documents) {
    lines.push(title)
    const width = Math.max(0, ...sections.map(({ section }) => section.length))
    for (const section of sections) lines.push(...renderSection(section, width))
    lines.push('')
  }
  lines.push(`${implementation}: ${counts(report)}`)
  return lines.join('\n')
}

function renderSection({ section, results }: SectionReport, width: number): string[] {
  const count = (outcome: CaseResult['outcome']): number =>
    results.filter((result) => result.outcome === outcome).length
  const totals = { passed: count('passed'), failed: count('failed'), skipped: count('skipped') }
  return [
    `  ${section.padEnd(width)}  ${counts(totals)}`,
    ...results
      .filter(({ outcome }) => outcome === 'failed')
      .flatMap(({ id, description, expected, got }) => [
        `    FAILED ${id}: ${description}`,
        `      expected ${expected}`,
        `      got      ${got}`,
      ]),
  ]
}

function counts({
  passed,
  failed,
  skipped,
}: Pick<ConformanceReport, 'passed' | 'failed' | 'skipped'>): string {
  const others = [failed > 0 && `${failed} failed`, skipped > 0 && `${skipped} skipped`].filter(Boolean)
  return [`${passed} passed`, ...others].join(', ')
}
