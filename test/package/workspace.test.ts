import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const { exports: entries } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  exports: Record<string, string | { default: string }>
}
const sources = Object.entries(entries).flatMap(([name, entry]) =>
  typeof entry === 'string'
    ? []
    : [[`ace-oauth${name.slice(1)}`, entry.default.replace('./dist/', '../src/').replace(/\.js$/, '.ts')]],
)

const imports = ['server/src', 'server/test', 'server/scripts']
  .filter((folder) => existsSync(folder))
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  )
  .filter((file) => /\.m?ts$|\.mjs$/.test(file))
  .flatMap((file) =>
    ts
      .preProcessFile(readFileSync(file, 'utf8'), true, true)
      .importedFiles.map(({ fileName }) => ({ file, from: fileName })),
  )

describe('the server', () => {
  it('imports the library through its public entry points only', () => {
    const names = sources.map(([name]) => name)
    const wrong = imports.filter(
      ({ file, from }) =>
        (/^ace-oauth(\/|$)/.test(from) && !names.includes(from)) ||
        (from.startsWith('.') && !posix.join(posix.dirname(file), from).startsWith('server/')),
    )
    expect(wrong.map(({ file, from }) => `${file} imports ${from}`)).toEqual([])
  })

  it('is type-checked against the entry points that package.json exports', () => {
    const { config } = ts.readConfigFile('server/tsconfig.json', ts.sys.readFile) as {
      config: { compilerOptions: { paths: Record<string, string[]> } }
    }
    // Its examples import the server itself by its name.
    const { 'ace-oauth-server': _, ...paths } = config.compilerOptions.paths
    expect(Object.entries(paths).map(([name, [path]]) => [name, path])).toEqual(sources)
  })
})
