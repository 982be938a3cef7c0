// The templates pass their first vector as they are, and answer all others with `unsupported`.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cache, missingTools } from './implementations.mjs'
import { codecImplementation, loadVectors, runConformance } from './library.mjs'

const home = fileURLToPath(new URL('../templates', import.meta.url))
const built = join(cache, 'templates')

/** Where what is built of a file is kept, by what the file holds. */
function builtOf(file) {
  const hash = createHash('sha256').update(readFileSync(join(home, file)))
  return join(built, `${file}-${hash.digest('hex').slice(0, 16)}`)
}

const templates = [
  { name: 'python', tools: ['python3'], run: `python3 '${home}/driver.py'` },
  { name: 'java', tools: ['java'], run: `java '${home}/Driver.java'` },
  compiled('go', 'go', 'driver.go', 'go build -o'),
  compiled('rust', 'rustc', 'driver.rs', 'rustc -o'),
  compiled('c', 'cc', 'driver.c', 'cc -Wall -o'),
]

function compiled(name, tool, file, command) {
  const output = builtOf(file)
  return {
    name,
    tools: [tool],
    output,
    build: `${command} '${output}' '${home}/${file}'`,
    run: `'${output}'`,
  }
}

/**
 * @param isPreparedOnly whether to leave those that have to be built
 * @returns how many pass, those that do not, each with why, and the names of those that were left
 */
export async function checkTemplates(isPreparedOnly) {
  mkdirSync(built, { recursive: true })
  const failures = []
  const left = []
  let passed = 0
  const documents = await loadVectors()
  for (const { name, tools, output, build, run } of templates) {
    const isBuilt = output === undefined || existsSync(output)
    if (missingTools({ tools }).length > 0 || (isPreparedOnly && !isBuilt)) {
      left.push(`template in ${name}`)
      continue
    }
    const failure = isBuilt ? undefined : spawnSync(build, { shell: true, encoding: 'utf8' })
    if (failure && failure.status !== 0) {
      failures.push(`${name}: ${failure.stderr}`)
      continue
    }
    const codec = codecImplementation(run, { timeout: 60_000 })
    const report = await runConformance(documents, { implementation: codec })
    codec.kill()
    const failed = report.documents.flatMap(({ sections }) =>
      sections.flatMap(({ results }) => results.filter(({ outcome }) => outcome === 'failed')),
    )
    const [first] = failed
    if (report.passed > 0 && failed.length === 0 && !report.broken) passed++
    else failures.push(`${name}: ${report.broken ?? `${failed.length} failed, ${first?.id}: ${first?.got}`}`)
  }
  return { passed, failures, left }
}
