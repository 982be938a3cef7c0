import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { catalogue, type FailureCode } from '../../src/failure/catalogue.ts'
import { renderFailure, renderFailures } from '../../src/failure/document.ts'
import { runbookOf } from '../../src/failure/runbook.ts'

const codes = [...catalogue.keys()]

describe('the runbook', () => {
  it.each(codes)('has a meaning and an action for %s, in whole sentences', (code) => {
    const { meaning, action } = runbookOf(code)
    for (const text of [meaning, action]) expect(text).toMatch(/^[A-Z][^|\n]*[.?]$/)
  })

  it('has none for another code', () => {
    expect(() => runbookOf('token_lost' as FailureCode)).toThrow(RangeError)
  })
})

describe('the document', () => {
  it('is docs/failures.md; `npm run generate` writes it again', () => {
    expect(readFileSync('docs/failures.md', 'utf8')).toBe(renderFailures())
  })

  it('has a row for each code and kind', () => {
    const document = renderFailures()
    for (const code of codes)
      expect(document.split(`| <a id="${code}"></a>\`${code}\` |`), code).toHaveLength(2)
  })

  it('explains one failure in plain text', () => {
    expect(renderFailure('token_grant_expired')).toMatchInlineSnapshot(`
      "token_grant_expired

        where        The token endpoint
        meaning      The grant was valid and ran out.
        action       None. If clients are too slow to use it, give the grant a longer lifetime.
        kind         auth_error: not authenticated, or not allowed
        try again    no
        suggested    fix_config
        on the wire  CoAP 4.00, HTTP 400, invalid_grant (3)
        sentence     the grant is not valid
      "
    `)
    expect(renderFailure('introspect_not_permitted')).toContain('CoAP 4.03, HTTP 403, no payload')
    expect(renderFailure('client_network_error')).toMatch(/try again +yes, at first after 1000 ms\n/)
  })

  it('explains nothing else', () => {
    for (const code of ['', 'token', 'toString', 'TOKEN_GRANT_EXPIRED'])
      expect(renderFailure(code)).toBeUndefined()
  })
})
