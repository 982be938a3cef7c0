import { publicPart } from '#runtime/crypto'
import { CoseError } from './cose-error.ts'
import type { CoseKey } from './cose-key.ts'
import { coordinateBytes, decompress, isEd25519Key, isOnCurve, isPrivateKey, isX25519Key } from './curve.ts'

/** The curves of each key type (RFC 9053 §7.1, Table 18). */
const curvesOf: ReadonlyMap<unknown, readonly unknown[]> = /* @__PURE__ */ new Map([
  ['EC2', ['P-256', 'P-384']],
  ['OKP', ['Ed25519', 'X25519']],
])

/**
 * A key whose parameters fit together, with the public part computed where only the private one was given, the point in
 * its uncompressed form, and in memory of its own.
 *
 * @throws CoseError `key_invalid`
 */
export async function checkedKey(given: CoseKey): Promise<CoseKey> {
  const { x, y, d, k, ...rest } = given
  if (given.kty === 'Symmetric') {
    if (!(k instanceof Uint8Array) || k.length === 0) throw invalid('k of a symmetric key')
    return { ...rest, k: Uint8Array.from(k) }
  }
  if (!curvesOf.get(given.kty)?.includes(given.crv)) throw invalid(`${usable}, not ${typeOf(given)}`)
  const length = coordinateBytes(given.crv)!
  for (const part of [x, y, d])
    if (part instanceof Uint8Array && part.length !== length)
      throw invalid(`${length} bytes for each parameter of ${String(given.crv)}`)
  const isEc2 = given.kty === 'EC2'
  const isPublic = x !== undefined && (y !== undefined || !isEc2)
  if (!isPublic && d === undefined) throw invalid(isEc2 ? 'x and y' : 'x')
  const point = isPublic ? checkedPoint(given) : {}
  if (d === undefined) return { ...rest, ...point }
  if (!isPrivateKey(given.crv, d)) throw invalid(`a private key of ${String(given.crv)}`)
  const derived = await derivePublic(String(given.crv), d)
  for (const name of ['x', 'y'] as const) {
    const compared = name === 'y' && isPublic ? (point as { y?: Uint8Array }).y : given[name]
    if (compared instanceof Uint8Array && !sameBytes(compared, derived[name]))
      throw invalid('a public part that goes with the private one')
  }
  return { ...rest, ...derived, d: Uint8Array.from(d) }
}

const usable = 'a symmetric key, or one of P-256, P-384, Ed25519 or X25519'

function invalid(expected: string): CoseError {
  return new CoseError('key_invalid', expected)
}

/** What a key says it is, in a few words. */
function typeOf({ kty, crv }: CoseKey): string {
  return crv === undefined ? `type ${String(kty)}` : `${String(kty)} on ${String(crv)}`
}

function checkedPoint({ crv, x, y }: CoseKey): { x: Uint8Array; y?: Uint8Array } {
  const own = Uint8Array.from(x!)
  const curve = crv as 'P-256' | 'P-384' | 'Ed25519' | 'X25519'
  if (curve === 'Ed25519' || curve === 'X25519') {
    if (!(curve === 'Ed25519' ? isEd25519Key(own) : isX25519Key(own)))
      throw invalid(`a public key of ${curve}`)
    return { x: own }
  }
  const full = typeof y === 'boolean' ? decompress(curve, own, y) : Uint8Array.from(y!)
  if (!full || !isOnCurve(curve, own, full)) throw invalid(`a point of ${curve}`)
  return { x: own, y: full }
}

/** The beginning of a PKCS #8 private key (RFC 5958) without the public part, in hexadecimal. */
const pkcs8: Readonly<Record<string, string>> = {
  'P-256': '3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420',
  'P-384': '304e020100301006072a8648ce3d020106052b81040022043730350201010430',
  Ed25519: '302e020100300506032b657004220420',
  X25519: '302e020100300506032b656e04220420',
}

/** The public part that goes with a private key. */
async function derivePublic(crv: string, d: Uint8Array): Promise<{ x: Uint8Array; y?: Uint8Array }> {
  const prefix = fromHex(pkcs8[crv]!)
  const der = new Uint8Array(prefix.length + d.length)
  der.set(prefix)
  der.set(d, prefix.length)
  try {
    return await publicPart(crv, der)
  } catch (error) {
    throw error instanceof CoseError ? error : new CoseError('key_invalid', `a private key of ${crv}`)
  } finally {
    der.fill(0)
  }
}

function fromHex(digits: string): Uint8Array {
  return Uint8Array.from(digits.match(/../g)!, (byte) => Number.parseInt(byte, 16))
}

/** Whether two public values are equal. */
function sameBytes(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b?.length === a.length && a.every((byte, i) => byte === b[i])
}
