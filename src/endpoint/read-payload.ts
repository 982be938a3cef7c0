import { Failure } from '../failure/failure.ts'
import type { EndpointName, EndpointRequest, Payload } from './exchange.ts'

/**
 * The payload of a request, whole. What says that it is larger than the limit, or turns out to be, is refused before more
 * of it is taken.
 */
export async function readPayload(
  { payload, headers }: EndpointRequest,
  maxBytes: number,
  endpoint: EndpointName,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const tooLarge = (bytes: number): Failure =>
    new Failure(`${endpoint}_request_too_large`, { details: { bytes, maxBytes } })
  if (payload === undefined || payload === null) return new Uint8Array(0)
  if (payload instanceof Uint8Array) {
    if (payload.length > maxBytes) throw tooLarge(payload.length)
    return payload
  }
  const announced = headers?.get('content-length')
  if (announced && Number(announced) > maxBytes) {
    void cancel(payload)
    throw tooLarge(Number(announced))
  }
  const chunks: Uint8Array[] = []
  let length = 0
  const iterator = chunksOf(payload)
  // Nobody waits for the rest, however slow it is.
  const stop = (): void => {
    void Promise.resolve(iterator.return?.()).catch(() => undefined)
  }
  signal.addEventListener('abort', stop, { once: true })
  try {
    for (;;) {
      const { done, value } = await iterator.next()
      if (done) break
      if (!(value instanceof Uint8Array)) throw new TypeError('a chunk of the payload is no Uint8Array')
      length += value.length
      if (length > maxBytes) throw tooLarge(length)
      chunks.push(value)
      if (signal.aborted) throw signal.reason
    }
  } catch (error) {
    stop()
    if (error instanceof Failure || signal.aborted) throw error
    // A connection that breaks, or a transfer coding that is wrong.
    throw new Failure(`${endpoint}_request_incomplete`, { cause: error })
  } finally {
    signal.removeEventListener('abort', stop)
  }
  return joined(chunks, length)
}

function chunksOf(payload: Exclude<Payload, Uint8Array>): AsyncIterator<Uint8Array> {
  if (!('getReader' in payload)) return payload[Symbol.asyncIterator]()
  // Not every runtime can iterate a ReadableStream.
  const reader = payload.getReader()
  return {
    next: () => reader.read() as Promise<IteratorResult<Uint8Array>>,
    return: async () => {
      await reader.cancel()
      return { done: true, value: undefined }
    },
  }
}

/** Lets a payload go that nobody will read. */
export async function cancel(payload: Payload | null | undefined): Promise<void> {
  if (!payload || payload instanceof Uint8Array) return
  try {
    if ('getReader' in payload) await payload.cancel()
    else await payload[Symbol.asyncIterator]().return?.()
  } catch {
    // It is locked, or broken already.
  }
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const [first] = chunks
  if (first && chunks.length === 1) return first
  const whole = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
