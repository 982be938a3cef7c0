// The vectors that ship inside the packages of others, on this library. What the RFCs and the COSE working group published is in
// vectors/ and tested there.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cache } from './implementations.mjs'
import { libraryImplementation } from './library.mjs'

/** What others take and we do not, and why. */
const known = [
  {
    when: ({ source, reason }) => source === 'dcaf' && reason === 'unexpected_type in scope',
    why: 'a scope is a text or a byte string (RFC 9200 §5.8.1); dcaf has arrays for AIF and libdcaf',
  },
  {
    when: ({ source, reason }) => source === 'dcaf' && reason === 'conflicting_members in redirect_uri',
    why: 'client_credentials has no redirect_uri (RFC 6749 §4.4.2)',
  },
  {
    when: ({ source, reason }) => source === 'dcaf' && reason === 'conflicting_members in rs_cnf',
    why: 'rs_cnf does not go with a symmetric key (RFC 9201 §3.2)',
  },
]

/** @returns how many came out as their authors say, what did not with a reason, and what did not without one */
export async function published() {
  const explained = []
  const failures = []
  let passed = 0
  for (const { source, name, message, hex, options, accepts } of [...goCose(), ...dcaf()]) {
    const answer = await libraryImplementation.decode(message, { hex }, options)
    if (answer.ok === accepts) {
      passed++
      continue
    }
    const reason = answer.ok ? 'accepted' : `${answer.reason}${answer.path ? ` in ${answer.path}` : ''}`
    const rule = known.find(({ when }) => when({ source, name, reason }))
    if (rule) explained.push({ source, name, reason, why: rule.why })
    else failures.push(`${source} ${name}: ${reason}; ${hex}`)
  }
  return { passed, explained, failures }
}

/** The vectors of go-cose, of the project github.com/gluecose/test-vectors: what is verified, and what was signed. */
function* goCose() {
  const folder = join(cache, 'go-cose', 'published')
  if (!existsSync(folder)) return
  for (const file of readdirSync(folder)) {
    const { key, ...vector } = JSON.parse(readFileSync(join(folder, file), 'utf8'))
    const verify = vector['sign1::verify']
    const sign = vector['sign1::sign']
    const part = verify ?? sign
    const cbor = verify ? verify.taggedCOSESign1 : sign.expectedOutput
    // The signatures of those to sign are not of their keys: that much of the output is not fixed.
    if (!['P-256', 'P-384', 'Ed25519'].includes(key.crv) || !cbor || sign?.fixedOutputLength) continue
    yield {
      source: 'go-cose',
      name: file.replace('.json', ''),
      message: 'cose',
      hex: cbor.cborHex.toLowerCase(),
      options: { keys: [key], externalAad: part.external ?? '' },
      accepts: verify ? verify.shouldVerify : true,
    }
  }
}

/** The messages in the tests of dcaf, by the name of the variable that holds them. */
function* dcaf() {
  const messages = {
    hint: 'creation-hints',
    request: 'token-request',
    response: 'token-response',
    error: 'error-response',
  }
  const folder = join(cache, 'dcaf', 'published')
  if (!existsSync(folder)) return
  for (const part of ['creation_hint', 'token_req']) {
    const text = readFileSync(join(folder, part, 'tests.rs'), 'utf8')
    const calls = text.matchAll(/fn (\w+)|expect_ser_de\(\s*(\w+),[^"]*?"([\da-fA-F]+)"/g)
    let name = ''
    for (const [, test, variable, hex] of calls) {
      if (test) name = test
      else if (messages[variable])
        yield {
          source: 'dcaf',
          name,
          message: messages[variable],
          hex: hex.toLowerCase(),
          options: {},
          accepts: true,
        }
    }
  }
}
