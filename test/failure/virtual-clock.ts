import type { Clock } from '../../src/failure/clock.ts'

/** A clock whose time moves on only when everything waits for it. */
export class VirtualClock implements Clock {
  time = 0
  readonly #sleepers = new Set<{ readonly at: number; readonly wake: () => void }>()

  /** How many sleeps have not ended. */
  get asleep(): number {
    return this.#sleepers.size
  }

  now(): number {
    return this.time
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.#sleepers.delete(sleeper)
        reject(signal.reason)
      }
      const wake = () => {
        this.#sleepers.delete(sleeper)
        signal.removeEventListener('abort', abort)
        resolve()
      }
      const sleeper = { at: this.time + ms, wake }
      this.#sleepers.add(sleeper)
      if (signal.aborted) abort()
      else signal.addEventListener('abort', abort)
    })
  }

  /** Lets a promise come to its end. */
  async run<T>(promise: Promise<T>): Promise<T> {
    let settled = false
    const settle = () => {
      settled = true
    }
    promise.then(settle, settle)
    for (;;) {
      await new Promise(setImmediate)
      if (settled) return promise
      const [next] = [...this.#sleepers].sort((a, b) => a.at - b.at)
      if (!next) throw new Error('nothing is asleep, and still it does not end')
      this.time = next.at
      next.wake()
    }
  }
}
