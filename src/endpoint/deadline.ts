/** How long a request may take, and what ends it before. */
export interface Deadline {
  /** Aborts at the deadline, and when the peer goes away. */
  readonly signal: AbortSignal
  /** Whether the time has run out. */
  readonly hasPassed: () => boolean
  /** Gives what the work gives, or rejects as soon as the signal aborts, whether or not the work stops. */
  readonly race: <T>(work: Promise<T>) => Promise<T>
  /** Leaves no timer and no listener behind. */
  readonly end: () => void
}

/** What the signal of an endpoint's functions aborts with. */
function reason(name: 'TimeoutError' | 'AbortError', message: string): DOMException {
  return new DOMException(message, name)
}

/** Starts the time that a request may take. */
export function startDeadline(ms: number, peer: AbortSignal | undefined): Deadline {
  const controller = new AbortController()
  const { signal } = controller
  let hasPassed = false
  let reject: ((reason: unknown) => void) | undefined
  const stop = (why: DOMException): void => {
    controller.abort(why)
    reject?.(why)
  }
  const timer = setTimeout(() => {
    hasPassed = true
    stop(reason('TimeoutError', 'the deadline of the request has passed'))
  }, ms)
  const onAbort = (): void => stop(reason('AbortError', 'the peer went away'))
  if (peer?.aborted) onAbort()
  else peer?.addEventListener('abort', onAbort, { once: true })
  const stopped = new Promise<never>((_, fail) => {
    if (signal.aborted) fail(signal.reason)
    else reject = fail
  })
  // It is always waited for by a race, or by nobody.
  stopped.catch(() => undefined)
  return {
    signal,
    hasPassed: () => hasPassed,
    race: async (work) => {
      const result = await Promise.race([work, stopped])
      // Work that was done at once wins the race: nothing is begun after the signal all the same.
      if (signal.aborted) throw signal.reason
      return result
    },
    end: () => {
      clearTimeout(timer)
      peer?.removeEventListener('abort', onAbort)
    },
  }
}
