import { type Configuration, readConfiguration, storeLocation } from '../serve/configuration.ts'
import type { Store } from '../store/contract.ts'
import { openStore } from '../store/open-store.ts'

/** The options that all commands have. */
export interface CommonOptions {
  /** The path of the configuration. */
  readonly config: string
  /** Values in the place of those of the configuration. */
  readonly set: readonly string[]
}

/** Runs a command on the store of the configuration, which a server may use at the same time. */
export async function withStore<Result>(
  { config, set }: CommonOptions,
  work: (store: Store, configuration: Configuration) => Promise<Result>,
): Promise<Result> {
  const configuration = await readConfiguration(config, set)
  const store = await openStore(storeLocation(configuration))
  try {
    return await work(store, configuration)
  } finally {
    await store.close()
  }
}

/** The time in whole seconds since 1970. */
export function now(): number {
  return Math.floor(Date.now() / 1_000)
}

/** What the audit trail calls who runs commands. */
export const actor = 'cli'
