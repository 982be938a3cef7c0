/** The half-precision number of these 16 bits (RFC 8949 App. D). */
export function halfFloat(half: number): number {
  const exponent = (half >> 10) & 31
  const fraction = (half & 1023) / 1024
  const size =
    exponent > 30
      ? fraction
        ? Number.NaN
        : 1 / 0
      : exponent
        ? (1 + fraction) * 2 ** (exponent - 15)
        : fraction / 2 ** 14
  return half >> 15 ? -size : size
}

/** Whether half precision, of 11 bits down to 2^-24, keeps the value. */
function fitsHalf(value: number): boolean {
  const size = Math.abs(value)
  // NaN, the infinities and zero are in every precision.
  return (
    !(size > 0 && size < 1 / 0) ||
    (size <= 65_504 && size % 2 ** Math.max(Math.floor(Math.log2(size)) - 10, -24) === 0)
  )
}

/** The length of the shortest encoding that keeps the value, in bytes (RFC 8949 §4.2.1). */
export function floatLength(value: number): number {
  return fitsHalf(value) ? 2 : Math.fround(value) === value ? 4 : 8
}

/** The bits of the half-precision number equal to `value`, which there is. */
export function halfOf(value: number): number {
  if (Number.isNaN(value)) return 0x7e00
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  const size = Math.abs(value)
  if (size === Number.POSITIVE_INFINITY) return sign | 0x7c00
  const exponent = size < 2 ** -14 ? -14 : Math.floor(Math.log2(size))
  const fraction = size / 2 ** (exponent - 10)
  return sign | (fraction < 1024 ? fraction : ((exponent + 15) << 10) + fraction - 1024)
}
