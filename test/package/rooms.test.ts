import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, posix } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

/** The rooms of `src`, each with those that it may import from besides itself. */
const below: Readonly<Record<string, readonly string[]>> = {
  cbor: [],
  registry: ['cbor'],
  table: ['cbor', 'registry'],
  cose: ['cbor', 'registry', 'table'],
  message: ['cbor', 'registry', 'table', 'cose'],
  failure: ['cbor', 'registry', 'table', 'cose', 'message'],
  token: ['cbor', 'registry', 'table', 'cose', 'message', 'failure'],
  'resource-server': ['cbor', 'registry', 'table', 'cose', 'message', 'failure', 'token'],
  endpoint: ['cbor', 'registry', 'table', 'cose', 'message', 'failure', 'token'],
  client: ['cbor', 'registry', 'table', 'cose', 'message', 'failure', 'token'],
  conformance: ['cbor', 'registry', 'table', 'cose', 'message', 'failure', 'token', 'resource-server'],
  cli: [
    'cbor',
    'registry',
    'table',
    'cose',
    'message',
    'failure',
    'token',
    'resource-server',
    'endpoint',
    'client',
    'conformance',
  ],
}

/** The rooms that run in a browser. */
const inBrowsers = [
  'cbor',
  'registry',
  'table',
  'cose',
  'message',
  'failure',
  'token',
  'resource-server',
  'endpoint',
  'client',
]

/** The packages that each room may import, and by which file where it is one alone. */
const packages: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
  cbor: { 'cbor-x/index-no-eval': 'cbor/any-value.ts' },
  message: { zod: 'message/schema.ts' },
  token: { jose: undefined },
  endpoint: { jose: undefined },
  client: { jose: 'client/client-authentication.ts' },
  cli: { commander: undefined, 'cbor-edn': 'cli/input/diagnostic-notation.ts' },
}

interface Import {
  readonly file: string
  readonly room: string
  readonly from: string
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.ts'))

const roomOf = (file: string): string => (file.includes('/') ? file.slice(0, file.indexOf('/')) : '')

/** What `imports` of package.json has for each runtime: by its own condition, and for all others. */
interface RuntimeFiles {
  readonly 'ace-oauth-source': Readonly<Record<'node' | 'default', string>>
  readonly node: string
  readonly default: string
}

const { imports: runtimeFiles } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  imports: Readonly<Record<string, RuntimeFiles>>
}

/** A file as another in src would import it. */
const relative = (file: string, target: string): string => {
  const path = posix.relative(dirname(file), target.replace('./src/', ''))
  return path.startsWith('.') ? path : `./${path}`
}

const imports: readonly Import[] = files.flatMap((file) =>
  ts
    .preProcessFile(readFileSync(`src/${file}`, 'utf8'), true, true)
    .importedFiles.flatMap(({ fileName }) => {
      const source = runtimeFiles[fileName]?.['ace-oauth-source']
      return source ? [relative(file, source.node), relative(file, source.default)] : [fileName]
    })
    .map((from) => ({ file, room: roomOf(file), from })),
)
const local = imports.filter(({ from }) => from.startsWith('.'))
const foreign = imports.filter(({ from }) => !/^[.#]/.test(from))
const targetOf = ({ file, from }: Import): string => posix.join(dirname(file), from)

describe('the rooms of src', () => {
  it('are all known here', () => {
    expect(files.length).toBeGreaterThan(80)
    expect(imports.length).toBeGreaterThan(300)
    for (const room of new Set(files.map(roomOf))) if (room) expect(Object.keys(below)).toContain(room)
  })

  it('import downwards only', () => {
    const upwards = local.filter((each) => {
      const to = roomOf(targetOf(each))
      return each.room !== '' && to !== each.room && !below[each.room]?.includes(to)
    })
    expect(upwards.map(({ file, from }) => `${file} imports ${from}`)).toEqual([])
  })

  it('import files that there are, by their full names', () => {
    const absent = local.filter((each) => !existsSync(`src/${targetOf(each)}`))
    expect(absent.map(({ file, from }) => `${file} imports ${from}`)).toEqual([])
  })

  it('have no circle of imports among their files', () => {
    const edges = new Map<string, string[]>()
    for (const each of local) edges.set(each.file, [...(edges.get(each.file) ?? []), targetOf(each)])
    const done = new Set<string>()
    const circles: string[] = []
    const visit = (file: string, way: readonly string[]): void => {
      if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(' -> '))
      if (done.has(file) || way.includes(file)) return
      for (const next of edges.get(file) ?? []) visit(next, [...way, file])
      done.add(file)
    }
    for (const file of files) visit(file, [])
    // Types may refer to each other: only what is left at run time matters.
    const real = circles.filter((circle) => {
      const steps = circle.split(' -> ')
      return steps.slice(1).every((to, i) => importsValues(steps[i]!, to))
    })
    expect(real).toEqual([])
  })

  it('that run in a browser import nothing of Node, but for the files that package.json has for it', () => {
    const forNode = Object.values(runtimeFiles).map(({ 'ace-oauth-source': { node } }) => node)
    const node = foreign.filter(
      ({ file, room, from }) =>
        (inBrowsers.includes(room) || room === '') &&
        !forNode.includes(`./src/${file}`) &&
        (from.startsWith('node:') || builtinModules.includes(from)),
    )
    expect(node.map(({ file, from }) => `${file} imports ${from}`)).toEqual([])
    for (const file of files.filter((name) => inBrowsers.includes(roomOf(name))))
      expect(
        readFileSync(`src/${file}`, 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, ''),
        file,
      ).not.toMatch(/(?<![.\w$])(process\.|require\(|__dirname|setImmediate|Buffer\.(from|alloc))/)
  })

  it('import the packages that are theirs', () => {
    const strange = foreign.filter(({ file, room, from }) => {
      if (from.startsWith('node:')) return false
      const own = packages[room] ?? {}
      const only = own[from]
      return !Object.hasOwn(own, from) || (only !== undefined && only !== file)
    })
    expect(strange.map(({ file, from }) => `${file} imports ${from}`)).toEqual([])
    for (const [room, own] of Object.entries(packages))
      if (files.some((file) => roomOf(file) === room))
        for (const [name, only] of Object.entries(own))
          if (only)
            expect(
              foreign.some(({ file, from }) => file === only && from === name),
              `${only} imports ${name}`,
            ).toBe(true)
  })

  it('import packages that package.json depends on', () => {
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      dependencies: Record<string, string>
    }
    for (const { file, from } of foreign)
      if (!from.startsWith('node:')) expect(Object.keys(dependencies), file).toContain(from.split('/')[0])
  })
})

/** Whether one file imports a value, rather than types alone, from another. */
function importsValues(file: string, to: string): boolean {
  const source = ts.createSourceFile(file, readFileSync(`src/${file}`, 'utf8'), ts.ScriptTarget.Latest)
  return source.statements.some((statement) => {
    if (
      !(ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) ||
      !statement.moduleSpecifier
    )
      return false
    if (posix.join(dirname(file), (statement.moduleSpecifier as ts.StringLiteral).text) !== to) return false
    if (ts.isExportDeclaration(statement)) return !statement.isTypeOnly
    const clause = statement.importClause
    if (!clause) return true
    if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return false
    const bindings = clause.namedBindings
    return (
      !bindings || !ts.isNamedImports(bindings) || bindings.elements.some((element) => !element.isTypeOnly)
    )
  })
}

describe('the small entry', () => {
  it('reaches no package, no schema, and none of the other messages', () => {
    const reached = new Set<string>(['error-response.ts'])
    for (const file of reached)
      for (const each of local) {
        if (each.file === file && importsValues(file, targetOf(each))) reached.add(targetOf(each))
      }
    expect(reached.has('message/error-response.ts')).toBe(true)
    expect(foreign.filter(({ file }) => reached.has(file))).toEqual([])
    for (const name of [
      'message/schema.ts',
      'table/table.ts',
      'message/access-token-request.ts',
      'cbor/any-value.ts',
      'registry/generated/tables.ts',
    ])
      expect(reached.has(name), name).toBe(false)
  })
})

describe('the entries of the package', () => {
  const {
    exports: entries,
    sideEffects,
    type,
  } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    exports: Record<string, string | { types: string; default: string }>
    sideEffects: boolean
    type: string
  }

  it('are files of src, with types beside them', () => {
    for (const [name, entry] of Object.entries(entries)) {
      if (typeof entry === 'string') continue
      expect(entry.default.replace(/\.js$/, '.d.ts')).toBe(entry.types)
      expect(existsSync(entry.default.replace('./dist/', 'src/').replace(/\.js$/, '.ts')), name).toBe(true)
    }
  })

  it('stand for the same file in src and in dist on each runtime', () => {
    for (const { 'ace-oauth-source': source, ...built } of Object.values(runtimeFiles))
      for (const [condition, file] of Object.entries(built)) {
        const original = source[condition as 'node']
        expect(existsSync(original), original).toBe(true)
        expect(file).toBe(original.replace('./src/', './dist/').replace(/\.ts$/, '.js'))
      }
  })

  it('are modules without side effects', () => {
    expect(type).toBe('module')
    expect(sideEffects).toBe(false)
  })
})

describe('the main entry', () => {
  it('reaches no zod, which ace-oauth/schema alone loads', () => {
    const reached = new Set<string>(['index.ts'])
    for (const file of reached)
      for (const each of local)
        if (each.file === file && importsValues(file, targetOf(each))) reached.add(targetOf(each))
    expect(reached.has('message/access-token-request.ts')).toBe(true)
    expect([...reached].filter((file) => file.includes('schema'))).toEqual([])
    expect(foreign.filter(({ file, from }) => reached.has(file) && from === 'zod')).toEqual([])
  })
})
