import type { CaseResult, ConformanceReport } from './report.ts'

/** How many cases came to what. */
export type Counts = Pick<ConformanceReport, 'passed' | 'failed' | 'skipped'>

/** What came of the cases that are about one requirement. */
export interface RequirementCounts extends Counts {
  readonly requirement: string
}

/** How many of the results are which. */
export function countOf(results: readonly CaseResult[]): Counts {
  const count = { passed: 0, failed: 0, skipped: 0 }
  for (const { outcome } of results) count[outcome]++
  return count
}

/** All results of a report, in its order. */
export function resultsOf({ documents }: ConformanceReport): CaseResult[] {
  return documents.flatMap(({ sections }) => sections.flatMap(({ results }) => results))
}

/** The results that failed, in the order of the report. */
export function failuresOf(report: ConformanceReport): CaseResult[] {
  return resultsOf(report).filter(({ outcome }) => outcome === 'failed')
}

/** The requirements that the cases of a report are about, sorted, with what came of these. */
export function requirementsOf(report: ConformanceReport): RequirementCounts[] {
  const found = new Map<string, CaseResult[]>()
  for (const result of resultsOf(report))
    for (const requirement of result.requirements ?? []) {
      const results = found.get(requirement)
      if (results) results.push(result)
      else found.set(requirement, [result])
    }
  const inOrder = new Intl.Collator('en', { numeric: true })
  return [...found]
    .map(([requirement, results]) => ({ requirement, ...countOf(results) }))
    .sort((a, b) => inOrder.compare(a.requirement, b.requirement))
}
