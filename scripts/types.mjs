// Whether the declarations of dist have no error in any TypeScript that is supported, however a project resolves modules,
// with the DOM's and Node's types and without either. `npm run build` first.
//
//   node scripts/types.mjs             tries all compilers, and fetches those that are not at hand
//   node scripts/types.mjs --at-hand   a short form for npm test: the project's own compiler, and the oldest if it is at hand
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { packageFolder } from './cache.mjs'

const versions = ['5.4.5', '5.5.4', '5.6.3', '5.7.3', '5.8.3', '5.9.3', '6.0.3']
const resolutions = [
  { module: 'Node16', moduleResolution: 'Node16' },
  { module: 'NodeNext', moduleResolution: 'NodeNext' },
  { module: 'ESNext', moduleResolution: 'Bundler' },
]
const bare = { name: 'es2022 alone', lib: ['lib.es2022.d.ts'], types: [] }
const whole = {
  name: 'DOM and Node',
  lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: ['node'],
}
/** Each resolution without any types but the language's, and one with all: what a resolution finds does not depend on them. */
const projects = [
  ...resolutions.map((resolution) => ({ resolution, environment: bare })),
  { resolution: resolutions[1], environment: whole },
]
/** What zod, which `ace-oauth/schema` imports, lacks without the DOM's and Node's types. */
const ofZod = /^.*node_modules\/zod\/.*: Cannot find name 'URL'\.$/

const require = createRequire(import.meta.url)
const own = require('typescript')
const { exports: entries } = JSON.parse(readFileSync('package.json', 'utf8'))
const names = Object.keys(entries).filter((name) => typeof entries[name] !== 'string')

const folder = mkdtempSync(join(tmpdir(), 'ace-oauth-types-'))
mkdirSync(join(folder, 'node_modules', '@types'), { recursive: true })
symlinkSync(resolve('.'), join(folder, 'node_modules', 'ace-oauth'), 'junction')
symlinkSync(resolve('node_modules/@types/node'), join(folder, 'node_modules', '@types', 'node'), 'junction')
writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')

/** Sources that were read already, by compiler: the declarations of the language and of Node are most of the work. */
const sources = new Map()

function hostFor(ts, options) {
  const host = ts.createCompilerHost(options)
  const { getSourceFile } = host
  host.getSourceFile = (name, how, ...rest) => {
    const { languageVersion = how, impliedNodeFormat } = Object(how)
    const key = `${ts.version} ${languageVersion} ${impliedNodeFormat} ${name}`
    if (name.endsWith('consumer.ts')) return getSourceFile.call(host, name, how, ...rest)
    if (!sources.has(key)) sources.set(key, getSourceFile.call(host, name, how, ...rest))
    return sources.get(key)
  }
  return host
}

/** What a compiler says of a file that imports each entry, under one resolution and in one environment. */
function diagnose(ts, resolution, { lib, types, name }) {
  const file = join(folder, 'consumer.ts')
  const text = names
    .map((entry, i) => `import * as entry${i} from 'ace-oauth${entry.slice(1)}'\nexport { entry${i} }`)
    .join('\n')
  writeFileSync(file, text)
  const options = {
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind[resolution.module],
    moduleResolution: ts.ModuleResolutionKind[resolution.moduleResolution],
    lib,
    types,
    typeRoots: [join(folder, 'node_modules', '@types')],
  }
  const program = ts.createProgram([file], options, hostFor(ts, options))
  const errors = ts.getPreEmitDiagnostics(program).map(({ file: source, start = 0, messageText }) => {
    const place = source
      ? `${source.fileName.replace(`${resolve('.')}/`, '')}:${1 + source.getLineAndCharacterOfPosition(start).line}: `
      : ''
    return place + ts.flattenDiagnosticMessageText(messageText, ' ')
  })
  return name === bare.name ? errors.filter((error) => !ofZod.test(error)) : errors
}

/** The projects to try with a compiler. The short form leaves out what differs least: Node16 beside NodeNext, and all but one of the oldest. */
const projectsOf = (version) =>
  atHand ? (version === own.version ? projects.slice(1) : projects.slice(2, 3)) : projects

const atHand = process.argv.includes('--at-hand')
let failed = false
const skipped = []
try {
  for (const version of versions) {
    const isTried = !atHand || version === versions[0]
    const at =
      version === own.version || !isTried
        ? undefined
        : await packageFolder(`typescript@${version}`, { fetch: !atHand })
    if (version !== own.version && !at) {
      skipped.push(version)
      continue
    }
    const ts = at ? require(at) : own
    const errors = new Map()
    for (const { resolution, environment } of projectsOf(version))
      for (const error of diagnose(ts, resolution, environment))
        errors.set(error, [
          ...(errors.get(error) ?? []),
          `${resolution.moduleResolution} with ${environment.name}`,
        ])
    console.log(`TypeScript ${version}: ${errors.size === 0 ? 'no error' : `${errors.size} errors`}`)
    for (const [error, where] of [...errors].slice(0, 50)) console.log(`  ${error} (${where.join(', ')})`)
    failed ||= errors.size > 0
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(
  skipped.length === 0
    ? `all ${versions.length} compilers`
    : `skipped (npm run types:matrix fetches and tries them): TypeScript ${skipped.join(', ')}`,
)
if (failed) process.exitCode = 1
