// Writes the API reference of every entry point into docs/api, and fails where typedoc has a warning.
// typedoc is fetched into a folder outside the tree.
import { readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { packageFolder } from './cache.mjs'

const folder = await packageFolder('typedoc@0.28.20')
if (!folder) throw new Error('typedoc cannot be fetched')
const load = createRequire(join(folder, 'package.json'))
const { Application, LogLevel } = await import(pathToFileURL(load.resolve('typedoc')).href)
const { exports: entries } = JSON.parse(readFileSync('package.json', 'utf8'))

rmSync('docs/api', { recursive: true, force: true })
const app = await Application.bootstrap({
  name: 'ace-oauth',
  entryPoints: Object.values(entries).flatMap((entry) =>
    typeof entry === 'string' ? [] : [entry.default.replace('./dist/', 'src/').replace(/\.js$/, '.ts')],
  ),
  tsconfig: 'tsconfig.build.json',
  out: 'docs/api',
  readme: 'README.md',
  excludeInternal: true,
  disableSources: true,
  // A type that only the shape of another one names is shown in its place.
  validation: { notExported: false, invalidLink: true, invalidPath: false, notDocumented: false },
  logLevel: LogLevel.Warn,
})
const project = await app.convert()
if (project) {
  app.validate(project)
  await app.generateOutputs(project)
}
if (!project || app.logger.hasErrors() || app.logger.hasWarnings()) process.exitCode = 1
else console.log('docs/api: no warning')
