import { readFile } from 'node:fs/promises'
import { vectorDocuments } from './documents.ts'
import type { VectorDocument } from './vector.ts'

/**
 * Reads the vectors that come with the package. Node only: elsewhere import the files of `ace-oauth/vectors/`.
 *
 * @param names the documents to read, by the names of their files; all of them where it is absent
 * @throws RangeError for a name that no document has
 */
export async function loadVectors(names: readonly string[] = vectorDocuments): Promise<VectorDocument[]> {
  const stranger = names.find((name) => !vectorDocuments.includes(name))
  if (stranger !== undefined)
    throw new RangeError(`no vectors ${stranger}: there are ${vectorDocuments.join(', ')}`)
  return Promise.all(
    names.map(async (name) => {
      // From src/conformance as from dist/conformance, two levels up.
      const file = new URL(`../../vectors/${name}.json`, import.meta.url)
      return JSON.parse(await readFile(file, 'utf8')) as VectorDocument
    }),
  )
}
