/** How far apart clocks may be, in seconds: those of two processes, or that of one before and after it was set. */
export const clockTolerance = 300

/** Whether a time that was written down lies so far ahead that the clock was set back since then, or was wrong then. */
export function isAhead(time: number, now: number): boolean {
  return time > now + clockTolerance
}

/** How long a clock that jumped has to run evenly before what it says has expired is removed, in milliseconds. */
const settlingMs = 60 * 60 * 1_000

/** Two clocks, in milliseconds. */
export interface Clocks {
  /** The time of day, which somebody may set. */
  readonly wall: () => number
  /** A time that only ever goes on. */
  readonly steady: () => number
}

/**
 * Sees when the clock is set. What was removed by a clock that was wrong for a minute is gone for good: tokens, refresh tokens,
 * the identifiers of assertions that could then be replayed. So nothing is removed until the clock has run evenly for an hour.
 */
export class ClockWatch {
  readonly #clocks: Clocks
  #offset: number
  #jumpedAt: number | undefined
  #jump = 0

  constructor(clocks: Clocks = { wall: Date.now, steady: () => performance.now() }) {
    this.#clocks = clocks
    this.#offset = clocks.wall() - clocks.steady()
  }

  /** By how many seconds the clock jumped within the last hour; 0 where it ran evenly. */
  jump(): number {
    const steady = this.#clocks.steady()
    const offset = this.#clocks.wall() - steady
    const moved = offset - this.#offset
    // What is slowly corrected is no jump.
    this.#offset = offset
    if (Math.abs(moved) > clockTolerance * 1_000) {
      this.#jump = Math.round(moved / 1_000)
      this.#jumpedAt = steady
    }
    if (this.#jumpedAt !== undefined && steady - this.#jumpedAt >= settlingMs) this.#jumpedAt = undefined
    return this.#jumpedAt === undefined ? 0 : this.#jump
  }
}
