import type { AbortSignalLike } from '../table/platform.ts'

/** A source of time. Pass one of your own to test without sleeping. */
export interface Clock {
  /** The time in milliseconds since some fixed moment; it never goes back. */
  now(): number
  /** Resolves after that many milliseconds; rejects as soon as the signal aborts, and then leaves no timer behind. */
  sleep(ms: number, signal: AbortSignalLike): Promise<void>
}

/** The longest time that one timer of the platform takes, in milliseconds: 24.8 days. */
const longest = 2 ** 31 - 1

/** The platform's own time. */
export const systemClock: Clock = {
  now: () => performance.now(),
  async sleep(ms, signal) {
    let left = ms
    for (; left > longest; left -= longest) await pause(longest, signal)
    await pause(left, signal)
  },
}

function pause(ms: number, signal: AbortSignalLike): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort)
      resolve()
    }, ms)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
}
