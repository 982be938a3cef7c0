import { describe, expect, test } from 'vitest'
import { check } from '../../src/conformance/check.ts'
import { libraryImplementation, vectorDocuments } from '../../src/conformance/index.ts'
import { loadVectors } from '../../src/conformance/node.ts'

const documents = await loadVectors(vectorDocuments)

describe.each(documents)('$title', ({ vectors }) => {
  test.each(vectors)('$id: $description', async (vector) => {
    const { outcome, expected, got } = await check(vector, libraryImplementation)
    expect(got).toBe(expected)
    expect(outcome).toBe('passed')
  })
})
