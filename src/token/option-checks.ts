import type { DecodeOptions } from '../cbor/options.ts'

/**
 * A number of an option, checked where it is given: NaN, an infinity or a text would make each comparison with it come
 * out on one side.
 *
 * @throws TypeError for what is no number, RangeError for one that is not finite or too small
 */
export function checkedNumber(name: string, value: unknown, least = 0): number {
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number`)
  if (!Number.isFinite(value) || value < least)
    throw new RangeError(`${name} must be a finite number of at least ${least}`)
  return value
}

/**
 * A number of things, checked in the same way.
 *
 * @throws TypeError for what is no number, RangeError for one that is no integer or less than 1
 */
export function checkedCount(name: string, value: unknown): number {
  if (!Number.isSafeInteger(checkedNumber(name, value, 1))) throw new RangeError(`${name} must be an integer`)
  return value as number
}

/**
 * A time in seconds, by whatever clock.
 *
 * @throws TypeError for what is no number, RangeError for one that is not finite
 */
export function checkedTime(name: string, value: unknown): number {
  return checkedNumber(name, value, Number.NEGATIVE_INFINITY)
}

/** The time in seconds since 1970 by the system. */
export function systemTime(): number {
  return Date.now() / 1_000
}

/**
 * The time by a clock that was given.
 *
 * @throws TypeError, RangeError for a clock that gives no time
 */
export function timeOf(now: () => number): number {
  return checkedTime('now()', now())
}

const limitNames = ['maxBytes', 'maxDepth', 'maxMembers', 'maxStringBytes'] as const

/**
 * Checks the limits on what is read.
 *
 * @throws TypeError, RangeError for one that is no number, not finite or negative
 */
export function checkLimits(limits: DecodeOptions | undefined): void {
  for (const name of limitNames)
    if (limits?.[name] !== undefined) checkedNumber(`limits.${name}`, limits[name])
}
