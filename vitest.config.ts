import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

const { exports: entries } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  exports: Record<string, string | { default: string }>
}

/** The entry points of `ace-oauth` by the names under which the server imports them, from their sources. */
const alias = Object.entries(entries)
  .flatMap(([name, entry]) =>
    typeof entry === 'string'
      ? []
      : [
          {
            find: new RegExp(`^ace-oauth${name.slice(1)}$`),
            replacement: resolve(entry.default.replace('./dist/', 'src/').replace(/\.js$/, '.ts')),
          },
        ],
  )
  .concat({ find: /^ace-oauth-server$/, replacement: resolve('server/src/index.ts') })

// `#runtime/...` of package.json stands for files of src here, and for those of dist in the package.
const conditions = ['ace-oauth-source', 'node', 'module', 'development|production']

export default defineConfig({
  resolve: { alias, conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['test/**/*.test.ts', 'server/test/**/*.test.ts'],
    typecheck: { enabled: false },
    testTimeout: 60_000,
    // One for each processor: many tests wait for processes that they started.
    maxWorkers: '100%',
  },
})
