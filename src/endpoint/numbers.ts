/**
 * A number among the options, or its default.
 *
 * @throws RangeError for whatever is no number from `min` to `max`: NaN, a text, a bigint
 */
export function numberOption(
  name: string,
  given: number | undefined,
  byDefault: number,
  min: number,
  max: number = Number.MAX_SAFE_INTEGER,
): number {
  if (given === undefined) return byDefault
  if (typeof given !== 'number' || !(given >= min && given <= max))
    throw new RangeError(`${name} is ${String(given)}: expected a number from ${min} to ${max}`)
  return given
}

/**
 * A function among the options.
 *
 * @throws TypeError for whatever is no function
 */
export function functionOption<T>(name: string, given: T): T {
  if (typeof given !== 'function') throw new TypeError(`${name} is no function`)
  return given
}
