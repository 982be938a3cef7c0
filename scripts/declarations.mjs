// Writes the declarations of dist so that every TypeScript from 5.4 on reads them.
//
// Uint8Array takes a type argument since TypeScript 5.7 only. `Uint8Array<ArrayBufferLike>` is what `Uint8Array` means
// since; `ReturnType<Uint8Array['slice']>` is `Uint8Array<ArrayBuffer>` where there is one, and `Uint8Array` before. Files
// are imported by the names that they have in dist.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const [folder] = process.argv.slice(2)
for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.d.ts')) continue
  const file = join(folder, name)
  const text = readFileSync(file, 'utf8')
  const rewritten = text
    .replaceAll('Uint8Array<ArrayBufferLike>', 'Uint8Array')
    .replaceAll('Uint8Array<ArrayBuffer>', "ReturnType<Uint8Array['slice']>")
    .replaceAll(/\b((?:from|import) ?\(?(['"])\.[^'"]*)\.ts\2/g, '$1.js$2')
  if (rewritten !== text) writeFileSync(file, rewritten)
}
