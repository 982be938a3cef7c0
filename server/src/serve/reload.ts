import type { Configuration } from './configuration.ts'

/** What a reload can take of what the server listens with. */
const reloadable: readonly string[] = [
  'listen.https.certificate',
  'listen.https.key',
  'listen.https.clientAuthorities',
]

/** The settings that are another than at the start, and stay as they were until the next one. */
export function changedAtStartAlone(first: Configuration, now: Configuration): string[] {
  const parts = (each: Configuration) => ({
    listen: each.listen,
    store: each.store,
    log: { format: each.log.format },
  })
  return differences(parts(first), parts(now), '').filter((path) => !reloadable.includes(path))
}

function differences(a: unknown, b: unknown, path: string): string[] {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b ? [] : [path]
  const [one, other] = [a as Record<string, unknown>, b as Record<string, unknown>]
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...names].flatMap((name) =>
    differences(one[name], other[name], path === '' ? name : `${path}.${name}`),
  )
}
