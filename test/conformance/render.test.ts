import { describe, expect, test } from 'vitest'
import {
  type CaseResult,
  type ConformanceReport,
  renderHtml,
  renderJunit,
  renderMarkdown,
  renderReport,
} from '../../src/conformance/index.ts'

const about = { message: 'error-response', input: { hex: 'a0' } } as const
const report: ConformanceReport = {
  implementation: "./my-codec --say 'hello' & <go>",
  passed: 1,
  failed: 1,
  skipped: 1,
  documents: [
    {
      document: 'rfc9200',
      title: 'RFC 9200: "ACE-OAuth"',
      sections: [
        {
          section: '5.8.3',
          results: [
            {
              ...about,
              id: 'good',
              description: 'Good',
              outcome: 'passed',
              expected: 'accept {}',
              got: 'accept {}',
            },
            {
              ...about,
              requirements: ['R9200-5.8.3-1'],
              id: 'bad<&>',
              description: 'Bad',
              outcome: 'failed',
              expected: 'accept {"error":"a & b"}',
              got: "threw <x> ]]> 'y'\n\0\ud800\u{1f512}",
            },
          ],
        },
        {
          section: '5.9',
          results: [
            {
              ...about,
              id: 'none',
              description: 'None',
              outcome: 'skipped',
              expected: 'accept {}',
              got: 'unsupported',
            },
          ],
        },
      ],
    },
  ],
}

describe('renderReport', () => {
  test('counts by document and section, and shows what failed', () => {
    expect(renderReport({ ...report, implementation: 'mine' })).toBe(`RFC 9200: "ACE-OAuth"
  5.8.3  1 passed, 1 failed
  5.9    0 passed, 1 skipped

Requirements with a failure
  R9200-5.8.3-1  0 passed, 1 failed

FAILED bad<&>: Bad
  expected accept {"error":"a & b"}
  got      threw <x> ]]> 'y'\\u000a\\u0000\\ud800\u{1f512}

mine: 1 passed, 1 failed, 1 skipped`)
  })

  test('shows the first failures in full, explained, and the others by their ids', () => {
    const [document] = report.documents
    const [{ results }] = document!.sections as unknown as [{ results: CaseResult[] }]
    const second = { ...results[1]!, id: 'second' }
    const sections = [{ section: '5.8.3', results: [...results, second] }]
    const text = renderReport(
      { ...report, failed: 2, documents: [{ ...document!, sections }] },
      { failures: 1, explain: ({ input }) => `bytes ${JSON.stringify(input)}\nand more` },
    )
    expect(text).toContain('  bytes {"hex":"a0"}\n  and more\n')
    expect(text.match(/^FAILED .*/gm)).toEqual(['FAILED bad<&>: Bad', 'FAILED too: second'])
  })

  test('what cannot be asked is one line', () => {
    const broken = { ...report, passed: 0, skipped: 0, unasked: 2, broken: './no: \x1b[31mnot found' }
    expect(renderReport(broken)).toBe('FAILED ./no: \\u001b[31mnot found; 0 passed, 1 failed, 2 not asked')
  })

  test('what ends in the middle of a run is told below what came before', () => {
    const lines = renderReport({ ...report, unasked: 2, broken: './no: ended' }).split('\n')
    expect(lines[0]).toBe('RFC 9200: "ACE-OAuth"')
    expect(lines.at(-1)).toBe('FAILED ./no: ended; 1 passed, 1 failed, 1 skipped, 2 not asked')
  })

  test('tells restarts, and an end at the first failure', () => {
    const text = renderReport({ ...report, implementation: 'mine', restarts: 2, bailed: true })
    expect(text).toMatch(/\nmine: .*; started again 2 times; ended at the first failure$/)
  })

  test('of nothing', () => {
    expect(renderReport({ implementation: 'mine', passed: 0, failed: 0, skipped: 0, documents: [] })).toBe(
      'mine: 0 passed',
    )
  })
})

describe('renderJunit', () => {
  test('a suite for each document, a case for each vector', () => {
    expect(renderJunit(report)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="./my-codec --say &apos;hello&apos; &amp; &lt;go&gt;" tests="3" failures="1" skipped="1">
  <testsuite name="RFC 9200: &quot;ACE-OAuth&quot;" tests="3" failures="1" skipped="1">
    <testcase classname="rfc9200 5.8.3" name="good"/>
    <testcase classname="rfc9200 5.8.3" name="bad&lt;&amp;&gt;"><failure message="threw &lt;x&gt; ]]&gt; &apos;y&apos;&#10;\ufffd\ufffd\u{1f512}">expected accept {&quot;error&quot;:&quot;a &amp; b&quot;}&#10;got      threw &lt;x&gt; ]]&gt; &apos;y&apos;&#10;\ufffd\ufffd\u{1f512}</failure></testcase>
    <testcase classname="rfc9200 5.9" name="none"><skipped message="unsupported"/></testcase>
  </testsuite>
</testsuites>
`)
  })

  test('an implementation that could not be asked any more is one error', () => {
    const xml = renderJunit({ ...report, unasked: 5, broken: './no: ended with exit code 1' })
    expect(xml).toContain('tests="4" failures="1" errors="1" skipped="1">')
    expect(xml.match(/<error message="[^"]*"\/>/g)).toEqual([
      '<error message="./no: ended with exit code 1"/>',
    ])
  })

  test('no character that XML 1.0 cannot have gets into it', () => {
    const every = `${[...Array(0x20).keys()].map((code) => String.fromCharCode(code)).join('')}\ufffe\uffff\udc00`
    const xml = renderJunit({ ...report, implementation: every })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
    expect(xml).not.toMatch(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/)
    expect(xml.isWellFormed()).toBe(true)
  })
})

describe('renderMarkdown', () => {
  test('tables of sections and requirements, and a line for each failure', () => {
    const text = renderMarkdown(report)
    expect(text).toContain('| RFC 9200: "ACE-OAuth" | 5.8.3 | 1 | 1 | 0 |\n')
    expect(text).toContain('| R9200-5.8.3-1 | 0 | 1 | 0 |\n')
    expect(text).toContain(
      '- `bad<&>` Bad: expected accept \\{"error":"a & b"\\}, got threw \\<x\\> \\]\\]\\> \'y\' ',
    )
  })
})

describe('renderHtml', () => {
  test('one page that loads nothing, in which what a codec says is text', () => {
    const page = renderHtml(report, { explain: () => '<b>a1</b>' })
    expect(page).toMatch(/^<!doctype html>\n/)
    expect(page).toContain("<h1>./my-codec --say 'hello' &amp; &lt;go&gt;</h1>")
    expect(page).toContain('sent     a0\nexpected accept {&quot;error&quot;:&quot;a &amp; b&quot;}')
    expect(page).toContain('&lt;b&gt;a1&lt;/b&gt;')
    expect(page).not.toMatch(/<(x|b|script|link|img)\b|https?:/)
  })
})
