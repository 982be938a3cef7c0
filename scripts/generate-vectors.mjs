// Writes the project's own vectors, vectors/{cose,error-response,problem-details,messages}.json, from scripts/vectors/.
//
//   node scripts/generate-vectors.mjs            write the files
//   node scripts/generate-vectors.mjs --check    exit 1 if a file is missing or stale

import { readFile, writeFile } from 'node:fs/promises'
import * as cose from './vectors/cose.mjs'
import * as errorResponse from './vectors/error-response.mjs'
import * as messages from './vectors/messages.mjs'
import * as problemDetails from './vectors/problem-details.mjs'

const stale = []
for (const { document, title, groups } of [cose, errorResponse, problemDetails, messages]) {
  const file = new URL(`../vectors/${document}.json`, import.meta.url)
  const vectors = groups.flatMap((group) => group.vectors)
  const text = `{
  "$schema": "./vectors.schema.json",
  "document": ${JSON.stringify(document)},
  "title": ${JSON.stringify(title)},
  "vectors": [
${vectors.map((vector) => `    ${JSON.stringify(vector)}`).join(',\n')}
  ]
}
`
  if (!process.argv.includes('--check')) await writeFile(file, text)
  else if ((await readFile(file, 'utf8').catch(() => '')) !== text) stale.push(document)
}
if (stale.length > 0) {
  console.error(`stale: ${stale.join(', ')}; run node scripts/generate-vectors.mjs`)
  process.exitCode = 1
}
