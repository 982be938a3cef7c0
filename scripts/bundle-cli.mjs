// Puts the command line into few files: reading two hundred takes longer than most commands do. Dependencies stay outside.
import { readdir, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const folder = new URL('../dist/cli/', import.meta.url)
const { metafile } = await build({
  entryPoints: [fileURLToPath(new URL('main.js', folder))],
  outdir: fileURLToPath(folder),
  allowOverwrite: true,
  bundle: true,
  splitting: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  sourcemap: true,
  metafile: true,
  logLevel: 'error',
})
const written = new Set(Object.keys(metafile.outputs).map((path) => path.slice(path.lastIndexOf('/') + 1)))
for (const entry of await readdir(folder, { withFileTypes: true }))
  if (!written.has(entry.name)) await rm(new URL(entry.name, folder), { recursive: true })
