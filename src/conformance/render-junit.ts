import type { CaseResult, ConformanceReport } from './report.ts'

/**
 * A report as JUnit XML, which continuous integration reads: a test suite for each document, a test case for each vector
 * under the class name `document section`.
 *
 * @example
 * ```ts
 * import { renderJunit, runConformance } from 'ace-oauth/conformance'
 *
 * const xml = renderJunit(await runConformance([]))
 * ```
 */
export function renderJunit({ implementation, documents, broken, ...totals }: ConformanceReport): string {
  const suites = documents.map(({ document, title, sections }) => {
    const results = sections.flatMap((section) => section.results)
    const count = (outcome: CaseResult['outcome']): number =>
      results.filter((result) => result.outcome === outcome).length
    const cases = sections.flatMap(({ section, results }) =>
      results.map((result) => renderCase(`${document} ${section}`, result)),
    )
    const numbers = { tests: results.length, failures: count('failed'), skipped: count('skipped') }
    return `  ${element('testsuite', { name: title, ...numbers }, `\n${cases.join('')}  `)}\n`
  })
  if (broken !== undefined) {
    const numbers = { tests: 1, errors: 1 }
    const error = element('error', { message: broken }, '')
    const end = `    ${element('testcase', { classname: 'codec', name: 'answers' }, error)}\n`
    suites.push(`  ${element('testsuite', { name: 'Codec', ...numbers }, `\n${end}  `)}\n`)
  }
  const { passed, failed, skipped } = totals
  const numbers = {
    tests: passed + failed + skipped + (broken === undefined ? 0 : 1),
    failures: failed,
    ...(broken !== undefined && { errors: 1 }),
    skipped,
  }
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', { name: implementation, ...numbers }, `\n${suites.join('')}`)}\n`
}

function renderCase(classname: string, { id, outcome, expected, got }: CaseResult): string {
  const content =
    outcome === 'failed'
      ? element('failure', { message: got }, escapeXml(`expected ${expected}\ngot      ${got}`))
      : outcome === 'skipped'
        ? element('skipped', { message: got }, '')
        : ''
  return `    ${element('testcase', { classname, name: id }, content)}\n`
}

function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content: string,
): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`)
  return `<${name}${written.join('')}${content ? `>${content}</${name}>` : '/>'}`
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
}

/** What is no character of XML 1.0 (its production 2). */
const noXmlCharacter = /[^\t\n\r\u0020-\ufffd\u{10000}-\u{10ffff}]/gu

/** Text as XML 1.0 has it: characters that it cannot have at all become U+FFFD. */
function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(noXmlCharacter, '\ufffd')
    .replace(/[&<>"'\n\r\t]/g, (character) => entities[character]!)
}
