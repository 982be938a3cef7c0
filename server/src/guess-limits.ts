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
  failuresPerClientAndAddress: 10,
  failuresPerClient: 100,
  failuresPerAddress: 100,
  failureWindow: 600,
}

/** One attempt that was let through. */
export interface Attempt {
  /** The credentials were right: the attempt does not count. */
  readonly succeeded: () => void
  /** Nobody found out whether the credentials are right: the attempt does not count. */
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
 * Holds back who guesses credentials. An attempt counts before it is looked at, so that many at once are no way around it.
 *
 * A client that authenticated from an address is known there: only its own failures from there count against it. So whoever guesses from
 * elsewhere, or in the name of other clients from the same address, does not lock it out.
 *
 * It is in the memory of one process: a failure is not worth a write to the store, which would let guessing slow down everybody. With
 * several processes each allows as many.
 */
export class GuessLimiter {
  readonly #now: () => number
  readonly #pairs: Counts
  readonly #clients: Counts
  readonly #addresses: Counts
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
    const countsTo = (most: number): Counts => new Counts(most, limits.failureWindow)
    this.#pairs = countsTo(limits.failuresPerClientAndAddress)
    this.#clients = countsTo(limits.failuresPerClient)
    this.#addresses = countsTo(limits.failuresPerAddress)
  }

  /**
   * Begins an attempt to authenticate.
   *
   * @returns the attempt, or in how many milliseconds the next one is let through
   */
  begin({ clientId, isGuessable, address }: AttemptBegun): Attempt | number {
    const now = this.#now()
    const from = address === undefined ? undefined : networkOf(address)
    const client = clientId === undefined ? undefined : short(clientId)
    const pair = client === undefined ? undefined : JSON.stringify([client, from ?? null])
    const isKnown = pair !== undefined && this.#known.has(pair)
    const counted: (readonly [Counts, string])[] = []
    if (pair !== undefined) counted.push([this.#pairs, pair])
    if (client !== undefined && isGuessable && !isKnown) counted.push([this.#clients, client])
    if (from !== undefined && !isKnown) counted.push([this.#addresses, from])
    const wait = Math.max(0, ...counted.map(([counts, key]) => counts.waitFor(key, now)))
    if (wait > 0) return wait
    for (const [counts, key] of counted) counts.add(key, now, 1)
    const takeBack = (): void => {
      for (const [counts, key] of counted) counts.add(key, this.#now(), -1)
    }
    return {
      cancelled: takeBack,
      succeeded: () => {
        takeBack()
        if (pair === undefined || from === undefined) return
        this.#known.delete(pair)
        this.#known.set(pair, true)
        if (this.#known.size > mostRemembered) this.#known.delete(this.#known.keys().next().value!)
      },
    }
  }
}

/** Counts by key that run down to nothing in the course of a window. */
class Counts {
  readonly #most: number
  /** How much of a count runs down in a millisecond. */
  readonly #rate: number
  readonly #counts = new Map<string, { count: number; at: number }>()

  constructor(most: number, windowSeconds: number) {
    this.#most = most
    this.#rate = most / (windowSeconds * 1_000)
  }

  /** In how many milliseconds one more fits. */
  waitFor(key: string, now: number): number {
    const excess = this.#countOf(key, now) + 1 - this.#most
    // A hair more than the limit is what floating-point numbers add up to.
    return excess > 1e-6 ? Math.ceil(excess / this.#rate) : 0
  }

  add(key: string, now: number, more: 1 | -1): void {
    const count = Math.max(0, this.#countOf(key, now) + more)
    this.#counts.delete(key)
    if (count === 0) return
    this.#counts.set(key, { count, at: now })
    if (this.#counts.size > mostRemembered) this.#counts.delete(this.#counts.keys().next().value!)
  }

  #countOf(key: string, now: number): number {
    const known = this.#counts.get(key)
    return known ? Math.max(0, known.count - (now - known.at) * this.#rate) : 0
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
