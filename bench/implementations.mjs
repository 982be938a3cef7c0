// Other implementations in their own languages on the same messages and tokens in the same run: turn by turn, each timed inside its
// own process without the line protocol. Those that `npm run interop` has prepared; the others are named on standard error.
import { AccessTokenRequest, ErrorResponse } from 'ace-oauth'
import { codecImplementation } from 'ace-oauth/conformance/node'
import { openCose, protectCose, TokenKey } from 'ace-oauth/token'
import { commandOf, isReady, implementations as known } from '../interop/lib/implementations.mjs'

const rounds = 9
const hexOf = (bytes) => Buffer.from(bytes).toString('hex')
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1]

/** The time of one run of ours, over enough runs to fill a tenth of a second. */
async function timeOf(run) {
  let runs = 0
  const start = process.hrtime.bigint()
  let time
  do {
    for (let i = 0; i < 50; i++) await run()
    runs += 50
    time = Number(process.hrtime.bigint() - start)
  } while (time < 100_000_000)
  return time / runs
}

/** Messages and tokens, each with what of it another implementation is asked. */
async function subjects() {
  const error = ErrorResponse.fromJson({
    error: 'unauthorized_client',
    error_description: 'not registered for this audience',
    error_uri: 'https://as.example.com/errors/audience',
  }).toCbor()
  const request = AccessTokenRequest.fromJson({
    grant_type: 'client_credentials',
    client_id: 'myclient',
    audience: 'tempSensor4711',
    scope: 'read',
    req_cnf: { kid: 'client-key' },
  }).toCbor()
  const key = await TokenKey.generate('ES256')
  const token = await protectCose(new Uint8Array(80), key)
  const jwk = key.toJwk()
  const synchronous = (run) => {
    const batch = () => {
      for (let i = 0; i < 20; i++) run()
    }
    return async () => (await timeOf(async () => batch())) / 20
  }
  return [
    {
      name: `an error response of ${error.length} bytes read`,
      time: synchronous(() => ErrorResponse.fromCbor(error)),
      peers: ['dcaf'],
      ask: { message: 'error-response', hex: hexOf(error), times: 100_000 },
    },
    {
      name: `an access token request of ${request.length} bytes read`,
      time: synchronous(() => AccessTokenRequest.fromCbor(request)),
      peers: ['dcaf'],
      ask: { message: 'token-request', hex: hexOf(request), times: 100_000 },
    },
    {
      name: 'a token signed with ES256 read and verified',
      time: () => timeOf(() => openCose(token, { keys: key })),
      peers: ['go-cose', 'pycose'],
      ask: { hex: hexOf(token), keys: [jwk], times: 200 },
    },
  ]
}

export async function* implementations() {
  const codecs = new Map()
  for (const implementation of known())
    if (isReady(implementation))
      codecs.set(implementation.folder, {
        label: `${implementation.name} ${implementation.version} (${implementation.language})`,
        codec: codecImplementation(commandOf(implementation), { timeout: 60_000 }),
      })
  try {
    for (const { name, time, peers, ask } of await subjects()) {
      const ready = peers.filter((peer) => codecs.has(peer))
      const absent = peers.filter((peer) => !codecs.has(peer))
      if (absent.length > 0)
        console.error(`${name}: npm run interop -- ${absent.join(' ')} prepares ${absent.join(', ')}`)
      if (ready.length === 0) continue
      const own = []
      const theirs = new Map(ready.map((peer) => [peer, []]))
      for (let round = 0; round < rounds; round++) {
        own.push(await time())
        for (const peer of ready) {
          const answer = await codecs.get(peer).codec.ask({ op: 'bench', ...ask })
          if (!answer.ok) throw new Error(`${peer}: ${answer.message ?? answer.reason}`)
          theirs.get(peer).push(answer.nanoseconds)
        }
      }
      const told = [...theirs].map(([peer, times]) => [
        codecs.get(peer).label,
        { nanoseconds: median(times), ratio: median(own.map((each, round) => each / times[round])) },
      ])
      yield { name, nanoseconds: median(own), peers: Object.fromEntries(told) }
    }
  } finally {
    for (const { codec } of codecs.values()) codec.kill()
  }
}
