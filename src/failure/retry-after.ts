/** The longest wait that anybody can ask for, in milliseconds: that of Max-Age, 136 years (RFC 7252, Section 5.10.5). */
export const longestWaitMs = (2 ** 32 - 1) * 1_000

/** The three forms of an HTTP-date: of RFC 5322, of RFC 850, and of asctime. */
const dates: readonly RegExp[] = [
  /^\w{3}, (?<day>\d\d) (?<month>\w{3}) (?<year>\d{4}) (?<time>\d\d:\d\d:\d\d) GMT$/,
  /^\w{6,9}, (?<day>\d\d)-(?<month>\w{3})-(?<year>\d\d) (?<time>\d\d:\d\d:\d\d) GMT$/,
  /^\w{3} (?<month>\w{3}) (?<day>[ \d]\d) (?<time>\d\d:\d\d:\d\d) (?<year>\d{4})$/,
]

/**
 * Reads a Retry-After field of HTTP: a number of seconds, or a date in any of the three forms of RFC 9110, Section
 * 5.6.7.
 *
 * @param value the value of the field
 * @param now the time, in milliseconds since 1970, from which a date is counted
 * @returns how long to wait, in milliseconds, 136 years at the most, and 0 for a date in the past; undefined for what is neither (RFC 9110,
 * Section 10.2.3)
 * @throws RangeError for a time that is not a finite number
 *
 * @example
 * ```ts
 * import { parseRetryAfter } from 'ace-oauth/failure'
 *
 * parseRetryAfter('120') // 120000
 * parseRetryAfter('Sun, 06 Nov 1994 08:49:37 GMT', Date.UTC(1994, 10, 6, 8, 49, 30)) // 7000
 * ```
 */
export function parseRetryAfter(value: string, now: number = Date.now()): number | undefined {
  if (!Number.isFinite(now)) throw new RangeError('now is a number of milliseconds since 1970')
  const text = value.trim()
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1_000, longestWaitMs)
  const parts = dates.map((form) => form.exec(text)?.groups).find(Boolean)
  if (!parts) return undefined
  const { day, month, year, time } = parts as Record<'day' | 'month' | 'year' | 'time', string>
  // A leap second is one that JavaScript has not.
  const written = `${day.replace(' ', '0')} ${month} ${fullYear(year, now)} ${time.replace(/60$/, '59')} GMT`
  const date = Date.parse(written)
  // Date.parse takes more than it should, and what it should not comes out as another date.
  return new Date(date).toUTCString().endsWith(written) ? Math.max(0, date - now) : undefined
}

/** A year of two digits is the latest one that is not more than 50 years ahead (RFC 9110, Section 5.6.7). */
function fullYear(year: string, now: number): string | number {
  if (year.length > 2) return year
  const latest = new Date(now).getUTCFullYear() + 50
  return latest - ((latest - Number(year)) % 100)
}
