// Runs the conformance vectors, a token of each protection and the README's examples on every runtime.
// `npm run build` first.
//
//   node scripts/runtimes.mjs             fetches the runtimes that are not at hand into a folder outside the tree
//   node scripts/runtimes.mjs --at-hand   uses those that are
//   node scripts/runtimes.mjs deno bun    only those whose names begin so
//
// It prints the README's table of runtimes. The last line names what was skipped.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { vectorDocuments } from 'ace-oauth/conformance'
import { transform } from 'esbuild'
import { runtimes } from './runtimes/runtimes.mjs'
import { openIssued, protectAll } from './runtimes/suite.mjs'

/** The algorithms that a runtime's cryptography does not have. What is missing beyond these is a failure, and so is what is not. */
const missing = (name) => (/^(Node|Deno)/.test(name) ? [] : ['ChaCha20/Poly1305'])

const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const fetch = !process.argv.includes('--at-hand')
const folder = mkdtempSync(join(tmpdir(), 'ace-oauth-runtimes-'))

/** Writes the programs of the work folder, which import the package by its name. */
async function prepare() {
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(resolve('.'), join(folder, 'node_modules', 'ace-oauth'), 'junction')
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "dependencies": { "ace-oauth": "*" } }')
  writeFileSync(join(folder, 'suite.mjs'), readFileSync('scripts/runtimes/suite.mjs'))
  const documents = Object.fromEntries(
    vectorDocuments.map((name) => [name, JSON.parse(readFileSync(`vectors/${name}.json`, 'utf8'))]),
  )
  const { issued } = await protectAll()
  writeFileSync(join(folder, 'input.mjs'), `export default ${JSON.stringify({ documents, issued })}`)

  const readme = readFileSync('README.md', 'utf8')
  const examples = []
  for (const { 1: code, index } of readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)) {
    // What only a server of Node does is shown by the tests.
    if (/from 'node:|from '@hono/.test(code)) continue
    const file = `example-${examples.length}.mjs`
    writeFileSync(
      join(folder, file),
      (await transform(code, { loader: 'ts', format: 'esm', target: 'es2022' })).code,
    )
    examples.push(`'README.md:${readme.slice(0, index).split('\n').length}': () => import('./${file}')`)
  }
  const whole = `import input from './input.mjs'
import { runSuite } from './suite.mjs'
const examples = { ${examples.join(', ')} }
export const result = () => runSuite(input, examples)
`
  const programs = {
    'whole.mjs': whole,
    'main.mjs': `import { result } from './whole.mjs'\nconsole.log('RESULT ' + JSON.stringify(await result()))\n`,
    'worker.mjs': `import { result } from './whole.mjs'
export default { fetch: async () => Response.json(await result().catch((error) => ({ error: String(error.stack) }))) }
`,
    'page.mjs': `import { result } from './whole.mjs'
const refused = []
document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => refused.push(violatedDirective + ' ' + blockedURI))
const told = await result().catch((error) => ({ error: String(error.stack) }))
// A violation is told in a task of its own.
setTimeout(() => fetch('/', { method: 'POST', body: JSON.stringify(refused.length > 0 ? { error: refused.join(', ') } : told) }), 0)
`,
    'page-worker.mjs': `import { result } from './whole.mjs'
postMessage(await result().catch((error) => ({ error: String(error.stack) })))
`,
    'start-worker.mjs': `const worker = new Worker('/page-worker.js', { type: 'module' })
const tell = (told) => fetch('/', { method: 'POST', body: JSON.stringify(told) })
worker.addEventListener('message', ({ data }) => tell(data))
worker.addEventListener('error', ({ message }) => tell({ error: 'the Worker did not start: ' + message }))
`,
  }
  for (const [name, text] of Object.entries(programs)) writeFileSync(join(folder, name), text)
}

/** What is wrong about a result; nothing where all is well. */
async function faultsOf(name, result) {
  if (result.error) return [result.error]
  const faults = [...result.failures.slice(0, 10)]
  if (result.failures.length > 10) faults.push(`and ${result.failures.length - 10} more vectors`)
  if (result.passed < 1_000) faults.push(`only ${result.passed} vectors passed`)
  for (const [alg, why] of Object.entries(result.refused))
    if (!missing(name).includes(alg)) faults.push(`${alg}: ${why}`)
    else if (!why.includes('algorithm_unavailable'))
      faults.push(`${alg} is refused without its reason: ${why}`)
  for (const alg of missing(name))
    if (!(alg in result.refused)) faults.push(`${alg} is there, against what is said of it`)
  for (const [alg, why] of Object.entries(result.unopened)) faults.push(`${alg}, issued on Node: ${why}`)
  for (const token of result.issued)
    await openIssued(token).catch((error) => faults.push(`${token.alg}, opened on Node: ${error}`))
  for (const [where, why] of Object.entries(result.failedExamples)) faults.push(`${where}: ${why}`)
  return faults
}

let failed = false
const table = []
const skipped = []
try {
  await prepare()
  for (const { name, get, find } of runtimes) {
    if (wanted.length > 0 && !wanted.some((word) => name.toLowerCase().startsWith(word.toLowerCase())))
      continue
    const runtime = await find({ fetch })
    if (!runtime) {
      skipped.push(`${name} (${get})`)
      continue
    }
    const started = Date.now()
    const result = await runtime.run(folder).catch((error) => ({ error: String(error?.message ?? error) }))
    const faults = await faultsOf(name, result)
    const seconds = ((Date.now() - started) / 1_000).toFixed(1)
    console.error(`${faults.length === 0 ? 'ok    ' : 'FAILED'} ${name} ${runtime.version} in ${seconds} s`)
    for (const fault of faults) console.error(`       ${fault.replaceAll('\n', '\n       ')}`)
    failed ||= faults.length > 0
    if (faults.length === 0) table.push({ name, version: runtime.version, result })
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

console.log('| runtime | version | vectors | protections | examples |\n| --- | --- | --- | --- | --- |')
for (const { name, version, result } of table) {
  const absent = Object.keys(result.refused)
  console.log(
    `| ${name} | ${version} | ${result.passed} | ${absent.length === 0 ? 'all' : `all but ${absent.join(', ')}`} | ${result.examples} |`,
  )
}
console.log(
  skipped.length === 0 ? 'skipped: none' : `skipped, because they are not at hand: ${skipped.join('; ')}`,
)
if (failed) process.exitCode = 1
