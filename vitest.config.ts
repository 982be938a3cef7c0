import { defineConfig } from 'vitest/config'

// `#runtime/...` of package.json stands for files of src here, and for those of dist in the package.
const conditions = ['ace-oauth-source', 'node', 'module', 'development|production']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { include: ['test/**/*.test.ts'], typecheck: { enabled: false }, testTimeout: 60_000 },
})
