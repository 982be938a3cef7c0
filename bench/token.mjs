// Access tokens: protected and opened, issued and verified, beside the bare operation of node:crypto on the same claims;
// a token beside jose's JWT of the same claims, in time and in bytes.
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  randomFillSync,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto'
import { verifyAccessToken } from 'ace-oauth/resource-server'
import { issueCwt, openCose, protectCose, TokenClaims, TokenKey } from 'ace-oauth/token'
import { jwtVerify, SignJWT } from 'jose'

const rounds = 9
const batchNanoseconds = 100_000_000

const client = await TokenKey.generate('ES256')
const { kty, crv, x, y } = client.toCose()
const exp = Math.floor(Date.now() / 1_000) + 86_400
const members = {
  iss: 'coaps://as.example.com',
  aud: 'tempSensor4711',
  exp,
  iat: exp - 86_400,
  cti: new Uint8Array(8),
  scope: 'temperature_g firmware_p',
  ace_profile: 'coap_dtls',
  cnf: { COSE_Key: { kty, crv, x, y } },
}
const claims = new TokenClaims(members)
const payload = claims.toCbor()

/** The time of one run, with whatever it gives awaited: a promise costs as much as a small MAC, and callers pay it. */
async function timeOf(run) {
  // What another left behind is not to be cleared away at this one's cost.
  globalThis.gc?.()
  let runs = 0
  const start = process.hrtime.bigint()
  let time
  do {
    for (let i = 0; i < 20; i++) await run()
    runs += 20
    time = Number(process.hrtime.bigint() - start)
  } while (time < batchNanoseconds)
  return time / runs
}

async function compare(name, ours, peers, target) {
  const all = [['', ours], ...Object.entries(peers)]
  const times = new Map(all.map(([label]) => [label, []]))
  for (let round = 0; round < rounds; round++)
    for (const [label, run] of all) times.get(label).push(await timeOf(run))
  const median = (label) => times.get(label).sort((a, b) => a - b)[rounds >> 1]
  const nanoseconds = median('')
  const result = { name, nanoseconds, peers: {} }
  for (const peer of Object.keys(peers)) {
    const time = median(peer)
    result.peers[peer] = { nanoseconds: time, ratio: nanoseconds / time }
  }
  if (target) result.target = { ...target, reached: result.peers[target.peer].ratio <= target.most }
  return result
}

/**
 * The bare operations for a key, which is ready: what one would write by hand for the same result. A MAC is cut to its
 * length and compared in constant time; a sender makes an IV for each message; the tag follows the ciphertext in one
 * piece (RFC 9053 §4), to which it is put and from which it is taken.
 */
async function bare(alg, key) {
  if (alg.startsWith('HMAC')) {
    const secret = await key.toKeyObject('private')
    const mac = () => createHmac('sha256', secret).update(payload).digest().subarray(0, 8)
    const tag = mac()
    return { protect: mac, open: () => timingSafeEqual(mac(), tag) }
  }
  if (alg === 'ES256') {
    const signing = { key: await key.toKeyObject('private'), dsaEncoding: 'ieee-p1363' }
    const verifying = { key: await key.toKeyObject('public'), dsaEncoding: 'ieee-p1363' }
    const signature = sign('sha256', payload, signing)
    return {
      protect: () => sign('sha256', payload, signing),
      open: () => verify('sha256', payload, verifying, signature),
    }
  }
  const [cipher, ivLength, authTagLength] =
    alg === 'A128GCM' ? ['aes-128-gcm', 12, 16] : ['aes-128-ccm', 13, 8]
  const secret = await key.toKeyObject('private')
  const aad = new Uint8Array(15)
  const seal = (iv) => {
    const sealing = createCipheriv(cipher, secret, iv, { authTagLength })
    sealing.setAAD(aad, { plaintextLength: payload.length })
    const ciphertext = sealing.update(payload)
    sealing.final()
    return Buffer.concat([ciphertext, sealing.getAuthTag()])
  }
  const iv = new Uint8Array(ivLength)
  const sealed = seal(iv)
  const length = sealed.length - authTagLength
  return {
    protect: () => seal(randomFillSync(new Uint8Array(ivLength))),
    open: () => {
      const opening = createDecipheriv(cipher, secret, iv, { authTagLength })
      opening.setAuthTag(sealed.subarray(length))
      opening.setAAD(aad, { plaintextLength: length })
      const plaintext = opening.update(sealed.subarray(0, length))
      opening.final()
      return plaintext
    },
  }
}

const algorithms = [
  ['AES-CCM-16-64-128', 1.5],
  ['A128GCM', 1.5],
  ['HMAC 256/64', 1.5],
  ['ES256', 1.2],
]

/** The results, one by one. */
export async function* tokens() {
  for (const [alg, most] of algorithms) {
    const key = await TokenKey.generate(alg, { kid: 'rs1' })
    const { protect, open } = await bare(alg, key)
    const token = await issueCwt(claims, key)
    const target = { peer: 'node:crypto', most }
    yield compare(
      `protect ${payload.length} bytes with ${alg}`,
      () => protectCose(payload, key),
      { 'node:crypto': protect },
      target,
    )
    yield compare(
      `open ${token.length} bytes of ${alg}`,
      () => openCose(token, { keys: key }),
      { 'node:crypto': open },
      target,
    )
    const options = {
      issuers: [{ issuer: members.iss, keys: key }],
      audiences: members.aud,
      recognizesScope: () => true,
    }
    const jwt = await jose(alg === 'ES256' ? key : await TokenKey.generate('HMAC 256/256'))
    yield compare(`issue a CWT with ${alg}`, () => issueCwt(claims, key), {
      'node:crypto': protect,
      jose: jwt.issue,
    })
    yield compare(`verify a CWT of ${alg} and its claims`, () => verifyAccessToken(token, options), {
      'node:crypto': open,
      jose: jwt.verify,
    })
    yield {
      name: `length of a CWT with ${alg}`,
      bytes: token.length,
      peers: { jose: { bytes: jwt.length, ratio: token.length / jwt.length } },
    }
  }
}

/** jose's JWT of the same claims. */
async function jose(key) {
  const { cti, ...json } = claims.toJson()
  const alg = key.kty === 'Symmetric' ? 'HS256' : 'ES256'
  const algorithm =
    alg === 'HS256' ? { name: 'HMAC', hash: 'SHA-256' } : { name: 'ECDSA', namedCurve: 'P-256' }
  const signing = await key.toCryptoKey(algorithm, ['sign'])
  const verifying = await key.toCryptoKey(algorithm, ['verify'])
  const issue = () =>
    new SignJWT({ ...json, jti: cti }).setProtectedHeader({ alg, typ: 'at+jwt' }).sign(signing)
  const token = await issue()
  const options = { issuer: members.iss, audience: members.aud, typ: 'at+jwt' }
  return { issue, verify: () => jwtVerify(token, verifying, options), length: token.length }
}
