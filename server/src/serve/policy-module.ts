import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Policy } from '../grant/policy.ts'
import { type Configuration, reasonOf } from './configuration.ts'
import { ConfigurationError } from './configuration-error.ts'

/**
 * Loads the policy of a configuration.
 *
 * @param generation 0 at the start; a greater number loads the module anew
 * @throws ConfigurationError for a module that cannot be loaded, or whose default export is no function
 */
export async function loadPolicy(
  { policy, folder, file }: Configuration,
  generation: number,
): Promise<Policy | undefined> {
  if (policy === undefined) return undefined
  const wrong = (message: string, cause?: unknown): ConfigurationError =>
    new ConfigurationError(file, [{ path: 'policy', message: `${policy} ${message}` }], cause)
  const url = pathToFileURL(resolve(folder, policy))
  // A module is loaded once for each URL.
  if (generation > 0) url.searchParams.set('reload', String(generation))
  let loaded: unknown
  try {
    loaded = ((await import(url.href)) as { default?: unknown }).default
  } catch (cause) {
    // Which of the two kinds of modules a .js file is, a package.json above it says.
    const hint =
      cause instanceof SyntaxError && url.pathname.endsWith('.js') ? '; a module is named .mjs' : ''
    throw wrong(`cannot be loaded: ${reasonOf(cause)}${hint}`, cause)
  }
  if (typeof loaded !== 'function') throw wrong('has no function as its default export')
  return loaded as Policy
}
