// Speed, side by side with peers in the same run: `npm run bench`, and `npm run bench -- --json` for machines.
import { hostile } from './hostile.mjs'
import { implementations } from './implementations.mjs'
import { messages } from './messages.mjs'
import { tokens } from './token.mjs'

const json = process.argv.includes('--json')
const results = []

for (const group of [messages, tokens, hostile, implementations])
  for await (const result of group()) {
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

function line({ name, bytes, nanoseconds, nanosecondsPerByte, peers, target }) {
  const own =
    bytes !== undefined
      ? `${bytes} bytes`
      : nanoseconds === undefined
        ? `${nanosecondsPerByte.toFixed(1)} ns a byte`
        : `${nanoseconds.toFixed(0)} ns`
  const beside = Object.entries(peers).map(([peer, { ratio }]) => `${ratio.toFixed(2)} x ${peer}`)
  const verdict = target
    ? `  [${target.reached ? 'reached' : 'MISSED'}: at most ${target.most} x ${target.peer}]`
    : ''
  return `${name}: ${own}; ${beside.join(', ')}${verdict}`
}
