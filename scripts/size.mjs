// The sizes of the entry points for constrained devices, bundled, minified and gzipped, and what may not be in them. Fails above
// a limit.
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const heavy = ['cbor-x', 'jose', 'zod', 'node:']
const limits = [
  { entry: 'error-response', most: 6_500, without: heavy },
  { entry: 'failure/index', name: 'failure', most: 16_384, without: heavy },
  { entry: 'failure/classify', name: 'classify', most: 12_288, without: heavy },
  {
    entry: 'client/index',
    name: 'client',
    only: 'obtainToken, clientSecretPost',
    most: 43_008,
    without: heavy,
  },
]

let failed = false
for (const { entry, name = entry, only = '*', most, without } of limits) {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: `export ${only === '*' ? only : `{ ${only} }`} from './${entry}.js'`,
      resolveDir: new URL('../dist', import.meta.url).pathname,
    },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    external: ['node:*'],
    metafile: true,
    write: false,
  })
  const [{ contents }] = outputFiles
  const size = gzipSync(contents, { level: 9 }).length
  const [{ imports, inputs }] = Object.values(metafile.outputs)
  // What a bundler reads and leaves out again is not in it.
  const files = Object.keys(inputs).filter((file) => inputs[file].bytesInOutput > 0)
  const paths = [...files, ...imports.map(({ path }) => path)]
  const found = without.filter((word) =>
    paths.some((path) => path.includes(`node_modules/${word}`) || path.startsWith(word)),
  )
  const fits = size <= most && found.length === 0
  failed ||= !fits
  console.log(
    `ace-oauth/${name}${only === '*' ? '' : ` (${only})`}: ${contents.length} bytes minified, ${size} gzipped, of at most ${most}${found.length > 0 ? `; with ${found.join(', ')} in it` : ''}${fits ? '' : ' - TOO MUCH'}`,
  )
}
if (failed) process.exitCode = 1
