// The templates pass their first vector as they are.
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cache, missingTools } from './implementations.mjs'
import { codecImplementation, loadVectors, runConformance } from './library.mjs'

const home = fileURLToPath(new URL('../templates', import.meta.url))
const built = join(cache, 'templates')

const templates = [
  { name: 'python', tools: ['python3'], run: `python3 '${home}/driver.py'` },
  { name: 'go', tools: ['go'], build: `go build -o '${built}/go' '${home}/driver.go'`, run: `'${built}/go'` },
  { name: 'java', tools: ['java'], run: `java '${home}/Driver.java'` },
  {
    name: 'rust',
    tools: ['rustc'],
    build: `rustc -o '${built}/rust' '${home}/driver.rs'`,
    run: `'${built}/rust'`,
  },
  { name: 'c', tools: ['cc'], build: `cc -Wall -o '${built}/c' '${home}/driver.c'`, run: `'${built}/c'` },
]

/** @returns the templates that do not, each with why, and how many do */
export async function checkTemplates() {
  mkdirSync(built, { recursive: true })
  const failures = []
  let passed = 0
  for (const { name, tools, build, run } of templates) {
    if (missingTools({ tools }).length > 0) continue
    const failure = build && spawnSync(build, { shell: true, encoding: 'utf8' })
    if (failure && failure.status !== 0) {
      failures.push(`${name}: ${failure.stderr}`)
      continue
    }
    const codec = codecImplementation(run, { timeout: 60_000 })
    const report = await runConformance(await loadVectors(['error-response']), {
      implementation: codec,
      only: ['error-3'],
    })
    codec.kill()
    if (report.passed === 1) passed++
    else failures.push(`${name}: ${JSON.stringify(report.documents[0].sections[0].results)}`)
  }
  return { passed, failures }
}
