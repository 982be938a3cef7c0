// What the rules rest upon: what was sent, and what each side made of it.
import { createECDH, createPrivateKey, createPublicKey } from 'node:crypto'
import { member } from '../sent.mjs'

/** Ours refuses for a reason, theirs accepts. */
export const isTaken = ({ ours, theirs }, ...reasons) =>
  !ours.ok && reasons.includes(ours.reason) && theirs.ok

/** Whether one item was sent that is well-formed and valid as to RFC 8949 §5.3.1. */
const isValid = ({ fault, trailing, duplicate, badText }) => !(fault || trailing || duplicate || badText)

/**
 * Theirs refuses valid CBOR, or what is not CBOR, with words of its library, ours accepts. A driver that ends or hangs does not refuse.
 */
export const isRefused = ({ ours, theirs, sent }, pattern) =>
  ours.ok && theirs.reason === 'refused' && pattern.test(theirs.message) && isValid(sent)

/** Both accept, and tell values that are other than each other. */
export const isToldOtherwise = ({ ours, theirs }) =>
  ours.ok && theirs.ok && ours.value !== undefined && theirs.value !== undefined

/** A value with some of its members only. */
export const only = (value, names) =>
  Object.fromEntries(Object.entries(value).filter(([name]) => names.includes(name)))

/** A value without some of its members. */
export const without = (value, names) =>
  Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)))

/** A value with others in place of some that are in it, at any depth. */
export function replaced(value, replace) {
  const other = replace(value)
  if (other !== undefined) return other
  if (Array.isArray(value)) return value.map((each) => replaced(each, replace))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, replaced(each, replace)]))
}

const bytesOf = (item) => (item?.bytes === undefined ? undefined : Buffer.from(item.bytes, 'hex'))

/** The members of a COSE_Key that was sent, or that was meant as a JWK: kty, crv and alg as integers, the others as bytes. */
export function keyOf({ sent, what }) {
  if (sent.item?.pairs) {
    const [kty, alg, operations, first] = [1, 3, 4, -1].map((label) => member(sent.item, label))
    const [x, y, d] = [-2, -3, -4].map((label) => member(sent.item, label))
    const isSymmetric = kty === 4n
    return {
      kty,
      alg,
      operations,
      k: isSymmetric ? bytesOf(first) : undefined,
      crv: first,
      x: bytesOf(x),
      y,
      d: bytesOf(d),
    }
  }
  const { kty, alg, k, crv, x, y, d } = typeof what === 'string' ? JSON.parse(what) : {}
  const bytes = (text) => (text === undefined ? undefined : Buffer.from(text, 'base64url'))
  const number = { oct: 4n, EC: 2n, OKP: 1n }[kty]
  return {
    kty: number,
    alg,
    k: bytes(k),
    crv,
    x: bytes(x),
    y: y && { bytes: bytes(y).toString('hex') },
    d: bytes(d),
  }
}

const curves = {
  2: { 1: ['P-256', 32], 2: ['P-384', 48], 3: ['P-521', 66] },
  1: { 4: ['X25519', 32], 5: ['X448', 56], 6: ['Ed25519', 32], 7: ['Ed448', 57] },
}

/**
 * Whether a key that was sent cannot be used as it is: another type or curve than those of RFC 9053, without a member that its type
 * needs, of another size than its curve's, with a point that is not on it, or with halves that do not belong together.
 */
export function isUnusable({ kty, k, crv, x, y, d }) {
  if (kty === 4n) return k === undefined || k.length === 0
  const [name, size] = curves[kty]?.[crv] ?? []
  if (name === undefined || (x ?? d) === undefined) return true
  if ([x, d].some((part) => part !== undefined && part.length !== size)) return true
  const jwk = { kty: kty === 2n ? 'EC' : 'OKP', crv: name }
  if (x !== undefined) jwk.x = x.toString('base64url')
  if (kty === 2n) {
    const whole = bytesOf(y)
    if (whole === undefined || whole.length !== size) return true
    jwk.y = whole.toString('base64url')
  }
  try {
    if (x !== undefined) createPublicKey({ key: jwk, format: 'jwk' })
    if (x !== undefined && name === 'Ed25519' && !isOnEd25519(x)) return true
    if (d === undefined) return false
    const point = kty === 2n ? ecPoint(name, d) : okpPoint(name, d)
    return x !== undefined && !point.equals(kty === 2n ? Buffer.concat([x, bytesOf(y)]) : x)
  } catch {
    return true
  }
}

const prime = 2n ** 255n - 19n

function power(base, exponent) {
  let result = 1n
  for (let rest = exponent, square = base % prime; rest > 0n; rest >>= 1n, square = (square * square) % prime)
    if (rest & 1n) result = (result * square) % prime
  return result
}

/** RFC 8032 §5.1.3: whether there is an x with x^2 = (y^2 - 1) / (d y^2 + 1). */
function isOnEd25519(encoded) {
  const y = BigInt(`0x${Buffer.from(encoded).reverse().toString('hex')}`) & (2n ** 255n - 1n)
  const d = ((prime - 121665n) * power(121666n, prime - 2n)) % prime
  const square = ((y * y - 1n + prime) % prime) * power((d * y * y + 1n) % prime, prime - 2n)
  return power(square, (prime - 1n) / 2n) <= 1n
}

function ecPoint(name, d) {
  const ecdh = createECDH({ 'P-256': 'prime256v1', 'P-384': 'secp384r1', 'P-521': 'secp521r1' }[name])
  ecdh.setPrivateKey(d)
  return ecdh.getPublicKey().subarray(1)
}

function okpPoint(name, d) {
  const oid = { X25519: '6e', Ed25519: '70' }[name]
  const der = Buffer.concat([Buffer.from(`302e020100300506032b65${oid}04220420`, 'hex'), d])
  const key = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }))
  return Buffer.from(key.export({ format: 'jwk' }).x, 'base64url')
}

/** Whether a COSE_Key that was sent has a common member of another type than RFC 9052 §7.1 gives it, or a label of another type. */
export function isMistyped({ item }) {
  if (!item?.pairs) return false
  const isCode = (value) => typeof value === 'bigint' || typeof value === 'string'
  const [kty, kid, alg, operations, iv] = [1, 2, 3, 4, 5].map((label) => member(item, label))
  return (
    !item.pairs.every(([label]) => isCode(label)) ||
    !isCode(kty) ||
    (kid !== undefined && kid?.bytes === undefined) ||
    (alg !== undefined && !isCode(alg)) ||
    (operations !== undefined &&
      !(Array.isArray(operations) && operations.length > 0 && operations.every(isCode))) ||
    (iv !== undefined && iv?.bytes === undefined)
  )
}
