// Builds the library and the server where what was built is older than the sources, or is not there.
import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'

const newest = (folder) =>
  Math.max(
    ...readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(
      (name) => statSync(`${folder}/${name}`).mtimeMs,
    ),
  )

const builtAt = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0

function build(...where) {
  console.error(`building ${where.length === 0 ? 'ace-oauth' : 'ace-oauth-server'} ...`)
  const { status } = spawnSync('npm', ['run', '--silent', 'build', ...where], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (status !== 0) process.exit(1)
}

/** Makes sure that `dist` and `server/dist` are those of the sources. */
export function freshlyBuilt() {
  const library = newest('src')
  if (builtAt('dist/cli/main.js') < library) build()
  if (builtAt('server/dist/cli/main.js') < Math.max(newest('server/src'), builtAt('dist/index.d.ts')))
    build('-w', 'server')
}
