import { stat } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { type Configuration, readConfiguration, storeLocation } from '../serve/configuration.ts'
import type { Store } from '../store/contract.ts'
import { openStore } from '../store/open-store.ts'
import { escaped } from '../text.ts'
import { CommandError } from './output.ts'

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
  const store = await openExisting(configuration)
  try {
    return await work(store, configuration)
  } finally {
    await store.close()
  }
}

/**
 * Opens the store of the configuration. A file that is not there is not made: the name may be wrong.
 *
 * @throws CommandError where it cannot be opened
 */
export async function openExisting(configuration: Configuration): Promise<Store> {
  const location = storeLocation(configuration)
  if (isFile(location))
    await stat(location).catch((cause: NodeJS.ErrnoException) => {
      throw new CommandError(
        1,
        cause.code === 'ENOENT'
          ? `there is no store at ${escaped(location)}: ace-oauth-server init makes one`
          : `the store cannot be opened: ${escaped(cause.message)}`,
      )
    })
  return openAny(location)
}

/**
 * Opens a store; an SQLite file that is not there is made.
 *
 * @throws CommandError where it cannot be opened
 */
export async function openAny(location: string): Promise<Store> {
  try {
    return await openStore(location)
  } catch (cause) {
    // With several addresses for a name, Node says what went wrong with each, and nothing of the whole.
    const { message, errors } = cause as AggregateError
    const reason = message || (errors ?? []).map((error) => (error as Error).message).join(', ')
    throw new CommandError(1, `the store cannot be opened: ${escaped(reason)}`)
  }
}

/** Whether a store is an SQLite file. */
export function isFile(location: string): boolean {
  return !/^postgres(?:ql)?:\/\//.test(location)
}

/** The time in whole seconds since 1970. */
export function now(): number {
  return Math.floor(Date.now() / 1_000)
}

/**
 * What the audit trail calls who runs a command: the user of the operating system, behind whom stands who became it by `sudo`, and the
 * command.
 *
 * @example `cli:root(alice) client disable`
 */
export function actorOf(command: string): string {
  return `cli:${userName()} ${command}`
}

function userName(): string {
  let name: string
  try {
    name = userInfo().username
  } catch {
    // A user without an entry in the list of users, as in containers.
    name = String(process.getuid?.() ?? 'unknown')
  }
  const before = process.getuid?.() === 0 ? process.env['SUDO_USER'] : undefined
  return before === undefined || before === name ? name : `${name}(${before})`
}
