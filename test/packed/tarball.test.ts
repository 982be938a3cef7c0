import { execFile, execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
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

/** Packs the files of the repository as a fresh clone has them, and installs the tarball into an empty folder. */
beforeAll(async () => {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
  })
  for (const file of files.split('\0').filter((name) => name !== '' && existsSync(name))) {
    mkdirSync(dirname(join(source, file)), { recursive: true })
    cpSync(file, join(source, file))
  }
  symlinkSync(resolve('node_modules'), join(source, 'node_modules'), 'junction')
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: source })
  const [{ filename, files: inside }] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as [
    { filename: string; files: { path: string }[] },
  ]
  packed = inside.map(({ path }) => path)
  mkdirSync(consumer)
  writeFileSync(join(consumer, 'package.json'), '{ "private": true, "type": "module" }')
  await run(
    'npm',
    ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', join(folder, filename)],
    {
      cwd: consumer,
    },
  )
}, 10 * minutes)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const node = async (code: string): Promise<string> =>
  (await run(process.execPath, ['--input-type=module', '--eval', code], { cwd: consumer })).stdout.trim()

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
      writeFileSync(
        join(consumer, 'consumer.ts'),
        `import { AccessTokenRequest, ErrorCode, type ErrorResponse } from 'ace-oauth'
${names.map((name, i) => `import * as entry${i} from '${name}'\nexport { entry${i} }`).join('\n')}
export const request: AccessTokenRequest = new AccessTokenRequest({ audience: 'rs', scope: 'read' })
export const isDenied = (response: ErrorResponse): boolean => response.error === ErrorCode.InvalidGrant
// @ts-expect-error: a scope is no number
export const wrong = new AccessTokenRequest({ scope: 5 })
`,
      )
      writeFileSync(
        join(consumer, 'tsconfig.json'),
        JSON.stringify({
          compilerOptions: {
            noEmit: true,
            strict: true,
            skipLibCheck: false,
            target: 'es2022',
            lib: ['es2022', 'dom'],
            types: [],
            module: 'nodenext',
          },
          files: ['consumer.ts'],
        }),
      )
      const compiler = resolve('node_modules/typescript/bin/tsc')
      const said = await run(process.execPath, [compiler, '-p', consumer]).then(
        () => '',
        ({ stdout }: { stdout: string }) => stdout,
      )
      expect(said).toBe('')
    },
    5 * minutes,
  )
})

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
