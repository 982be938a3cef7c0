// Measures servers turn by turn, so that what else the machine does falls on all of them.
import { load } from './load.mjs'

const rounds = 8
const turnMs = 1_500
/** V8 compiles what runs often, so each server answers so many before it is measured. */
const warmUp = 10_000
const connections = 64

/**
 * Other work on the machine makes a turn cost more, never less: of the turns of one subject the first quarter in order of
 * cost tells what it costs by itself.
 */
const quiet = (values) => values.toSorted((a, b) => a - b)[values.length >> 2]

/**
 * Runs subjects turn by turn. Each has servers, a request, and the status that it is answered with.
 *
 * @returns by name: processor time for an answer in microseconds, answers a second, and how many answers there were
 */
export async function turns(subjects) {
  const found = new Map(
    subjects.map(({ name }) => [name, { microseconds: [], secondsPerAnswer: [], answers: 0 }]),
  )
  for (let round = -1; round < rounds; round++)
    for (const { name, servers, request, status } of subjects) {
      const before = await Promise.all(servers.map((server) => server.usage()))
      const runs = await Promise.all(
        servers.map(({ port }) =>
          load({
            port,
            request,
            ...(round < 0 ? { requests: warmUp } : { milliseconds: turnMs }),
            connections: connections / servers.length,
          }),
        ),
      )
      const after = await Promise.all(servers.map((server) => server.usage()))
      for (const { statuses } of runs)
        if (Object.keys(statuses).join() !== String(status))
          throw new Error(`${name}: expected ${status}, got ${JSON.stringify(statuses)}`)
      const answers = runs.reduce((sum, each) => sum + each.answers, 0)
      const own = found.get(name)
      own.answers += answers
      if (round < 0) continue
      const used = after.reduce((sum, each, i) => sum + each.microseconds - before[i].microseconds, 0)
      own.microseconds.push(used / answers)
      own.secondsPerAnswer.push(1 / runs.reduce((sum, each) => sum + each.answers / each.seconds, 0))
    }
  return new Map(
    [...found].map(([name, { microseconds, secondsPerAnswer, answers }]) => [
      name,
      { microseconds: quiet(microseconds), rate: 1 / quiet(secondsPerAnswer), answers },
    ]),
  )
}

/**
 * The row of one subject beside others of the same turns.
 *
 * @param peers by name, the least ratio of their processor time to that of the subject
 */
export function row(name, found, subject, peers) {
  const { microseconds, rate } = found.get(subject)
  const beside = Object.entries(peers).filter(([peer]) => found.has(peer))
  return {
    name,
    microseconds,
    rate,
    peers: Object.fromEntries(
      beside.map(([peer, least]) => {
        const theirs = found.get(peer)
        const ratio = theirs.microseconds / microseconds
        return [peer, { ...theirs, ratio, least, reached: ratio >= least }]
      }),
    ),
  }
}
