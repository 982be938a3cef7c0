import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Configuration, isPostgres, storeLocation } from './configuration.ts'

/** A file that others than its owner can use. */
export interface PermissionProblem {
  /** The setting that names the file; `--config` for the configuration itself. */
  readonly setting: string
  readonly path: string
  /** Its permissions in octal notation. */
  readonly mode: string
  readonly problem: 'others can read it' | 'others can write it'
}

/** Permissions of the group and of all others. */
const readByOthers = 0o044
const writtenByOthers = 0o022

/** The files of a configuration that hold secrets and that others can read, and those that say what runs and that others can write. */
export async function permissionProblems(configuration: Configuration): Promise<PermissionProblem[]> {
  // Windows has no such modes.
  if (process.platform === 'win32') return []
  const { file, folder, store, policy, listen } = configuration
  const hasPassword = isPostgres(store) && new URL(store).password !== ''
  const files: readonly (readonly [setting: string, path: string, isSecret: boolean])[] = [
    ['--config', file, hasPassword],
    ...(isPostgres(store) ? [] : [['store', storeLocation(configuration), true] as const]),
    ...(policy === undefined ? [] : [['policy', resolve(folder, policy), false] as const]),
    ...(listen.https ? [['listen.https.key', resolve(folder, listen.https.key), true] as const] : []),
  ]
  const found = await Promise.all(
    files.map(async ([setting, path, isSecret]): Promise<PermissionProblem[]> => {
      // What is not there is told elsewhere.
      const mode = (await stat(path).catch(() => undefined))?.mode ?? 0
      const told = { setting, path, mode: (mode & 0o777).toString(8) }
      if (isSecret && (mode & readByOthers) !== 0) return [{ ...told, problem: 'others can read it' }]
      return (mode & writtenByOthers) !== 0 ? [{ ...told, problem: 'others can write it' }] : []
    }),
  )
  return found.flat()
}
