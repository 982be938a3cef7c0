/**
 * The points of the curves P-256 and P-384 (RFC 9053 §7.1.1, SEC 1): whether one is on its curve, and the y coordinate of
 * a compressed one. Public coordinates only, so that the time it takes tells nothing.
 */

interface Curve {
  /** The length of a coordinate and of a private key, in bytes. */
  readonly bytes: number
  /** The prime of the field. Both are 3 modulo 4, so that a square root is one exponentiation. */
  readonly p: bigint
  /** The constant of y² = x³ - 3x + b. */
  readonly b: bigint
}

const curves: Readonly<Record<string, Curve>> = {
  'P-256': {
    bytes: 32,
    p: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  },
  'P-384': {
    bytes: 48,
    p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
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
