// The implementations that have a folder here, and their preparation in a cache folder outside the tree.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const home = fileURLToPath(new URL('../', import.meta.url))
const bin = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url))

/** Where what was prepared is kept: ACE_OAUTH_INTEROP, or a folder of the user's cache. */
export const cache =
  process.env.ACE_OAUTH_INTEROP ||
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'ace-oauth-interop')

/** The implementations, by the names of their folders. */
export function implementations() {
  return readdirSync(home, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(home, entry.name, 'manifest.json')))
    .map(({ name: folder }) => {
      const manifest = JSON.parse(readFileSync(join(home, folder, 'manifest.json'), 'utf8'))
      return { folder, place: join(cache, folder), ...manifest }
    })
}

/** The tools that an implementation needs and the machine has not. */
export function missingTools({ tools }) {
  const places = (process.env.PATH ?? '').split(delimiter)
  return tools.filter((tool) => !places.some((place) => existsSync(join(place, tool))))
}

/** Whether it was prepared from what its folder holds now. */
export function isReady({ folder, place }) {
  const mark = join(place, '.ready')
  return existsSync(mark) && readFileSync(mark, 'utf8') === digest(folder)
}

/**
 * Prepares an implementation: its folder is copied to the cache, and its commands are run there.
 *
 * @param tell is given each command
 * @returns why it failed; undefined where it did not
 */
export function prepare(implementation, tell) {
  const { folder, place, prepare: commands } = implementation
  mkdirSync(place, { recursive: true })
  cpSync(join(home, folder), place, { recursive: true })
  cpSync(join(home, 'shared'), join(cache, 'shared'), { recursive: true })
  for (const command of commands) {
    tell(command)
    const { status, stdout, stderr } = spawnSync(command, {
      cwd: place,
      shell: true,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` },
    })
    if (status !== 0) return `${command}: exit code ${status}\n${`${stdout}${stderr}`.trim().slice(-2_000)}`
  }
  writeFileSync(join(place, '.ready'), digest(folder))
  return undefined
}

/** The command that runs a driver, for a shell that stands anywhere. */
export function commandOf({ place, run }) {
  return `cd '${place}' && exec ${run}`
}

/** What the folder, and what all drivers share, consist of. */
function digest(folder) {
  const hash = createHash('sha256')
  for (const part of [folder, 'shared'])
    for (const entry of readdirSync(join(home, part), { recursive: true, withFileTypes: true })) {
      // What it says of itself needs no new build.
      if (!entry.isFile() || entry.name === 'README.md') continue
      hash.update(`${entry.name}\n`).update(readFileSync(join(entry.parentPath ?? entry.path, entry.name)))
    }
  return hash.digest('hex')
}
