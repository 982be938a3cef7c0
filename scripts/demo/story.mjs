// What happens in the demo, scene by scene.
import { isDeepStrictEqual } from 'node:util'
import {
  clientSecretBasic,
  clientSecretPost,
  discoverAuthorizationServer,
  fetchRevocationList,
  generateProofKey,
  isRevoked,
  processIntrospectionResponse,
  processRevocationResponse,
  processTokenResponse,
  sendIntrospectionRequest,
  sendRevocationRequest,
  sendTokenRequest,
} from 'ace-oauth/client'
import { verifyAccessToken } from 'ace-oauth/resource-server'
import { equalBytes, TokenKey } from 'ace-oauth/token'
import { command, serve } from './server.mjs'
import { advise, expect, failureOf, say, scene, sceneCount, showExchange, showItem } from './show.mjs'

const watchdog = setTimeout(() => {
  throw new Error('the demo takes more than a minute')
}, 60_000)
const started = performance.now()

scene('An authorization server on a temporary folder')
const audience = 'tempSensor4711'
const scopes = ['--scope', 'read', '--scope', 'write']
await command('init')
const [rs, { client_secret }, as] = await Promise.all([
  command('rs', 'add', audience, ...scopes),
  command('client', 'add', 'sensor1', '--audience', audience, ...scopes),
  serve(),
])
const server = await discoverAuthorizationServer(as.url)
say(`it serves ${server.token_endpoint}, found by its metadata (RFC 8414)`)

const sensor = clientSecretPost('sensor1', client_secret)
const wanted = { audience, scope: 'read' }

/** Sends a token request and shows both sides. */
async function ask(members, { authentication = sensor, fetch, previous } = {}) {
  const exchange = await sendTokenRequest(server, members, { authentication, fetch })
  showExchange(exchange)
  return processTokenResponse(exchange, { previous })
}

/** Sends a token request that is refused, shows both sides, and what the client should do. */
async function askInVain(code, members, options) {
  const failure = await failureOf(() => ask(members, options))
  advise(failure)
  expect(failure.code === code, `${code} for the client; the operator's log says ${await as.refusal()}`)
}

scene('A token with a symmetric key, which the server makes')
const token = await ask(wanted)
say('the client keeps token and key until they expire, and hands the token to the resource server')
expect(token.token_type === 'PoP' && token.cnf?.COSE_Key?.k, 'a token that is bound to a key')

scene('The resource server verifies it (RFC 9200 section 5.10.1.1)')
const rsKey = await TokenKey.fromJwk(rs.key)
let revoked = { hashes: [] }
const verify = ({ access_token }) =>
  verifyAccessToken(access_token, {
    issuers: [{ issuer: as.url, keys: rsKey }],
    audiences: audience,
    recognizesScope: (scope) => scope === 'read' || scope === 'write',
    isRevoked: ({ tokenHashes }) =>
      tokenHashes.some((own) => revoked.hashes.some((hash) => equalBytes(hash, own))),
  })
const { claims, layers } = await verify(token)
say(`${layers.map(({ structure, alg }) => `${structure} with ${alg}`).join(', ')}: ${claims}`)
expect(claims.aud === audience && claims.scope === 'read', 'the audience and the scope that were asked for')

scene('A token with a key of the client')
const { req_cnf } = await generateProofKey()
const bound = await ask({ ...wanted, req_cnf })
expect(
  bound.cnf.COSE_Key.kty === 'EC2' && (await verify(bound)),
  'a token that is bound to the key of the client',
)

/** Each error that a token endpoint has (RFC 6749 section 5.2, RFC 9200 section 5.8.3), and a request that gets it. */
const secretKey = { COSE_Key: { kty: 'Symmetric', k: new Uint8Array(16) } }
const p384 = (await generateProofKey('ES384')).req_cnf
const password = { grant_type: 'password', username: 'alice', password: 'secret' }
const errors = [
  ['invalid_request', 'a key that is no secret any more', { ...wanted, req_cnf: secretKey }],
  ['invalid_client', 'a wrong secret', wanted, { authentication: clientSecretPost('sensor1', 'guess') }],
  ['invalid_grant', 'a refresh token that is none', { grant_type: 'refresh_token', refresh_token: 'guess' }],
  ['unauthorized_client', 'a resource server that is not for this client', { ...wanted, audience: 'vault' }],
  ['unsupported_grant_type', 'a grant type that the server does not have', { ...wanted, ...password }],
  ['invalid_scope', 'a scope that the client may not have', { ...wanted, scope: 'admin' }],
  ['unsupported_pop_key', 'a key that the resource server cannot use', { ...wanted, req_cnf: p384 }],
  [
    'incompatible_ace_profiles',
    'a profile that the resource server does not speak',
    { ...wanted, ace_profile: 'mqtt_tls' },
  ],
]
for (const [error, title, members, options] of errors) {
  scene(`${error}: ${title}`)
  await askInVain(`client_${error}`, members, options)
}

scene('A refresh whose answer is lost')
let lost
/** Sends the request, and loses the answer on its way back. */
const lossy = async (url, init) => {
  const response = await fetch(url, init)
  lost = new Uint8Array(await response.arrayBuffer())
  throw Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } })
}
const refresh = { grant_type: 'refresh_token', refresh_token: token.refresh_token }
const loss = await failureOf(() => ask(refresh, { fetch: lossy }))
advise(loss)
expect(
  loss.code === 'client_network_error' && lost.length > 0,
  'the server has answered, and the client knows nothing of it',
)
say('the client sends the very same refresh once more:')
const exchange = await sendTokenRequest(server, refresh, { authentication: sensor })
showExchange(exchange)
const refreshed = processTokenResponse(exchange, { previous: token })
expect(
  equalBytes(exchange.received.payload, lost),
  'the answer that was lost, byte for byte: the device is not locked out',
)
expect(
  isDeepStrictEqual(refreshed.cnf, token.cnf) && (await verify(refreshed)),
  'a new token, bound to the same key',
)

// It takes effect for the token requests that follow.
const opening = command('session', 'open', 'sensor1', '--per-minute', '1')

scene('A revocation, seen in the token revocation list (RFC 7009, RFC 9770)')
const revocation = await sendRevocationRequest(
  server,
  { token: refreshed.access_token },
  { authentication: sensor },
)
showExchange(revocation)
processRevocationResponse(revocation)
/** Fetches the list as one party sees it, and shows it. */
async function listFor(authentication) {
  let payload
  const seen = async (url, init) => {
    const response = await fetch(url, init)
    payload = new Uint8Array(await response.clone().arrayBuffer())
    return response
  }
  const list = await fetchRevocationList(`${as.url}/trl`, { authentication, fetch: seen })
  say(`GET ${as.url}/trl`)
  showItem(payload)
  return list
}
const own = await listFor(clientSecretBasic('sensor1', client_secret))
expect(await isRevoked(refreshed, own), 'the client finds its token on the list, and deletes it')

scene('The resource server refuses the token that is revoked')
const rsCredentials = clientSecretBasic(rs.introspection.client_id, rs.introspection.client_secret)
revoked = await listFor(rsCredentials)
const refusal = await failureOf(() => verify(refreshed))
expect(refusal.code === 'authz_info_token_revoked', `${refusal.code}: ${refusal.coapCode} for the client`)
const introspection = await sendIntrospectionRequest(
  server,
  { token: refreshed.access_token },
  { authentication: rsCredentials },
)
showExchange(introspection)
expect(
  processIntrospectionResponse(introspection).active === false,
  'introspection says no more than that it is not active',
)

scene('A session that gives one token a minute')
const { session_id } = await opening
// Both requests have to be in the same minute.
const left = 60_000 - (Date.now() % 60_000)
if (left < 2_000) await new Promise((resolve) => setTimeout(resolve, left))
await ask(wanted)
await askInVain('client_rate_limited', wanted)

scene('A session that the operator closes')
await command('session', 'close', session_id)
await askInVain('client_invalid_grant', wanted)

scene('A session with a budget of one token')
await command('session', 'open', 'sensor1', '--budget', '1')
await ask(wanted)
await askInVain('client_invalid_grant', wanted)

await as.stop()
clearTimeout(watchdog)
console.log(
  `\n${sceneCount()} scenes, all as they should be, in ${((performance.now() - started) / 1_000).toFixed(1)} s`,
)
