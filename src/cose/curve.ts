/**
 * What is a key of a curve: the points and private keys of P-256 and P-384 (SEC 1), of Ed25519 (RFC 8032) and X25519 (RFC 7748). Nothing is
 * computed from a private key here but whether it is in range.
 */

interface Curve {
  /** The length of a coordinate and of a private key, in bytes. */
  readonly bytes: number
  /** The prime of the field. Both are 3 modulo 4, so that a square root is one exponentiation. */
  readonly p: bigint
  /** The constant of y² = x³ - 3x + b. */
  readonly b: bigint
  /** The order of the base point: a private key is from 1 to n - 1. */
  readonly n: bigint
}

const curves: Readonly<Record<string, Curve>> = {
  'P-256': {
    bytes: 32,
    p: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
    n: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  },
  'P-384': {
    bytes: 48,
    p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
    n: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  },
}

/** The length of the coordinates and of the private key, in bytes; undefined for a curve that is not known. */
export function coordinateBytes(crv: unknown): number | undefined {
  if (crv === 'Ed25519' || crv === 'X25519') return 32
  return curves[String(crv)]?.bytes
}

/** Whether the point is on the curve; the coordinates have its length. */
export function isOnCurve(crv: 'P-256' | 'P-384', x: Uint8Array, y: Uint8Array): boolean {
  const { p, b } = curves[crv]!
  const [u, v] = [toInteger(x), toInteger(y)]
  return u < p && v < p && (v * v - (u * u * u - 3n * u + b)) % p === 0n
}

/** The y coordinate to x and a sign; undefined where no point of the curve has that x. */
export function decompress(crv: 'P-256' | 'P-384', x: Uint8Array, sign: boolean): Uint8Array | undefined {
  const { p, b, bytes } = curves[crv]!
  const u = toInteger(x)
  if (u >= p) return undefined
  const square = (((u * u * u - 3n * u + b) % p) + p) % p
  let y = power(square, (p + 1n) / 4n, p)
  if ((y * y) % p !== square) return undefined
  if ((y & 1n) !== (sign ? 1n : 0n)) y = p - y
  return Uint8Array.from({ length: bytes }, (_, i) => Number((y >> BigInt(8 * (bytes - 1 - i))) & 255n))
}

/** Whether a number of the curve's length is a private key of it. Every 32 bytes are one of Ed25519 and X25519. */
export function isPrivateKey(crv: unknown, d: Uint8Array): boolean {
  const curve = curves[String(crv)]
  if (!curve) return true
  const value = toInteger(d)
  return value > 0n && value < curve.n
}

/** The prime of the field of Ed25519 and X25519, and the constants of the two curves (RFC 7748 §4.1). */
const p25519 = 2n ** 255n - 19n
const edwardsD = 37095705934669439343138083508754565189542113879843219016388785533085940283555n
const montgomeryA = 486662n

/**
 * Whether 32 bytes are a public key of Ed25519: the one encoding of a point (RFC 8032 §5.1.3) that is not of small order. With a point of
 * small order one signature is right for any message.
 */
export function isEd25519Key(x: Uint8Array): boolean {
  const y = littleEndian(x) & (2n ** 255n - 1n)
  if (y >= p25519 || isSmallOrder(1n + y, 1n - y)) return false
  const square = y * y
  // x² = (y² - 1) / (dy² + 1) has a root where the product of both has one.
  return isSquare((square - 1n) * (edwardsD * square + 1n))
}

/** Whether 32 bytes are a public key of X25519: reduced, and not of small order, with which a shared secret would be zero (RFC 7748 §6.1). */
export function isX25519Key(x: Uint8Array): boolean {
  const u = littleEndian(x)
  return u < p25519 && !isSmallOrder(u, 1n)
}

/** Whether eight times the point with the coordinate u/z of Curve25519 is the neutral element. */
function isSmallOrder(u: bigint, z: bigint): boolean {
  for (let doublings = 0; doublings < 3; doublings++) {
    const [a, b] = [u * u, z * z]
    ;[u, z] = [((a - b) * (a - b)) % p25519, (4n * u * z * (a + montgomeryA * u * z + b)) % p25519]
  }
  return z === 0n
}

function isSquare(value: bigint): boolean {
  const reduced = ((value % p25519) + p25519) % p25519
  return reduced === 0n || power(reduced, (p25519 - 1n) / 2n, p25519) === 1n
}

function littleEndian(bytes: Uint8Array): bigint {
  return toInteger(bytes.toReversed())
}

function toInteger(bytes: Uint8Array): bigint {
  let digits = '0x0'
  for (const byte of bytes) digits += (byte + 256).toString(16).slice(1)
  return BigInt(digits)
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  let square = base % modulus
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}
