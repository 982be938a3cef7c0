import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { followCreationHints, type TrustedServer } from '../../src/client/index.ts'
import { CreationHints } from '../../src/message/creation-hints.ts'

const as: TrustedServer = {
  issuer: 'https://as.example.com',
  token_endpoint: 'https://as.example.com/token',
  audiences: ['coaps://rs.example.com'],
}
const audience = 'coaps://rs.example.com'

describe('creation hints', () => {
  it.each([
    ['its token endpoint', 'https://as.example.com/token'],
    ['its token endpoint over CoAP', 'coaps://as.example.com/token'],
    [
      'its token endpoint without protection, which is not what the client uses',
      'coap://as.example.com/token',
    ],
    ['its issuer', 'https://as.example.com'],
    ['its issuer with a slash', 'https://as.example.com/'],
    ['letters in another case, where they mean the same', 'COAPS://AS.EXAMPLE.COM/token'],
  ])('that name a trusted server by %s choose it (R9200-5.1-1, R9200-6.5-2, R9202-3.1-2)', (_, AS) => {
    const { server, members } = followCreationHints(new CreationHints({ AS, audience }), [as])
    expect(server).toBe(as)
    expect(members).toEqual({ audience })
  })

  it.each([
    ['another host', { AS: 'https://evil.example.com/token', audience }],
    ['another path', { AS: 'https://as.example.com/other', audience }],
    ['another port', { AS: 'coaps://as.example.com:1234/token', audience }],
    ['a host that begins alike', { AS: 'https://as.example.com.evil.example/token', audience }],
    ['a user name that looks like the host', { AS: 'https://as.example.com@evil.example/token', audience }],
    ['a URI without a host', { AS: 'urn:example:as', audience }],
    [
      'an audience that it may not issue for',
      { AS: 'https://as.example.com/token', audience: 'coaps://door.example.com' },
    ],
  ])('that name %s are refused (R9200-6.4-1, R9200-5.1-1)', (_, hints) => {
    expect(() => followCreationHints(new CreationHints(hints), [as])).toThrow(
      expect.objectContaining({ code: 'client_server_not_trusted' }),
    )
  })

  it('are refused by a client that trusts nobody, whatever they say', () => {
    const nobody: readonly TrustedServer[] = []
    for (const hints of [{ AS: 'https://as.example.com/token', audience }, { audience }, { scope: 'r' }])
      expect(() => followCreationHints(new CreationHints(hints), nobody)).toThrow(
        expect.objectContaining({ code: 'client_server_not_trusted' }),
      )
    expect(() => followCreationHints(new CreationHints({ audience }), undefined as never)).toThrow(TypeError)
  })

  it('that leave open whom they mean are followed where there is no choice, and refused where there is', () => {
    expect(followCreationHints(new CreationHints({ scope: 'r' }), [as]).members).toEqual({
      audience,
      scope: 'r',
    })
    const other = { ...as, issuer: 'https://b.example.com', token_endpoint: 'https://b.example.com/token' }
    expect(() => followCreationHints(new CreationHints({ audience }), [as, other])).toThrow(
      expect.objectContaining({ code: 'client_server_not_trusted' }),
    )
    const many = { ...as, audiences: [audience, 'coaps://door.example.com'] }
    expect(() => followCreationHints(new CreationHints({ AS: as.issuer! }), [many])).toThrow(
      expect.objectContaining({ code: 'client_server_not_trusted' }),
    )
  })

  it('hand on cnonce, scope and kid byte for byte (R9200-5.3.1-2, R9200-5.8.1-4, R9200-5.8.4.4-1, R9202-4-1)', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(bytes, bytes, bytes, (cnonce, kid, scope) => {
        const hints = CreationHints.fromCbor(
          new CreationHints({ AS: as.issuer!, audience, cnonce, kid, scope }).toCbor(),
        )
        expect(followCreationHints(hints, [as]).members).toEqual({
          audience,
          cnonce,
          scope,
          req_cnf: { kid },
        })
      }),
    )
  })
})
