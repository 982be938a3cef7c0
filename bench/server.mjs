// The server under load: `npm run bench:server`, parts by name (`npm run bench:server -- speed growth`), and `--json` for machines.
import { growth } from './server/growth.mjs'
import { memory } from './server/memory.mjs'
import { postgres } from './server/postgres.mjs'
import { speed } from './server/speed.mjs'

const parts = { speed, postgres, memory, growth }
const given = process.argv.slice(2)
const json = given.includes('--json')
const names = given.filter((name) => name !== '--json')
const unknown = names.find((name) => !(name in parts))
if (unknown !== undefined) {
  console.error(`no part ${unknown}: expected ${Object.keys(parts).join(', ')}`)
  process.exit(2)
}

const results = []
for (const name of names.length > 0 ? names : Object.keys(parts))
  for await (const result of parts[name]()) {
    results.push(result)
    if (!json) console.log(line(result))
  }

if (json)
  console.log(
    JSON.stringify(
      { node: process.version, platform: `${process.platform} ${process.arch}`, results },
      null,
      2,
    ),
  )

function line({ name, microseconds, rate, peers = {}, reached, ...rest }) {
  const own =
    microseconds === undefined
      ? `${JSON.stringify(rest, (_, value) => (typeof value === 'number' ? Math.round(value * 100) / 100 : value))} [${reached ? 'reached' : 'MISSED'}]`
      : `${microseconds.toFixed(0)} us of processor time, ${rate.toFixed(0)} a second`
  const beside = Object.entries(peers).map(
    ([peer, { ratio, least, reached, ...theirs }]) =>
      `${ratio.toFixed(2)} x ${peer} (${theirs.microseconds.toFixed(0)} us, ${theirs.rate.toFixed(0)} a second) [${reached ? 'reached' : 'MISSED'}: at least ${least.toFixed(2)}]`,
  )
  return [`${name}: ${own}`, ...beside].join('\n    ')
}
