import * as fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { followCreationHints, requestCreationHints, type TrustedServer } from '../../src/client/index.ts'
import { CreationHints } from '../../src/message/creation-hints.ts'
import { type LocalServer, serveLocally } from './servers.ts'

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

describe('a request for hints', () => {
  let rs: LocalServer | undefined
  afterEach(() => rs?.close())

  it('carries nothing, and gives the hints of the answer (R9200-5.1-2, R9200-6.8-3)', async () => {
    const hints = new CreationHints({ AS: as.issuer!, audience, scope: 'r' })
    const seen: unknown[] = []
    rs = await serveLocally(({ method, url, headers }, response) => {
      const { accept, authorization, cookie } = headers
      seen.push({ method, url, accept, authorization, cookie, length: headers['content-length'] })
      response.writeHead(401, { 'content-type': 'application/ace+cbor' }).end(hints.toCbor())
    })
    expect((await requestCreationHints(`${rs.url}temp`)).equals(hints)).toBe(true)
    expect(seen).toEqual([
      { method: 'GET', url: '/temp', accept: 'application/ace+cbor, application/json;q=0.5' },
    ])
  })

  it.each([
    ['a resource that needs no token', 200, 'text/plain', '21 C', 'client_response_unexpected'],
    ['a refusal without hints', 401, 'text/plain', 'no', 'client_refused'],
    ['hints that are none', 401, 'application/ace+cbor', 'no', 'client_response_malformed'],
    ['a redirect', 302, 'text/plain', '', 'client_response_unexpected'],
    ['a resource that is not there', 404, 'text/plain', '', 'client_response_unexpected'],
  ])('is told %s', async (_, status, type, body, code) => {
    rs = await serveLocally(
      (__, response) => void response.writeHead(status, { 'content-type': type }).end(body),
    )
    await expect(requestCreationHints(rs.url)).rejects.toMatchObject({ code })
    await expect(requestCreationHints('http://rs.example.com/')).rejects.toThrow(TypeError)
  })
})
