import { createHash } from 'node:crypto'
import { isIPv6 } from 'node:net'

/** How many authentications may fail. */
export interface GuessLimits {
  /** Wrong secrets for one client from one address. */
  readonly failuresPerClientAndAddress: number
  /** Wrong secrets for one client, from all addresses that it never came from. */
  readonly failuresPerClient: number
  /** Wrong credentials from one address, for whatever clients. */
  readonly failuresPerAddress: number
  /** In how many seconds so many may fail: so many at once, and after that one each time that this divided by the number has passed. */
  readonly failureWindow: number
}

/** What holds unless it is set otherwise. */
export const defaultGuessLimits: GuessLimits = {
  failuresPerClientAndAddress: 20,
  failuresPerClient: 100,
  failuresPerAddress: 100,
  failureWindow: 600,
}

/** One attempt that was let through; how it ends counts once. */
export interface Attempt {
  /** The credentials were right. */
  readonly succeeded: () => void
  /** The credentials were wrong. */
  readonly failed: () => void
  /** Nobody found out whether the credentials are right. */
  readonly cancelled: () => void
}

/** What is known of an attempt before anybody looks at the credentials. */
export interface AttemptBegun {
  /** The client that the request names, whether or not there is one. */
  readonly clientId: string | undefined
  /** Whether the credentials could be guessed, as a secret can and a signature cannot. */
  readonly isGuessable: boolean
  /** The address of the peer; undefined where nobody knows it. */
  readonly address: string | undefined
}

/** The most clients, addresses and pairs of both that are remembered: some 10 MB altogether. Those that failed least lately are forgotten. */
const mostRemembered = 20_000

/**
 * Holds back who guesses credentials. No more attempts run at once than may fail, so that many at once are no way around it: those beyond
 * wait for one another.
 *
 * A client that authenticated from an address is known there: only its own failures from there count against it. So whoever guesses from
 * elsewhere, or in the name of other clients from the same address, does not lock it out.
 *
 * It is in the memory of one process: a failure is not worth a write to the store, which would let guessing slow down everybody. With
 * several processes each allows as many.
 */
export class GuessLimiter {
  readonly #now: () => number
  readonly #pairs: Tallies
  readonly #clients: Tallies
  readonly #addresses: Tallies
  readonly #known = new Map<string, true>()

  /**
   * @param now a time in milliseconds that never goes back
   * @throws RangeError for a limit that is no integer from 1 to 2^31-1
   */
  constructor(limits: GuessLimits, now: () => number = () => performance.now()) {
    for (const [name, value] of Object.entries(limits))
      if (!(Number.isSafeInteger(value) && value > 0 && value < 2 ** 31))
        throw new RangeError(`limits.${name} is ${String(value)}: expected an integer from 1 to 2^31-1`)
    this.#now = now
    const talliesTo = (most: number): Tallies => new Tallies(most, limits.failureWindow)
    this.#pairs = talliesTo(limits.failuresPerClientAndAddress)
    this.#clients = talliesTo(limits.failuresPerClient)
    this.#addresses = talliesTo(limits.failuresPerAddress)
  }

  /**
   * Begins an attempt to authenticate.
   *
   * @returns the attempt, or in how many milliseconds the next one is let through
   */
  async begin({ clientId, isGuessable, address }: AttemptBegun): Promise<Attempt | number> {
    const from = address === undefined ? undefined : networkOf(address)
    const client = clientId === undefined ? undefined : short(clientId)
    const pair = client === undefined ? undefined : JSON.stringify([client, from ?? null])
    for (let woken: Tally | undefined; ; ) {
      const isKnown = pair !== undefined && this.#known.has(pair)
      const tallies: Tally[] = []
      if (pair !== undefined) tallies.push(this.#pairs.of(pair))
      if (client !== undefined && isGuessable && !isKnown) tallies.push(this.#clients.of(client))
      if (from !== undefined && !isKnown) tallies.push(this.#addresses.of(from))
      const now = this.#now()
      const wait = Math.max(0, ...tallies.map((tally) => tally.waitFor(now)))
      const full = wait > 0 ? undefined : tallies.find((tally) => !tally.hasRoom(now))
      // Whoever was woken and cannot go on lets the next one try.
      if (woken && woken !== full && (wait > 0 || full)) woken.wakeNext()
      if (wait > 0) return wait
      if (!full) return this.#started(tallies, from === undefined ? undefined : pair)
      await full.settlement(full === woken)
      woken = full
    }
  }

  #started(tallies: readonly Tally[], pair: string | undefined): Attempt {
    for (const tally of tallies) tally.begin()
    let isOver = false
    const end = (hasFailed: boolean): void => {
      if (isOver) return
      isOver = true
      const now = this.#now()
      for (const tally of tallies) tally.settle(hasFailed, now)
    }
    return {
      failed: () => end(true),
      cancelled: () => end(false),
      succeeded: () => {
        end(false)
        if (pair === undefined) return
        this.#known.delete(pair)
        this.#known.set(pair, true)
        if (this.#known.size > mostRemembered) this.#known.delete(this.#known.keys().next().value!)
      },
    }
  }
}

/** What is remembered of a client, an address, or both. */
class Tally {
  readonly #tallies: Tallies
  readonly #key: string
  /** How many have failed, less what has run down since. */
  #failures = 0
  #at = 0
  /** How many attempts are not over. */
  running = 0
  readonly #waiting: (() => void)[] = []

  constructor(tallies: Tallies, key: string) {
    this.#tallies = tallies
    this.#key = key
  }

  /** In how many milliseconds one more may fail. */
  waitFor(now: number): number {
    const { most, rate } = this.#tallies
    const excess = this.#left(now) + 1 - most
    // A hair more than the limit is what floating-point numbers add up to.
    return excess > 1e-6 ? Math.ceil(excess / rate) : 0
  }

  /** Whether one more may fail if all that run do. */
  hasRoom(now: number): boolean {
    return this.#left(now) + this.running + 1 <= this.#tallies.most + 1e-6
  }

  /**
   * Ends when an attempt that runs is over.
   *
   * @param isNext whether whoever waits was the next already, and stays it
   */
  settlement(isNext: boolean): Promise<void> {
    return new Promise((resolve) => {
      if (isNext) this.#waiting.unshift(resolve)
      else this.#waiting.push(resolve)
    })
  }

  wakeNext(): void {
    this.#waiting.shift()?.()
  }

  begin(): void {
    this.running++
    this.#tallies.keep(this.#key, this, true)
  }

  settle(hasFailed: boolean, now: number): void {
    this.running--
    if (hasFailed) {
      this.#failures = this.#left(now) + 1
      this.#at = now
    }
    this.#tallies.keep(this.#key, this, this.running > 0 || this.#waiting.length > 0 || this.#left(now) > 0)
    this.wakeNext()
  }

  #left(now: number): number {
    return Math.max(0, this.#failures - (now - this.#at) * this.#tallies.rate)
  }
}

/** Tallies by key, which run down to nothing in the course of a window. */
class Tallies {
  readonly most: number
  /** How much of a tally runs down in a millisecond. */
  readonly rate: number
  readonly #tallies = new Map<string, Tally>()

  constructor(most: number, windowSeconds: number) {
    this.most = most
    this.rate = most / (windowSeconds * 1_000)
  }

  /** The tally of a key, which is kept from the first attempt on that is let through. */
  of(key: string): Tally {
    return this.#tallies.get(key) ?? new Tally(this, key)
  }

  /** Keeps a tally as the last that is forgotten, or forgets it. */
  keep(key: string, tally: Tally, isWorthIt: boolean): void {
    this.#tallies.delete(key)
    if (!isWorthIt) return
    this.#tallies.set(key, tally)
    if (this.#tallies.size <= mostRemembered) return
    // One that runs is still needed: what it comes to would be lost.
    for (const [oldest, { running }] of this.#tallies)
      if (running === 0) {
        this.#tallies.delete(oldest)
        return
      }
  }
}

/** What stands for an identifier: a long one must not fill the memory. */
function short(clientId: string): string {
  return clientId.length <= 64 ? clientId : createHash('sha256').update(clientId).digest('base64url')
}

/** What stands for an address: of IPv6 the /64, which one host has whole. */
function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped) return mapped[1]!
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.replace(/%.*$/, '').split('::')
  const before = groupsOf(head)
  const after = groupsOf(tail ?? '')
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => 0)
  const groups = tail === undefined ? before : [...before, ...zeros, ...after]
  return groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')
}

/** The groups of a part of an IPv6 address: an IPv4 address at its end is two, which no /64 reaches. */
function groupsOf(part: string): number[] {
  if (part === '') return []
  return part.split(':').flatMap((group) => (group.includes('.') ? [0, 0] : [Number.parseInt(group, 16)]))
}
