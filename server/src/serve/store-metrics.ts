import type { Store } from '../store/contract.ts'

/** An operation of the store that has ended. */
export interface StoreOperation {
  /** For example `tokens.issue`. */
  readonly name: string
  readonly seconds: number
  readonly hasFailed: boolean
}

/** The parts of a store; what else it has are operations. */
const parts = ['clients', 'resourceServers', 'keys', 'sessions', 'tokens', 'audit'] as const

/** The same store, whose operations are measured. */
export function measuredStore(store: Store, onOperation: (operation: StoreOperation) => void): Store {
  const over = Object.fromEntries(parts.map((part) => [part, measured(store[part], `${part}.`, onOperation)]))
  return { ...measured(store, '', onOperation), ...over } as Store
}

function measured<Part extends object>(
  part: Part,
  prefix: string,
  onOperation: (operation: StoreOperation) => void,
): Part {
  const operations = Object.entries(part).map(([name, operation]) => {
    if (typeof operation !== 'function') return [name, operation]
    return [
      name,
      async (...given: unknown[]): Promise<unknown> => {
        const started = performance.now()
        let hasFailed = true
        try {
          const result: unknown = await Reflect.apply(operation, part, given)
          hasFailed = false
          return result
        } finally {
          onOperation({ name: prefix + name, seconds: (performance.now() - started) / 1_000, hasFailed })
        }
      },
    ]
  })
  return Object.fromEntries(operations) as Part
}
