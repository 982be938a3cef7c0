import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import ts from 'typescript'
import { describe, expect, it, vi } from 'vitest'

interface Example {
  /** Where it stands, for people. */
  readonly where: string
  readonly code: string
}

/** The blocks of TypeScript in a text in Markdown. */
function blocks(text: string, where: string): Example[] {
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(({ 1: code = '', index = 0 }) => ({
    where: `${where}:${text.slice(0, index).split('\n').length}`,
    code,
  }))
}

/** The examples of the docstrings of a file. */
function examples(file: string): Example[] {
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/\/\*\*([\s\S]*?)\*\//g)].flatMap(({ 1: body = '', index = 0 }) => {
    // The lines stay where they are, so that the numbers are those of the file.
    const comment =
      '\n'.repeat(text.slice(0, index).split('\n').length - 1) + body.replaceAll(/^[ \t]*\* ?/gm, '')
    return blocks(comment, file)
  })
}

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((name) => `src/${name.replaceAll('\\', '/')}`)
  .filter((name) => name.endsWith('.ts') && !name.includes('/generated/'))
const documents = [
  'README.md',
  'spec-notes.md',
  'CHANGELOG.md',
  ...(existsSync('docs') ? readdirSync('docs').map((name) => `docs/${name}`) : []),
].filter((name) => name.endsWith('.md') && existsSync(name))

/** The files of `examples/`, whole. */
const files = (existsSync('examples') ? readdirSync('examples') : [])
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ where: `examples/${name}`, code: readFileSync(`examples/${name}`, 'utf8') }))

const found = [
  ...files,
  ...documents.flatMap((name) => blocks(readFileSync(name, 'utf8'), name)),
  ...sources.flatMap(examples),
]

/**
 * The entries of the package by the names under which they are imported, and the files that they come from: those of
 * package.json, and those of rooms that are not published yet.
 */
function entries(): Record<string, string[]> {
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    exports: Record<string, string | { default: string }>
  }
  const rooms = readdirSync('src').filter((room) => existsSync(`src/${room}/index.ts`))
  return Object.fromEntries([
    ...rooms.map((room) => [`ace-oauth/${room}`, [resolve(`src/${room}/index.ts`)]]),
    ...Object.entries(exports).flatMap(([name, entry]) =>
      typeof entry === 'string'
        ? []
        : [
            [
              `ace-oauth${name.slice(1)}`,
              [resolve(entry.default.replace('./dist/', 'src/').replace(/\.js$/, '.ts'))],
            ],
          ],
    ),
  ])
}

/** What the compiler says of each example, all in one program. */
function compile(all: readonly Example[]): Map<string, string[]> {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile)
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, process.cwd())
  const whole: ts.CompilerOptions = {
    ...options,
    noEmit: true,
    skipLibCheck: true,
    // An example shows a value without using it.
    noUnusedLocals: false,
    noUnusedParameters: false,
    // Each is a module of its own, with or without an import.
    moduleDetection: ts.ModuleDetectionKind.Force,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    paths: entries(),
  }
  const texts = new Map(all.map(({ code }, i) => [resolve(`example-${i}.ts`), code]))
  const host = ts.createCompilerHost(whole)
  const { getSourceFile, fileExists, readFile } = host
  host.fileExists = (name) => texts.has(name) || fileExists.call(host, name)
  host.readFile = (name) => texts.get(name) ?? readFile.call(host, name)
  host.getSourceFile = (name, version, ...rest) => {
    const text = texts.get(name)
    return text === undefined
      ? getSourceFile.call(host, name, version, ...rest)
      : ts.createSourceFile(name, text, version)
  }
  const program = ts.createProgram([...texts.keys()], whole, host)
  const said = new Map<string, string[]>()
  for (const [i, name] of [...texts.keys()].entries()) {
    const source = program.getSourceFile(name)
    const { where } = all[i]!
    said.set(
      where,
      [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
        ({ messageText, start = 0, file }) =>
          `line ${1 + (file?.getLineAndCharacterOfPosition(start).line ?? 0)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
      ),
    )
  }
  return said
}

/** Builds the examples, so that each can be imported; gives the file of each. */
async function bundle(all: readonly Example[], folder: string): Promise<string[]> {
  const names = all.map((_, i) => `example-${i}`)
  await build({
    entryPoints: Object.fromEntries(names.map((name) => [name, `example:${name}`])),
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    conditions: ['ace-oauth-source'],
    logLevel: 'silent',
    plugins: [
      {
        name: 'examples',
        setup(builder) {
          const paths = entries()
          builder.onResolve({ filter: /^example:/ }, ({ path }) => ({
            path: path.slice(8),
            namespace: 'example',
          }))
          builder.onLoad({ filter: /.*/, namespace: 'example' }, ({ path }) => ({
            // Without an import or export it would be no module.
            contents: `${all[names.indexOf(path)]?.code}\nexport {}`,
            loader: 'ts',
            resolveDir: process.cwd(),
          }))
          builder.onResolve({ filter: /^ace-oauth/ }, ({ path }) => ({ path: paths[path]?.[0] ?? '' }))
        },
      },
    ],
  })
  return names.map((name) => join(folder, `${name}.js`))
}

/** Runs an example with a server that answers it, and without its words. Gives what it threw. */
async function run(file: string): Promise<unknown> {
  const words = (['log', 'error', 'warn'] as const).map((name) => vi.spyOn(console, name).mockReturnValue())
  const answer = { access_token: 'abc', token_type: 'PoP', expires_in: 3600 }
  vi.stubGlobal('fetch', async () => Response.json(answer))
  try {
    await import(/* @vite-ignore */ pathToFileURL(file).href)
    return undefined
  } catch (thrown) {
    return thrown
  } finally {
    vi.unstubAllGlobals()
    for (const word of words) word.mockRestore()
  }
}

describe('the examples of the README and of the docstrings', () => {
  it('are found', () => {
    expect(found.length).toBeGreaterThan(20)
    expect(found.some(({ where }) => where.startsWith('README.md'))).toBe(true)
    expect(found.some(({ where }) => where.startsWith('src/message/error-response.ts'))).toBe(true)
  })

  it('compile', () => {
    const wrong = [...compile(found)]
      .filter(([, said]) => said.length > 0)
      .map(([where, said]) => `${where}: ${said.join('; ')}`)
    expect(wrong).toEqual([])
  })

  it('run, those of the docstrings', async () => {
    const folder = resolve(`node_modules/.cache/ace-oauth-examples-${process.pid}`)
    const all = [
      ...sources.flatMap(examples),
      { where: 'one that throws', code: 'throw new Error("as it should")' },
    ]
    try {
      // As the package is installed: the vectors are two folders up.
      mkdirSync(folder, { recursive: true })
      symlinkSync(resolve('vectors'), join(folder, 'vectors'), 'junction')
      const thrown: string[] = []
      for (const [i, file] of (await bundle(all, join(folder, 'dist', 'examples'))).entries()) {
        const error = await run(file)
        if (error !== undefined) thrown.push(`${all[i]?.where}: ${error}`)
      }
      expect(thrown).toEqual(['one that throws: Error: as it should'])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('would be refused if they did not', () => {
    const said = compile([
      { where: 'right', code: "import { ErrorCode } from 'ace-oauth'\nErrorCode.InvalidGrant.value" },
      { where: 'no such name', code: "import { ErrorKode } from 'ace-oauth'\nErrorKode" },
      { where: 'no such entry', code: "import { ErrorCode } from 'ace-oauth/nothing'\nErrorCode" },
      {
        where: 'wrong type',
        code: "import { CreationHints } from 'ace-oauth'\nnew CreationHints({ AS: 5 })",
      },
    ])
    expect([...said].map(([where, all]) => [where, all.length])).toEqual([
      ['right', 0],
      ['no such name', 1],
      ['no such entry', 1],
      ['wrong type', 1],
    ])
  })
})
