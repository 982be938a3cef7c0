/** Whether CBOR has this integer without a tag: a whole number from -2^64 to 2^64-1, as a number where that is safe. */
export function isCborInteger(value: unknown): value is number | bigint {
  return typeof value === 'bigint' ? BigInt.asIntN(65, value) === value : Number.isSafeInteger(value)
}

/** An integer as a number where that is safe, as a bigint beyond. */
export function narrow(value: number | bigint): number | bigint {
  const number = Number(value)
  // Adding 0 takes the sign from -0.
  return Number.isSafeInteger(number) ? number + 0 : value
}
