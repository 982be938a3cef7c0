import { readFileSync } from 'node:fs'

/** The version of the package. From src/cli as from dist/cli, its file is two levels up. */
export const { version } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { readonly version: string }
