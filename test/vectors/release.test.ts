import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { vectorDocuments } from '../../src/conformance/index.ts'
import { loadVectors } from '../../src/conformance/node.ts'

const folder = new URL('../../vectors/', import.meta.url)

describe('the vectors as a release of their own', () => {
  test('have a version, and say what is new in it', () => {
    const { version } = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8'))
    const [, latest] = /^## (\S+)/m.exec(readFileSync(new URL('CHANGELOG.md', folder), 'utf8')) ?? []
    expect(latest).toBe(version)
  })

  test('are packed with their schema, README and changelog', () => {
    const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: fileURLToPath(folder),
      encoding: 'utf8',
      shell: process.platform === 'win32',
    })
    const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }]
    const paths = files.map(({ path }) => path)
    expect(paths).toEqual(
      expect.arrayContaining([
        ...vectorDocuments.map((name) => `${name}.json`),
        'vectors.schema.json',
        'README.md',
        'CHANGELOG.md',
        'LICENSE',
      ]),
    )
  })

  test('are as many as the README says', async () => {
    const rows = readFileSync(new URL('README.md', folder), 'utf8').matchAll(
      /^\| (`.*?) \| .* \| (\d+) \|$/gm,
    )
    const told = [...rows].map(([, files, count]) => ({
      names: [...files!.matchAll(/`(.*?)\.json`/g)].map(([, name]) => name!),
      count: Number(count),
    }))
    expect(told.flatMap(({ names }) => names).sort()).toEqual([...vectorDocuments].sort())
    for (const { names, count } of told) {
      const documents = await loadVectors(names)
      expect(
        documents.reduce((sum, { vectors }) => sum + vectors.length, 0),
        names.join(),
      ).toBe(count)
    }
  })
})
