import { ClockWatch, clockTolerance } from '../clock.ts'
import type { Store } from '../store/contract.ts'

/** How many rows one bite of a sweep removes of each kind. */
const bite = 200

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
  store: Pick<Store, 'sweep' | 'clock'>,
  every: () => number,
  onSweep: (sweep: Sweep) => void,
): () => Promise<void> {
  const watch = new ClockWatch()
  let isEnding = false
  let timer: NodeJS.Timeout
  let running = Promise.resolve()
  const sweep = async (): Promise<void> => {
    const started = performance.now()
    let rows = 0
    let error: unknown
    try {
      await trustClock(store, watch)
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

/** Throws where the clock may be wrong: what is removed by it is gone. */
async function trustClock(store: Pick<Store, 'clock'>, watch: ClockWatch): Promise<void> {
  const jump = watch.jump()
  if (jump !== 0)
    throw new Error(`the clock jumped by ${jump} s: nothing is removed until it has run evenly for an hour`)
  const apart = Math.floor(Date.now() / 1_000) - (await store.clock())
  if (Math.abs(apart) > clockTolerance)
    throw new Error(
      `the clock is ${apart} s ahead of that of the database: nothing is removed until they agree`,
    )
}
