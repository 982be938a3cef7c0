import { checkObject } from '../cbor/check-object.ts'
import type { RenderOptions } from './render-report.ts'
import { counts } from './render-report.ts'
import type { CaseResult, ConformanceReport, DocumentReport } from './report.ts'
import { countOf, failuresOf, requirementsOf } from './summary.ts'

/**
 * A report as one HTML file that loads nothing: documents and sections, requirements, and each case with what was sent, what
 * was expected and what came.
 *
 * @example
 * ```ts
 * import { renderHtml, runConformance } from 'ace-oauth/conformance'
 *
 * const page = renderHtml(await runConformance([]))
 * ```
 */
export function renderHtml(report: ConformanceReport, options: Pick<RenderOptions, 'explain'> = {}): string {
  checkObject('options', options)
  const { implementation, documents, broken } = report
  const { explain = () => '' } = options
  const title = `${implementation}: ${counts(report)}`
  const failures = failuresOf(report)
  const requirements = requirementsOf(report)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escapeHtml(implementation)}</h1>
<p>${escapeHtml(counts(report))}.${broken === undefined ? '' : ` <strong class="failed">${escapeHtml(broken)}</strong>`}</p>
${failures.length > 0 ? `<h2>Failures</h2>\n${failures.map((result) => renderCase(result, explain(result), true)).join('')}` : ''}
<h2>Documents</h2>
${documents.map(renderDocument).join('')}
${
  requirements.length > 0
    ? `<h2>Requirements</h2>\n${table(
        ['requirement'],
        requirements.map(({ requirement, ...count }) => [[requirement], count]),
      )}`
    : ''
}
</body>
</html>
`
}

const style = `
:root { color-scheme: light dark; --line: light-dark(#ccc, #444); --failed: light-dark(#b00020, #ff8a80) }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
h1, summary, td { overflow-wrap: anywhere }
table { border-collapse: collapse; margin: .5rem 0 }
th, td { text-align: left; padding: .1rem 1rem .1rem 0; border-bottom: 1px solid var(--line) }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
.failed { color: var(--failed); font-weight: 600 }
.skipped { opacity: .6 }
details { margin: .2rem 0 }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .3rem 1rem; font-size: .85rem }
`

function renderDocument({ title, sections }: DocumentReport): string {
  const all = countOf(sections.flatMap(({ results }) => results))
  const rows = sections.map(({ section, results }) => [[section], countOf(results)] as const)
  const cases = sections.flatMap(({ results }) => results.map((result) => renderCase(result, '', false)))
  return `<details><summary${all.failed > 0 ? ' class="failed"' : ''}>${escapeHtml(`${title}: ${counts(all)}`)}</summary>
${table(['section'], rows)}
<details><summary>${cases.length} cases</summary>
${cases.join('')}</details>
</details>
`
}

function renderCase(
  { id, description, outcome, expected, got, input }: CaseResult,
  explained: string,
  isOpen: boolean,
): string {
  const sent = 'hex' in input ? input.hex : 'form' in input ? input.form : JSON.stringify(input.json)
  const told = [`sent     ${sent}`, `expected ${expected}`, `got      ${got}`, explained && `\n${explained}`]
  return `<details${isOpen ? ' open' : ''}><summary class="${outcome}">${escapeHtml(`${outcome} ${id}: ${description}`)}</summary><pre>${escapeHtml(told.filter(Boolean).join('\n'))}</pre></details>
`
}

function table(
  names: readonly string[],
  rows: readonly (readonly [readonly string[], ReturnType<typeof countOf>])[],
): string {
  const outcomes = ['passed', 'failed', 'skipped'] as const
  const head = [
    ...names.map((name) => `<th>${name}</th>`),
    ...outcomes.map((name) => `<th class="n">${name}</th>`),
  ]
  const body = rows.map(([cells, count]) => {
    const numbers = outcomes.map(
      (name) => `<td class="n${name === 'failed' && count.failed > 0 ? ' failed' : ''}">${count[name]}</td>`,
    )
    return `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}${numbers.join('')}</tr>\n`
  })
  return `<table><tr>${head.join('')}</tr>\n${body.join('')}</table>`
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escapeHtml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[&<>"]/g, (character) => entities[character]!)
    .replaceAll('\0', '\ufffd')
}
