// The main job, shown: the conformance vectors of the RFCs, and a handful of error responses, good and bad, byte by byte.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const cli = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))

/** Runs a command of `ace-oauth`, showing it, and expects an exit code. */
function show(words, exitCode = 0) {
  console.log(`\n$ ace-oauth ${words.join(' ')}`)
  const { status } = spawnSync(process.execPath, [cli, ...words], { stdio: ['ignore', 'inherit', 'inherit'] })
  if (status !== exitCode) {
    console.error(`expected exit code ${exitCode}, got ${status}`)
    process.exit(1)
  }
}

show(['conformance'])
// Four bytes: invalid_grant.
show(['explain', 'a1181e03'])
// A private-use code, and a description.
show(['explain', 'a2181e3a0001869e181f6f71756f746120657868617573746564'])
// A code that nobody registered yet: kept, and said so.
show(['decode', 'a1181e1901a2'])
// A member twice: refused, with the byte where it happens.
show(['decode', 'a2181e0319001e04'], 1)
// A text where an integer has to be: refused.
show(['decode', '--message', 'error-response', 'a1181e6d696e76616c69645f6772616e74'], 1)
