import type { Output } from './output.ts'

/** How often progress is written, in milliseconds. */
const every = 100
/** The width of a bar, in characters. */
const barWidth = 30

/** Progress of long work, on a terminal; elsewhere nothing is written. */
export class Progress {
  readonly #output: Output
  readonly #what: string
  #writtenAt = Number.NEGATIVE_INFINITY
  #isShown = false

  /** @param what what is counted, for example `clients` */
  constructor(output: Output, what: string) {
    this.#output = output
    this.#what = what
  }

  /**
   * Shows how far it is.
   *
   * @param part which part of the whole is done, from 0 to 1; undefined where nobody knows
   */
  show(count: number, part?: number): void {
    const at = performance.now()
    if (!this.#output.hasProgress || at - this.#writtenAt < every) return
    this.#writtenAt = at
    this.#isShown = true
    const bar = part === undefined ? '' : `${barOf(part)} `
    // Back to the beginning of the line, which is cleared.
    this.#output.error(`\r\x1b[K${bar}${count} ${this.#what}`)
  }

  /** Clears the line, for other text. */
  end(): void {
    if (this.#isShown) this.#output.error('\r\x1b[K')
    this.#isShown = false
  }
}

function barOf(part: number): string {
  const share = Math.min(1, Math.max(0, part))
  const full = Math.round(share * barWidth)
  return `[${'#'.repeat(full)}${'.'.repeat(barWidth - full)}] ${String(Math.floor(share * 100)).padStart(3)} %`
}
