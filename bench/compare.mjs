// Measures one thing beside its peers in the same run, turn by turn, so that what else the machine does falls on all.
import { do_not_optimize, measure } from 'mitata'

const rounds = 15

/**
 * What is measured, in a function that runs nothing else: one for all would be learnt to call many, and calling would weigh
 * more than the shortest of what is measured.
 */
const alone = (run) =>
  new Function('run', 'doNotOptimize', 'return () => doNotOptimize(run())')(run, do_not_optimize)

/**
 * @param {string} name what is measured
 * @param {() => unknown} ours
 * @param {Record<string, () => unknown>} peers what it is measured beside, by name
 * @param {{ peer: string, most: number } | undefined} target the ratio to one peer that is to be reached
 * @returns {Promise<{ name: string, nanoseconds: number, peers: Record<string, { nanoseconds: number, ratio: number }>, target?: { peer: string, most: number, reached: boolean } }>}
 */
export async function compare(name, ours, peers, target) {
  const all = Object.entries({ '': ours, ...peers }).map(([label, run]) => [label, alone(run)])
  const times = new Map(all.map(([label]) => [label, []]))
  for (let round = 0; round < rounds; round++)
    for (const [label, run] of all) {
      const { p50 } = await measure(run, { min_cpu_time: 20_000_000 })
      times.get(label).push(p50)
    }
  const median = (values) => values.toSorted((a, b) => a - b)[rounds >> 1]
  const own = times.get('')
  const result = { name, nanoseconds: median(own), peers: {} }
  for (const peer of Object.keys(peers)) {
    const theirs = times.get(peer)
    // The machine may be slower in one round than in another: the ratios are those of each round.
    const ratio = median(own.map((time, round) => time / theirs[round]))
    result.peers[peer] = { nanoseconds: median(theirs), ratio }
  }
  if (target) result.target = { ...target, reached: result.peers[target.peer].ratio <= target.most }
  return result
}
