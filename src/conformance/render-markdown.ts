import { counts } from './render-report.ts'
import type { ConformanceReport } from './report.ts'
import { countOf, failuresOf, requirementsOf } from './summary.ts'

/**
 * A report in Markdown: a table of documents and sections, one of requirements, and the failures, a line each.
 *
 * @example
 * ```ts
 * import { renderMarkdown, runConformance } from 'ace-oauth/conformance'
 *
 * const text = renderMarkdown(await runConformance([]))
 * ```
 */
export function renderMarkdown(report: ConformanceReport): string {
  const { implementation, documents, broken } = report
  const head = [`# ${escapeMarkdown(implementation)}`, '', `${counts(report)}.`, '']
  if (broken !== undefined) head.push(`${escapeMarkdown(broken)}.`, '')
  const sections = documents.flatMap(({ title, sections: list }) =>
    list.map(({ section, results }) => {
      const { passed, failed, skipped } = countOf(results)
      return `| ${[title, section].map(escapeMarkdown).join(' | ')} | ${passed} | ${failed} | ${skipped} |`
    }),
  )
  const requirements = requirementsOf(report).map(
    ({ requirement, passed, failed, skipped }) => `| ${requirement} | ${passed} | ${failed} | ${skipped} |`,
  )
  const failures = failuresOf(report).map(
    ({ id, description, expected, got }) =>
      `- \`${id}\` ${escapeMarkdown(description)}: expected ${escapeMarkdown(expected)}, got ${escapeMarkdown(got)}`,
  )
  return [
    ...head,
    '| document | section | passed | failed | skipped |',
    '| --- | --- | --- | --- | --- |',
    ...sections,
    '',
    ...(requirements.length > 0
      ? ['| requirement | passed | failed | skipped |', '| --- | --- | --- | --- |', ...requirements, '']
      : []),
    ...(failures.length > 0 ? ['## Failures', '', ...failures, ''] : []),
  ].join('\n')
}

/** Text in a line or a cell of Markdown, as it is. */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>|]/g, '\\$&').replaceAll(/[\s\p{Cc}]+/gu, ' ')
}
