import type { EndpointName } from 'ace-oauth/endpoint'
import { Failure } from 'ace-oauth/failure'
import type { Store } from './store/contract.ts'

/** An operation of the store that failed. */
class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}

/** The parts of a store whose operations are watched. */
const parts = ['clients', 'resourceServers', 'keys', 'sessions', 'tokens'] as const

/** The same store, whose errors are told apart from those of this program. */
export function watched(store: Store): Store {
  const over = Object.fromEntries(parts.map((part) => [part, watchedPart(store[part])]))
  return { ...store, ...over }
}

function watchedPart<Part extends object>(part: Part): Part {
  return new Proxy(part, {
    get(target, name) {
      const operation: unknown = Reflect.get(target, name)
      if (typeof operation !== 'function') return operation
      return async (...given: unknown[]): Promise<unknown> => {
        try {
          return await Reflect.apply(operation, target, given)
        } catch (cause) {
          throw new StoreUnavailable('the store failed', { cause })
        }
      }
    },
  })
}

/** Runs the work of an endpoint: where the store fails, the client may come again later. */
export async function onStore<Result>(endpoint: EndpointName, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error
    throw new Failure(`${endpoint}_store_unavailable`, { cause: error.cause })
  }
}
