// Other people's implementations on our vectors, ours on theirs, and both on what is generated.
//
//   node interop/main.mjs [names...]     prepare what is missing, run, and write docs/compatibility.md and the badges
//   node interop/main.mjs --prepared     run what is prepared already, and change nothing
//   --count <n>                          how many messages, keys, tokens and values to generate for each (10,000)
import { mkdirSync, writeFileSync } from 'node:fs'
import { badge, compatibility } from './lib/document.mjs'
import { commandOf, implementations, isReady, missingTools, prepare } from './lib/implementations.mjs'
import { published } from './lib/published.mjs'
import { runOne } from './lib/run-one.mjs'
import { checkTemplates } from './lib/templates.mjs'

const args = process.argv.slice(2)
const isPreparedOnly = args.includes('--prepared')
const countAt = args.indexOf('--count')
const count = countAt >= 0 ? Number(args[countAt + 1]) : isPreparedOnly ? 200 : 10_000
const names = args.filter((arg, i) => !arg.startsWith('--') && (countAt < 0 || i !== countAt + 1))

const all = implementations()
const strangers = names.filter((name) => !all.some(({ folder }) => folder === name))
if (strangers.length > 0 || !(count >= 0)) {
  console.error(
    `${strangers.join(', ') || '--count'}: expected ${strangers.length > 0 ? `one of ${all.map(({ folder }) => folder).join(', ')}` : 'a number'}`,
  )
  process.exit(2)
}

const left = []
const results = []
for (const implementation of all) {
  const { folder } = implementation
  if (names.length > 0 && !names.includes(folder)) continue
  const missing = missingTools(implementation)
  if (missing.length > 0) {
    left.push(`${folder} (no ${missing.join(', ')})`)
    continue
  }
  if (!isReady(implementation)) {
    if (isPreparedOnly) {
      left.push(folder)
      continue
    }
    const failure = prepare(implementation, (command) => console.error(`${folder}: ${command}`))
    if (failure !== undefined) {
      console.error(failure)
      left.push(`${folder} (not prepared)`)
      continue
    }
  }
  const started = performance.now()
  const result = await runOne(implementation, commandOf(implementation), count)
  results.push(result)
  const { report, compared, differences, unexplained } = result
  console.log(
    `${folder}: ${report.passed} passed, ${report.failed} failed, ${report.skipped} unsupported; ${differences.length} differences in ${compared} answers` +
      `; ${unexplained.length} without an explanation; ${((performance.now() - started) / 1_000).toFixed(1)} s`,
  )
  for (const line of unexplained.slice(0, 10)) console.log(`  ${line}`)
}

const vectorsOfOthers = await published()
console.log(
  `vectors published by others, on this library: ${vectorsOfOthers.passed} as expected, ${vectorsOfOthers.failures.length} not`,
)
for (const failure of vectorsOfOthers.failures) console.log(`  ${failure}`)

const templates = await checkTemplates(isPreparedOnly)
left.push(...templates.left)
console.log(
  `templates: ${templates.passed} pass their first vector and leave the others, ${templates.failures.length} do not`,
)
for (const failure of templates.failures) console.log(`  ${failure}`)

if (!isPreparedOnly && names.length === 0) {
  writeFileSync(
    new URL('../docs/compatibility.md', import.meta.url),
    compatibility(results, vectorsOfOthers, left, count),
  )
  mkdirSync(new URL('badges/', import.meta.url), { recursive: true })
  for (const result of results)
    writeFileSync(new URL(`badges/${result.implementation.folder}.json`, import.meta.url), badge(result))
}
const isBad =
  results.some(({ unexplained }) => unexplained.length > 0) ||
  vectorsOfOthers.failures.length + templates.failures.length > 0
if (isBad) process.exitCode = 1
console.log(
  `interoperability: ${results.length} implementations run, ${isBad ? 'with differences that nobody has explained' : 'every difference explained'}` +
    `; not run: ${left.length > 0 ? left.join(', ') : 'none'}`,
)
