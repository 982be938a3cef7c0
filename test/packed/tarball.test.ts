import { type ChildProcessWithoutNullStreams, execFile, execFileSync, spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import * as oauth from 'oauth4webapi'
import * as openid from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'ace-oauth-packed-'))
const source = join(folder, 'source')
const consumer = join(folder, 'consumer')
const minutes = 60_000

const { exports: entries, version } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  exports: Record<string, string | { default: string }>
  version: string
}
const names = Object.entries(entries).flatMap(([name, entry]) =>
  typeof entry === 'string' ? [] : [`ace-oauth${name.slice(1)}`],
)

let packed: string[]
let packedServer: string[]

/** Packs the clone, or a workspace of it. */
async function pack(...options: string[]): Promise<{ tarball: string; paths: string[] }> {
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder, ...options], {
    cwd: source,
  })
  // npm 12 gives an object by the names of the packages.
  const told = JSON.parse(stdout.slice(stdout.search(/^[[{]$/m))) as Record<
    string,
    { filename: string; files: { path: string }[] }
  >
  const [first] = Object.values(told)
  if (!first) throw new Error('npm pack told nothing')
  return { tarball: join(folder, first.filename), paths: first.files.map(({ path }) => path) }
}

/** Packs the files of the repository as a fresh clone has them, and installs both tarballs into an empty folder. */
beforeAll(async () => {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
  })
  for (const file of files.split('\0').filter((name) => name !== '' && existsSync(name))) {
    mkdirSync(dirname(join(source, file)), { recursive: true })
    cpSync(file, join(source, file))
  }
  // As npm ci fills it: the workspaces are links to the clone.
  mkdirSync(join(source, 'node_modules'))
  const links: Readonly<Record<string, string>> = {
    'ace-oauth': source,
    'ace-oauth-server': join(source, 'server'),
  }
  for (const name of readdirSync('node_modules').filter((each) => each !== '.cache'))
    symlinkSync(links[name] ?? resolve('node_modules', name), join(source, 'node_modules', name), 'junction')
  const library = await pack()
  packed = library.paths
  const server = await pack('--workspace', 'server', '--ignore-scripts') // built by the library's prepare, as npm ci does
  packedServer = server.paths
  mkdirSync(consumer)
  writeFileSync(join(consumer, 'package.json'), '{ "private": true, "type": "module" }')
  await run(
    'npm',
    [
      'install',
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
      library.tarball,
      server.tarball,
    ],
    { cwd: consumer },
  )
}, 10 * minutes)

afterAll(() => rmSync(folder, { recursive: true, force: true }), 5 * minutes)

const node = async (code: string): Promise<string> =>
  (await run(process.execPath, ['--input-type=module', '--eval', code], { cwd: consumer })).stdout.trim()

/** What the compiler says of a file of the consumer. */
async function typeCheck(text: string, types: string[]): Promise<string> {
  writeFileSync(join(consumer, 'consumer.ts'), text)
  const compilerOptions = {
    noEmit: true,
    strict: true,
    skipLibCheck: false,
    target: 'es2022',
    lib: ['es2022', 'dom'],
    types,
    typeRoots: [resolve('node_modules/@types')],
    module: 'nodenext',
  }
  writeFileSync(join(consumer, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }))
  return run(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', consumer]).then(
    () => '',
    ({ stdout }: { stdout: string }) => stdout,
  )
}

describe('the tarball of a fresh clone', () => {
  it('holds what was built, and nothing of the workshop', () => {
    for (const path of [
      'dist/index.js',
      'dist/index.d.ts',
      'dist/cli/main.js',
      'vectors/rfc9200.json',
      'README.md',
      'LICENSE',
    ])
      expect(packed).toContain(path)
    const roots = [...new Set(packed.map((path) => path.split('/')[0]))].sort()
    expect(roots).toEqual(
      expect.arrayContaining([
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'SECURITY.md',
        'dist',
        'docs',
        'package.json',
        'src',
        'vectors',
      ]),
    )
    for (const path of packed)
      expect(path).not.toMatch(/^(test|server|bench|scripts|interop|node_modules|docs\/api)\//)
  })

  it('has every entry point', async () => {
    const counted = await node(
      `for (const name of ${JSON.stringify(names)}) console.log(name, Object.keys(await import(name)).length > 0)`,
    )
    expect(counted.split('\n')).toEqual(names.map((name) => `${name} true`))
  })

  it('runs', async () => {
    const output = await node(`
      import { ErrorCode, ErrorResponse } from 'ace-oauth'
      import { issueCwt, openCwt, TokenKey } from 'ace-oauth/token'
      import { libraryImplementation, runConformance } from 'ace-oauth/conformance'
      import { loadVectors } from 'ace-oauth/conformance/node'
      const key = await TokenKey.generate('AES-CCM-16-64-128')
      const { claims } = await openCwt(await issueCwt({ scope: 'read' }, key), { keys: key })
      const { passed, failed } = await runConformance(await loadVectors(), { implementation: libraryImplementation })
      const denied = ErrorResponse.builder().error(ErrorCode.InvalidGrant).build()
      console.log(Buffer.from(denied.toCbor()).toString('hex'), claims.scope, passed > 1_000, failed)`)
    expect(output).toBe('a1181e03 read true 0')
  })

  it('has its command', async () => {
    const { stdout } = await run(process.execPath, [
      join(consumer, 'node_modules', '.bin', 'ace-oauth'),
      'explain',
      'a1181e03',
    ])
    expect(stdout).toContain('invalid_grant')
    const told = await run(process.execPath, [
      join(consumer, 'node_modules', '.bin', 'ace-oauth'),
      '--version',
    ])
    expect(told.stdout.trim()).toBe(version)
  })

  it('resolves the code for each runtime by conditions', async () => {
    const { build } = await import('esbuild')
    writeFileSync(join(consumer, 'token.js'), "export { issueCwt } from 'ace-oauth/token'\n")
    for (const [conditions, platform, file] of [
      [[], 'browser', 'web-crypto.js'],
      [['workerd', 'worker', 'browser'], 'browser', 'web-crypto.js'],
      [['workerd', 'worker', 'browser'], 'neutral', 'web-crypto.js'],
      [[], 'node', 'node-crypto.js'],
    ] as const) {
      const { metafile } = await build({
        entryPoints: [join(consumer, 'token.js')],
        bundle: true,
        write: false,
        metafile: true,
        format: 'esm',
        platform,
        conditions: [...conditions],
        external: platform === 'node' ? [] : ['node:*'],
        logLevel: 'silent',
      })
      const inputs = Object.keys(metafile.inputs).filter((name) => /(web|node)-crypto\.js$/.test(name))
      expect(inputs.map((name) => name.split('/').at(-1))).toEqual([file])
      if (platform === 'node') continue
      const imports = Object.values(metafile.outputs).flatMap((output) => output.imports)
      expect(imports.map(({ path }) => path)).toEqual([])
    }
  })

  it(
    'has types',
    async () => {
      const said = await typeCheck(
        `import { AccessTokenRequest, ErrorCode, type ErrorResponse } from 'ace-oauth'
${names.map((name, i) => `import * as entry${i} from '${name}'\nexport { entry${i} }`).join('\n')}
export const request: AccessTokenRequest = new AccessTokenRequest({ audience: 'rs', scope: 'read' })
export const asked: Promise<Response> = fetch('https://as.example.com/token', { method: 'POST', body: request.toCbor() })
export const isDenied = (response: ErrorResponse): boolean => response.error === ErrorCode.InvalidGrant
// @ts-expect-error: a scope is no number
export const wrong = new AccessTokenRequest({ scope: 5 })
`,
        [],
      )
      expect(said).toBe('')
    },
    5 * minutes,
  )
})

describe('the tarball of the server', () => {
  it('holds what was built, and nothing of the workshop', () => {
    for (const path of ['dist/index.js', 'dist/index.d.ts', 'dist/cli/main.js', 'README.md', 'LICENSE'])
      expect(packedServer).toContain(path)
    for (const path of packedServer) expect(path).not.toMatch(/^(test|node_modules)\//)
  })

  it('asks for the library that it was packed with', () => {
    const { peerDependencies, version: own } = JSON.parse(
      readFileSync(join(consumer, 'node_modules', 'ace-oauth-server', 'package.json'), 'utf8'),
    ) as { peerDependencies: Record<string, string>; version: string }
    expect({ own, asked: peerDependencies['ace-oauth'] }).toEqual({ own: version, asked: `^${version}` })
  })

  it(
    'has types',
    async () => {
      expect(
        await typeCheck(
          `import { createAuthorizationServer, openStore } from 'ace-oauth-server'
import * as contract from 'ace-oauth-server/store-contract'
export { contract, createAuthorizationServer, openStore }
`,
          ['node'],
        ),
      ).toBe('')
    },
    5 * minutes,
  )

  it(
    'gives tokens from the first command on: to fetch, to oauth4webapi, to openid-client and to the client of the library',
    async () => {
      const main = join(consumer, 'node_modules', 'ace-oauth-server', 'dist', 'cli', 'main.js')
      const as = join(consumer, 'as')
      const { stdout } = await run(process.execPath, [main, 'init', as, '--example', '--json'])
      const { config, client, resource_server } = JSON.parse(stdout) as Initialized
      const sets = ['listen.http.port=0', 'listen.metrics.port=0'].flatMap((set) => ['--set', set])
      const running = spawn(process.execPath, [main, 'serve', '--config', config, ...sets], { cwd: consumer })
      const exited = new Promise((end) => running.once('exit', (code, signal) => end(signal ?? code)))
      try {
        const { http } = await readyLine(running)
        const { client_id, client_secret } = client

        const body = new URLSearchParams({ grant_type: 'client_credentials' })
        const authorization = `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}`
        const plain = await fetch(`${http}/token`, { method: 'POST', body, headers: { authorization } })
        expect(await plain.json()).toMatchObject({
          access_token: expect.any(String),
          token_type: expect.any(String),
        })

        const issuer = new URL(http)
        const insecure = { [oauth.allowInsecureRequests]: true }
        const discovered = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure })
        const server = await oauth.processDiscoveryResponse(issuer, discovered)
        const asked = await oauth.clientCredentialsGrantRequest(
          server,
          { client_id },
          oauth.ClientSecretPost(client_secret),
          {},
          insecure,
        )
        // It knows no token type that is bound to a key but DPoP.
        const recognizedTokenTypes = { pop: () => {} }
        const processed = await oauth.processClientCredentialsResponse(server, { client_id }, asked, {
          recognizedTokenTypes,
        })
        expect(processed).toMatchObject({ access_token: expect.any(String), token_type: 'pop' })

        const command = async (...words: string[]) =>
          JSON.parse((await run(process.execPath, [main, ...words, '--config', config, '--json'])).stdout)
        const { introspection } = await command('rs', 'add', 'rs1', '--scope', 'read')
        await command('client', 'set', client_id, '--audience', 'rs1', '--audience', resource_server.audience)
        const execute = [openid.allowInsecureRequests]
        const asClient = await openid.discovery(issuer, client_id, client_secret, undefined, {
          algorithm: 'oauth2',
          execute,
        })
        await expect(openid.clientCredentialsGrant(asClient, { scope: 'none' })).rejects.toMatchObject({
          status: 400,
          error: 'invalid_scope',
        })
        // It takes no token type that is bound to a key but DPoP, so it is told that one.
        asClient[openid.customFetch] = async (url, { body, ...init }) => {
          const response = await fetch(url, {
            ...init,
            body: body instanceof Uint8Array ? Uint8Array.from(body) : (body ?? null),
          })
          if (!url.endsWith('/token')) return response
          return Response.json({ ...((await response.json()) as object), token_type: 'dpop' })
        }
        const granted = await openid.clientCredentialsGrant(asClient, { audience: 'rs1', scope: 'read' })
        const asServer = await openid.discovery(
          issuer,
          introspection.client_id,
          introspection.client_secret,
          openid.ClientSecretBasic(),
          { algorithm: 'oauth2', execute },
        )
        expect(await openid.tokenIntrospection(asServer, granted.access_token)).toMatchObject({
          active: true,
          aud: 'rs1',
          scope: 'read',
          client_id,
        })
        await openid.tokenRevocation(asClient, granted.access_token)
        expect(await openid.tokenIntrospection(asServer, granted.access_token)).toEqual({ active: false })

        // What is installed, as its user writes it: by bytes, and by the client.
        const said = await node(`
        import { AccessTokenRequest, AccessTokenResponse } from 'ace-oauth'
        import { clientSecretPost, obtainToken } from 'ace-oauth/client'
        import { openCwt, TokenKey } from 'ace-oauth/token'
        const key = await TokenKey.fromJwk(${JSON.stringify(resource_server.key)})
        const { client_id, client_secret } = ${JSON.stringify(client)}
        const headers = { 'content-type': 'application/ace+cbor', accept: 'application/ace+cbor' }
        const body = new AccessTokenRequest({ client_id, client_secret }).toCbor()
        const response = await fetch('${http}/token', { method: 'POST', body, headers })
        const token = AccessTokenResponse.fromCbor(new Uint8Array(await response.arrayBuffer()))
        const { claims } = await openCwt(token.access_token, { keys: [key] })
        const server = { token_endpoint: '${http}/token' }
        const authentication = clientSecretPost(client_id, client_secret)
        const obtained = await obtainToken(server, {}, { authentication })
        console.log(response.headers.get('content-type'), claims.aud, obtained.access_token.length > 16)`)
        expect(said).toBe(`application/ace+cbor ${resource_server.audience} true`)
      } finally {
        running.kill('SIGTERM')
      }
      expect(await exited).toBe(0)
    },
    2 * minutes,
  )
})

/** What \`init --example --json\` tells. */
interface Initialized {
  readonly config: string
  readonly client: { readonly client_id: string; readonly client_secret: string }
  readonly resource_server: { readonly audience: string; readonly key: object }
}

/** The first line of a server, which says where it listens. */
function readyLine(server: ChildProcessWithoutNullStreams): Promise<{ readonly http: string }> {
  let out = ''
  let error = ''
  return new Promise((resolve, reject) => {
    server.stderr.on('data', (text) => {
      error += text
    })
    server.stdout.on('data', (text) => {
      out += text
      const [line, rest] = out.split('\n')
      if (rest !== undefined) resolve(JSON.parse(line ?? ''))
    })
    server.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${error}`)))
  })
}

describe('package.json', () => {
  it('has the address of the project, which is a placeholder, and no other file has it', () => {
    const { homepage, repository, bugs } = JSON.parse(readFileSync('package.json', 'utf8'))
    const host = new URL(homepage).host
    expect(host).toMatch(/\.example$/)
    for (const address of [repository.url, bugs.url]) expect(address).toContain(`//${host}/`)
    const found = execFileSync('git', ['grep', '-lF', `//${host}`], { encoding: 'utf8' })
      .trim()
      .split('\n')
    expect(found).toEqual(['package.json'])
  })
})
