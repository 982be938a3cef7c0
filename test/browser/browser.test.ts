import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TokenKey } from '../../src/cose/token-key.ts'
import { hex } from '../../src/table/hex.ts'
import { issueCwt, openCwt } from '../../src/token/cwt.ts'
import { issueJwt } from '../../src/token/jwt.ts'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']

/** The browser that CHROMIUM names, or the first that is installed. */
function findChromium(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const candidates = [
    process.env['CHROMIUM'],
    '/usr/bin/chromium',
    ...folders.flatMap((folder) => names.map((name) => join(folder, name))),
  ]
  return candidates.find((path) => {
    try {
      if (!path) return false
      accessSync(path, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

const chromium = findChromium()

// No unsafe-eval, no inline script, and nothing to be loaded from elsewhere.
const policy = "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'none'"

/** The page's own script: it runs what it imports, and tells in the page what came out and what the policy refused. */
function page(checks: string): string {
  return `
    const violations = []
    document.addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective + ' ' + event.blockedURI))
    const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
    const bytes = (digits) => Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16))
    const refusal = (act) => { try { act(); return 'taken' } catch (error) { return [error.name, error.reason, error.offset, error.path].join(' ') } }
    const results = {}
    let failure = null
    try {
      ${checks}
    } catch (error) {
      failure = String(error && error.stack || error)
    }
    const tell = () => {
      document.body.textContent = JSON.stringify({ results, violations, failure, node: typeof Buffer + typeof process })
      document.title = 'done'
    }
    // A violation is told in a task of its own.
    setTimeout(tell, 0)`
}

/** What a browser and Node issue for each other: every kind of protection that WebCrypto has, and one that it does not have. */
const algorithms = [
  'ES256',
  'ES384',
  'EdDSA',
  'HMAC 256/256',
  'HMAC 256/64',
  'A128GCM',
  'A256GCM',
  'AES-CCM-16-64-128',
] as const
const missing = ['ChaCha20/Poly1305'] as const
const tokenKeys = await Promise.all(
  [...algorithms, ...missing].map((alg) => TokenKey.generate(alg, { kid: 'k' })),
)
const fromNode = await Promise.all(
  tokenKeys.map(async (key) => ({
    alg: key.alg!,
    key: key.toPrivateJwk(),
    token: hex(await issueCwt({ iss: 'as', scope: 'read' }, key)),
  })),
)
const jwt = await issueJwt({ iss: 'as', aud: 'rs', scope: 'read' }, tokenKeys[0]!)

const pages: Readonly<Record<string, string>> = {
  core: `
    import { AccessTokenRequest, AccessTokenResponse, CreationHints, ErrorCode, ErrorResponse, decodeValue, encodeValue, errorCodes, fromProblemDetails, toProblemDetails } from './src/index.ts'
    import { jsonSchema } from './src/schema.ts'
    ${page(`
      results.error = hex(ErrorResponse.builder().error(ErrorCode.InvalidGrant).description('no').build().toCbor())
      results.json = ErrorResponse.fromCbor(bytes('a1181e03')).toJson()
      results.refused = refusal(() => ErrorResponse.fromCbor(bytes('a1181e0300')))
      results.utf8 = refusal(() => ErrorResponse.fromCbor(bytes('a2181e03181f62c328')))
      results.characters = ErrorResponse.fromCbor(bytes('a2181e03181f69c3a9f09f9880e6b0b4')).description
      const request = new AccessTokenRequest({ audience: 'a', scope: 'b', ace_profile: null, req_cnf: { COSE_Key: { kty: 'EC2', crv: 'P-256', x: bytes('01'), y: bytes('02') } } })
      results.request = hex(request.toCbor())
      results.form = request.toForm().toString()
      results.equal = AccessTokenRequest.fromForm(request.toForm()).equals(request) && AccessTokenRequest.fromCbor(request.toCbor()).equals(request)
      results.long = AccessTokenResponse.fromCbor(new AccessTokenResponse({ access_token: new Uint8Array(300).fill(7), expires_in: 2n ** 64n - 1n }).toCbor()).toJson().expires_in
      results.value = [...decodeValue(encodeValue(new Map([[1, [true, null, 1.5, 'x', 2n ** 60n]], ['k', new Uint8Array([1, 2])]])))].flat(9).map(String)
      results.records = refusal(() => decodeValue(bytes('d9dfff83018101' + '02')))
      results.schema = [jsonSchema(CreationHints.table).safeParse({ AS: 'coaps://a' }).success, jsonSchema(CreationHints.table).safeParse({ AS: 5 }).success]
      results.problem = fromProblemDetails(toProblemDetails(ErrorResponse.builder().error('invalid_scope').build(), { aceErrorKey: 2 }), { aceErrorKey: 2 }).error.name
      results.codes = Object.keys(errorCodes).length
    `)}`,
  small: `
    import { ErrorCode, ErrorResponse } from './src/error-response.ts'
    ${page(`
      results.error = hex(ErrorResponse.builder().error(ErrorCode.other(-99999)).uri('/e').build().toCbor())
      const response = ErrorResponse.fromCbor(bytes('a3181e3bffffffffffffffff181f627e41' + '6161820102'))
      results.value = String(response.error.value)
      results.unknown = hex(response.unknown[0].cbor)
      results.text = response.description
      results.refused = refusal(() => ErrorResponse.fromCbor(bytes('a2181e03181e04')))
      results.strict = refusal(() => ErrorResponse.fromCbor(bytes('a2181e03181f6122'), { strict: true }))
    `)}`,
  token: `
    import { CoseError, issueCwt, issueJwt, openCwt, ProtectionError, TokenKey } from './src/token/index.ts'
    import { verifyAccessToken } from './src/resource-server/index.ts'
    ${page(`
      const fromNode = ${JSON.stringify(fromNode)}
      const refused = (error) => error instanceof ProtectionError || error instanceof CoseError ? error.reason : String(error && error.stack)
      results.opened = {}
      results.issued = {}
      results.flipped = {}
      for (const { alg, key: jwk, token } of fromNode) {
        try {
          const key = await TokenKey.fromJwk(jwk)
          results.opened[alg] = (await openCwt(bytes(token), { keys: key })).claims.scope
          results.issued[alg] = hex(await issueCwt({ scope: 'write' }, key))
          const flipped = bytes(token)
          flipped[flipped.length - 1] ^= 1
          results.flipped[alg] = await openCwt(flipped, { keys: key }).catch(refused)
        } catch (error) {
          results.opened[alg] = refused(error)
          results.issued[alg] = error.message
        }
      }
      const keys = await TokenKey.fromJwk(fromNode[0].key)
      const options = { issuers: [{ issuer: 'as', keys }], audiences: 'rs', recognizesScope: () => true }
      results.jwt = (await verifyAccessToken(${JSON.stringify(jwt)}, options)).claims.scope
      results.own = (await verifyAccessToken(await issueJwt({ aud: 'rs', scope: 'own' }, keys), options)).claims.scope
      results.cut = await verifyAccessToken(${JSON.stringify(jwt.slice(0, -8))}, options).catch((error) => error.code)
      results.generated = []
      for (const alg of ['ES256', 'HMAC 256/256', 'A128GCM']) results.generated.push((await TokenKey.generate(alg)).alg)
      results.thumbprint = hex(await keys.thumbprint())
    `)}`,
  // The policy is in force: this page would have a function made of text.
  forbidden: page(
    `results.made = (() => { try { return new Function('return 1')() } catch (error) { return error.name } })()`,
  ),
}

describe('the library in a browser, under a Content-Security-Policy without unsafe-eval', () => {
  let server: Server
  let origin: string

  beforeAll(async () => {
    const scripts = new Map<string, string>()
    for (const [name, contents] of Object.entries(pages)) {
      const { outputFiles } = await build({
        stdin: { contents, resolveDir: process.cwd(), loader: 'js' },
        bundle: true,
        write: false,
        format: 'esm',
        platform: 'browser',
        conditions: ['ace-oauth-source'],
        target: 'es2022',
        logLevel: 'error',
      })
      scripts.set(`/${name}.js`, outputFiles[0]!.text)
    }
    server = createServer(({ url = '' }, response) => {
      const script = scripts.get(url)
      response.setHeader('Content-Security-Policy', policy)
      response.setHeader('Content-Type', script ? 'text/javascript' : 'text/html; charset=utf-8')
      response.end(
        script ??
          `<!doctype html><title>running</title><body><script type="module" src="${url}.js"></script>`,
      )
    })
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })

  afterAll(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => {
      server.close(resolve)
    })
  })

  async function run(
    name: string,
  ): Promise<{ results: Record<string, unknown>; violations: string[]; failure: unknown; node: string }> {
    const profile = await mkdtemp(join(tmpdir(), 'ace-oauth-browser-'))
    try {
      const flags = [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--disable-dev-shm-usage',
      ]
      const dom = await new Promise<string>((resolve, reject) => {
        execFile(
          chromium!,
          [
            ...flags,
            `--user-data-dir=${profile}`,
            '--virtual-time-budget=10000',
            '--dump-dom',
            `${origin}/${name}`,
          ],
          { maxBuffer: 1e7, timeout: 50_000 },
          (error, stdout, stderr) =>
            error && !stdout ? reject(new Error(`${error.message}\n${stderr}`)) : resolve(stdout),
        )
      })
      const body = /<body>(.*)<\/body>/s.exec(dom)?.[1]
      if (!dom.includes('<title>done') || !body) throw new Error(`the page did not run: ${dom}`)
      return JSON.parse(
        body
          .replaceAll('&lt;', '<')
          .replaceAll('&gt;', '>')
          .replaceAll('&quot;', '"')
          .replaceAll('&amp;', '&'),
      )
    } finally {
      await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    }
  }

  it('reads and writes messages', async (context) => {
    if (!chromium) return context.skip('no Chromium is installed')
    const { results, violations, failure, node } = await run('core')
    expect(failure).toBeNull()
    expect(violations).toEqual([])
    expect(node).toBe('undefinedundefined')
    expect(results).toEqual({
      error: 'a2181e03181f626e6f',
      json: { error: 'invalid_grant' },
      refused: 'DecodeError trailing_bytes 4 ',
      utf8: 'DecodeError invalid_utf8 8 error_description',
      characters: 'é😀水',
      request: 'a404a101a40102200121410122410205616109616218 26f6'.replace(' ', ''),
      form: 'req_cnf=%7B%22jwk%22%3A%7B%22kty%22%3A%22EC%22%2C%22crv%22%3A%22P-256%22%2C%22x%22%3A%22AQ%22%2C%22y%22%3A%22Ag%22%7D%7D&audience=a&scope=b&ace_profile=',
      equal: true,
      long: '18446744073709551615',
      value: ['1', 'true', 'null', '1.5', 'x', '1152921504606846976', 'k', '1,2'],
      records: 'DecodeError unexpected_type 0 ',
      schema: [true, false],
      problem: 'invalid_scope',
      codes: 8,
    })
  })

  it('reads and writes error responses by the small entry', async (context) => {
    if (!chromium) return context.skip('no Chromium is installed')
    const { results, violations, failure } = await run('small')
    expect(failure).toBeNull()
    expect(violations).toEqual([])
    expect(results).toEqual({
      error: 'a2181e3a0001869e1820622f65',
      value: '-18446744073709551616',
      unknown: '820102',
      text: '~A',
      refused: 'DecodeError duplicate_key 4 ',
      strict: 'DecodeError violation 0 error_description',
    })
  })

  it('issues and verifies tokens on WebCrypto', async (context) => {
    if (!chromium) return context.skip('no Chromium is installed')
    const { results, violations, failure, node } = await run('token')
    expect(failure).toBeNull()
    expect(violations).toEqual([])
    expect(node).toBe('undefinedundefined')
    const opened = results['opened'] as Record<string, string>
    const issued = results['issued'] as Record<string, string>
    const flipped = results['flipped'] as Record<string, string>
    for (const alg of algorithms) {
      // Not every Chromium has Ed25519.
      if (alg === 'EdDSA' && opened[alg] === 'algorithm_unavailable') continue
      expect([alg, opened[alg], flipped[alg]]).toEqual([alg, 'read', 'verification_failed'])
      const token = Uint8Array.from(Buffer.from(issued[alg]!, 'hex'))
      expect((await openCwt(token, { keys: tokenKeys })).claims.scope).toBe('write')
    }
    for (const alg of missing)
      expect([opened[alg], issued[alg]]).toEqual([
        'algorithm_unavailable',
        `algorithm_unavailable: expected node:crypto for ${alg}, which WebCrypto does not have`,
      ])
    expect(results).toMatchObject({
      jwt: 'read',
      own: 'own',
      cut: 'authz_info_token_wrapper_invalid',
      generated: ['ES256', 'HMAC 256/256', 'A128GCM'],
      thumbprint: hex(await tokenKeys[0]!.thumbprint()),
    })
  })

  it('would be stopped if it made functions of text', async (context) => {
    if (!chromium) return context.skip('no Chromium is installed')
    const { results, violations } = await run('forbidden')
    expect(results['made']).toBe('EvalError')
    expect(violations.join()).toContain('eval')
  })
})
