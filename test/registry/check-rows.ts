import { expect, it } from 'vitest'
import { type RegistryId, type RegistryRow, registries } from '../../src/registry/index.ts'

type Column = keyof RegistryRow
type Cell = string | number | readonly string[] | readonly number[] | undefined

/**
 * Checks a registry, and the constant made from it, against rows transcribed from the documents that define them:
 * every row of every document is there, and no other.
 *
 * Each transcribed row is [name, value, ...the further columns].
 */
export function checkRows(
  id: RegistryId,
  constant: Readonly<Record<string, number>>,
  columns: readonly Column[],
  documents: Readonly<Record<string, readonly (readonly [string, number, ...Cell[]])[]>>,
): void {
  const actual = registries[id].rows.map((row) => [
    row.name,
    row.value,
    ...columns.map((column) => row[column]),
  ])
  for (const [document, rows] of Object.entries(documents)) {
    for (const row of rows) {
      it(`${document}: ${row[0]} is ${row[1]}`, () => {
        expect(actual).toContainEqual(row)
        expect(constant[row[0]]).toBe(row[1])
      })
    }
  }

  it(`has no rows besides those of ${Object.keys(documents).join('; ')}`, () => {
    const names = Object.values(documents)
      .flat()
      .map((row) => row[0])
      .sort()
    expect(actual.map((row) => row[0]).sort()).toEqual(names)
    expect(Object.keys(constant).sort()).toEqual(names)
  })
}
