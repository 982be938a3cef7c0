import { describe, expect, it } from 'vitest'
import { registries } from '../../src/registry/index.ts'
import data from '../../src/registry/registries.json' with { type: 'json' }

const generator: { staleFiles(): Promise<string[]> } = await import(
  new URL('../../scripts/generate-registry.mjs', import.meta.url).href
)

describe('the generated files', () => {
  it('are current: `npm run generate` would change none of them', async () => {
    expect(await generator.staleFiles()).toEqual([])
  })

  it('hold the whole of registries.json', () => {
    expect(registries).toEqual(data)
  })
})

describe('every registry', () => {
  for (const [id, registry] of Object.entries(registries)) {
    it(`${id} gives an integer to one name only, and each name one integer`, () => {
      const rows = registry.rows.filter((row) => row.value !== undefined)
      expect(new Set(rows.map((row) => row.value)).size).toBe(rows.length)
      expect(new Set(rows.map((row) => row.name)).size).toBe(rows.length)
    })

    it(`${id} cites a document for each row and leaves out reserved and unassigned ranges`, () => {
      expect(registry.reference).toMatch(/^(RFC \d+|draft-ietf-)/)
      for (const row of registry.rows) {
        expect(row.references.length, row.name).toBeGreaterThan(0)
        expect(row.name).not.toMatch(/^(Reserved|Unassigned)|TEMPORARY/)
        if (row.value !== undefined) expect(Number.isSafeInteger(row.value)).toBe(true)
      }
    })
  }
})
