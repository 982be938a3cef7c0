import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const text = readFileSync('docs/security.md', 'utf8')
const named = [...text.matchAll(/^ *- Test: `([^`]+)`, "(.+)"$/gm)].map(([, file = '', title = '']) => ({
  file,
  title,
}))

/** Whether a file has a test of a title. */
function has(file: string, title: string): boolean {
  const source = readFileSync(file, 'utf8')
  return ["'", '"', '`'].some((quote) => source.includes(`it(${quote}${title}${quote},`))
}

/** The sections of an RFC that the page has to speak of. */
const rfc9700 = [
  ...['2.1', '2.1.1', '2.1.2', '2.2.1', '2.2.2', '2.3', '2.4', '2.5', '2.6'],
  ...Array.from({ length: 17 }, (_, i) => `4.${i + 1}`),
]
const rfc9200 = Array.from({ length: 10 }, (_, i) => `6.${i + 1}`)

describe('docs/security.md', () => {
  it('names tests that exist', () => {
    expect(named.length).toBeGreaterThan(60)
    expect(text.match(/Test:/g)).toHaveLength(named.length)
    expect(named.filter(({ file, title }) => !has(file, title))).toEqual([])
    expect(has(named[0]!.file, 'no such title')).toBe(false)
  })

  it('speaks of each section of RFC 9700 and of RFC 9200 section 6, with a test', () => {
    const sections = text.split(/^##+ /m)
    for (const number of [...rfc9700, ...rfc9200]) {
      const escaped = number.replaceAll('.', '\\.')
      const found = sections.filter((section) =>
        new RegExp(`(?:^|, )${escaped} `).test(section.slice(0, section.indexOf('\n'))),
      )
      expect([number, found.length]).toEqual([number, 1])
      expect([number, found[0]!.includes('- Test: ')]).toEqual([number, true])
    }
  })
})
