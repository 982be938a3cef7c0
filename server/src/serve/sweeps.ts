import type { Store } from '../store/contract.ts'

/** How many rows one bite of a sweep removes of each kind. */
const bite = 500

/** A sweep that has ended. */
export interface Sweep {
  /** How many rows were removed. */
  readonly rows: number
  readonly seconds: number
  /** What went wrong; undefined where nothing did. */
  readonly error: unknown
}

/**
 * Removes what has expired in the background, in small bites, so that requests get their turns between them.
 *
 * @param every how long to wait from the end of a sweep to the beginning of the next, in seconds: asked anew each time
 * @returns ends it, after the bite that it is at
 */
export function sweepInBackground(
  store: Pick<Store, 'sweep'>,
  every: () => number,
  onSweep: (sweep: Sweep) => void,
): () => Promise<void> {
  let isEnding = false
  let timer: NodeJS.Timeout
  let running = Promise.resolve()
  const sweep = async (): Promise<void> => {
    const started = performance.now()
    let rows = 0
    let error: unknown
    try {
      let removed: number
      do {
        removed = await store.sweep(Math.floor(Date.now() / 1_000), bite)
        rows += removed
      } while (removed > 0 && !isEnding)
    } catch (thrown) {
      error = thrown
    }
    onSweep({ rows, seconds: (performance.now() - started) / 1_000, error })
    if (!isEnding) wait()
  }
  const wait = (): void => {
    timer = setTimeout(() => {
      running = sweep()
    }, every() * 1_000)
  }
  wait()
  return async () => {
    isEnding = true
    clearTimeout(timer)
    await running
  }
}
