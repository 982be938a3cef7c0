// What is run on each runtime: the conformance vectors, a token of each protection, and the examples of the README.
// It uses what every runtime has, and imports the package as anybody does.
import { AccessTokenResponse } from 'ace-oauth'
import { clientSecretPost, generateProofKey, obtainToken, privateKeyJwt } from 'ace-oauth/client'
import { libraryImplementation, runConformance, vectorDocuments } from 'ace-oauth/conformance'
import { verifyAccessToken } from 'ace-oauth/resource-server'
import { issueCwt, issueJwt, openCwt, openJwt, supportedAlgorithms, TokenKey } from 'ace-oauth/token'

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
const unhex = (digits) => Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
const sentence = (error) => `${error?.name}: ${error?.reason ?? error?.message}`

/** Tokens of an algorithm: one issued here, and one changed on its way, which is refused; and the same as JWT where JOSE has it. */
async function protect(alg) {
  const key = await TokenKey.generate(alg, { kid: 'k' })
  const claims = { iss: 'as', aud: 'rs', scope: 'read', exp: 4_000_000_000 }
  const token = await issueCwt(claims, key)
  const options = { issuers: [{ issuer: 'as', keys: key }], audiences: 'rs', recognizesScope: () => true }
  const verified = await verifyAccessToken(token, options)
  if (verified.claims.scope !== 'read') throw new Error('another scope')
  const changed = token.slice()
  changed[changed.length - 1] ^= 1
  const taken = await openCwt(changed, { keys: key }).then(
    () => true,
    () => false,
  )
  if (taken) throw new Error('a changed token is taken')
  const jwt = await issueJwt(claims, key).catch((error) => error)
  if (typeof jwt === 'string' && (await openJwt(jwt, { keys: key })).claims.scope !== 'read')
    throw new Error('another scope in the JWT')
  return { alg, key: key.toPrivateJwk(), token: hex(token), jwt: typeof jwt === 'string' ? jwt : undefined }
}

/** Opens what another runtime has issued. */
export async function openIssued({ key: jwk, token, jwt }) {
  const keys = await TokenKey.fromJwk(jwk)
  const opened = await openCwt(unhex(token), { keys })
  if (opened.claims.scope !== 'read') throw new Error('another scope')
  if (jwt && (await openJwt(jwt, { keys })).claims.scope !== 'read')
    throw new Error('another scope in the JWT')
}

/** A token of each protection, or why there is none. */
export async function protectAll() {
  const issued = []
  const refused = {}
  for (const alg of supportedAlgorithms)
    try {
      issued.push(await protect(alg))
    } catch (error) {
      refused[alg] = sentence(error)
    }
  return { issued, refused }
}

/** Runs an example with a server that answers it, and without its words. */
async function runExample(load) {
  const { fetch } = globalThis
  const { log, error, warn } = console
  globalThis.fetch = async () =>
    new Response(JSON.stringify({ access_token: 'abc', token_type: 'PoP', expires_in: 3600 }), {
      headers: { 'Content-Type': 'application/json' },
    })
  Object.assign(console, { log() {}, error() {}, warn() {} })
  try {
    await load()
  } finally {
    globalThis.fetch = fetch
    Object.assign(console, { log, error, warn })
  }
}

/** Obtains tokens of a server that answers what it is to: in CBOR with a key of the client, and in JSON by a key that cannot be read. */
async function obtainTokens() {
  const answer = { access_token: 'abc', expires_in: 3600 }
  const { req_cnf } = await generateProofKey()
  const inCbor = async () =>
    new Response(new AccessTokenResponse(answer).toCbor(), {
      headers: { 'Content-Type': 'application/ace+cbor' },
    })
  const server = { issuer: 'https://as.example.com', token_endpoint: 'https://as.example.com/token' }
  const authentication = clientSecretPost('c1', 'secret')
  const token = await obtainToken(server, { req_cnf }, { authentication, fetch: inCbor })
  if (token.cnf?.COSE_Key?.kty !== 'EC2') throw new Error('another key')
  const usages = ['sign', 'verify']
  const { privateKey } = await crypto.subtle.generateKey(
    { name: 'ECDSA', namedCurve: 'P-256' },
    false,
    usages,
  )
  let form
  const inJson = async (_, { body }) => {
    form = new URLSearchParams(new TextDecoder().decode(body))
    return Response.json({ ...answer, token_type: 'Bearer' })
  }
  const options = { authentication: privateKeyJwt('c1', privateKey), fetch: inJson, encoding: 'json' }
  await obtainToken(server, {}, { ...options, tokenTypes: ['Bearer'] })
  if (form.get('client_assertion')?.split('.').length !== 3) throw new Error('no assertion')
}

/**
 * Runs all of it.
 *
 * @param input `documents` are the vectors by the names of their files, `issued` are tokens of another runtime
 * @param examples what loads each example, by where it stands
 * @public the programs that runtimes.mjs writes import it
 */
export async function runSuite({ documents, issued }, examples) {
  const report = await runConformance(
    vectorDocuments.map((name) => documents[name]),
    { implementation: libraryImplementation },
  )
  const failures = report.documents.flatMap(({ sections }) =>
    sections.flatMap(({ results }) => results.filter(({ outcome }) => outcome === 'failed')),
  )
  const here = await protectAll()
  const unopened = {}
  for (const token of issued)
    if (!(token.alg in here.refused))
      try {
        await openIssued(token)
      } catch (error) {
        unopened[token.alg] = sentence(error)
      }
  const failed = {}
  for (const [where, load] of Object.entries({ ...examples, 'ace-oauth/client': obtainTokens }))
    try {
      await runExample(load)
    } catch (error) {
      failed[where] = String(error?.stack ?? error)
    }
  return {
    passed: report.passed,
    skipped: report.skipped,
    failures: failures.map(({ id, expected, got }) => `${id}: expected ${expected}, got ${got}`),
    ...here,
    unopened,
    examples: Object.keys(examples).length,
    failedExamples: failed,
  }
}
