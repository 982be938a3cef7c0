import { negativeInteger, unsignedInteger } from './major.ts'

/** How many bytes follow the initial byte of the shortest head with this argument. */
export function following(argument: number | bigint): number {
  return argument < 24 ? 0 : argument < 0x100 ? 1 : argument < 0x1_0000 ? 2 : argument < 0x1_0000_0000 ? 4 : 8
}

/**
 * Puts the shortest head with this argument, 0 to 2^64-1, into bytes that have room for it: a bigint only where it is beyond
 * 2^53-1. Gives where the next byte goes.
 */
export function putHead(
  bytes: Uint8Array | number[],
  at: number,
  major: number,
  argument: number | bigint,
): number {
  const length = following(argument)
  // The additional information of 1, 2, 4 and 8 bytes is 24 to 27.
  bytes[at] = (major << 5) | (length ? 55 - Math.clz32(length) : (argument as number))
  let i = at + length
  if (length > 4) for (let rest = BigInt(argument); i > at; rest >>= 8n) bytes[i--] = Number(rest & 255n)
  else for (let rest = argument as number; i > at; rest >>>= 8) bytes[i--] = rest & 255
  return at + 1 + length
}

/** The argument of an integer's head, and whether the integer is negative tells the major type. */
export function argumentOf(value: number | bigint): number | bigint {
  if (value >= 0) return value
  return typeof value === 'bigint' ? -1n - value : -1 - value
}

/** Puts the head of an integer. */
export function putInteger(bytes: Uint8Array | number[], at: number, value: number | bigint): number {
  return putHead(bytes, at, value < 0 ? negativeInteger : unsignedInteger, argumentOf(value))
}
