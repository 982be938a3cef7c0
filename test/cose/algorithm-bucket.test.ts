import { expect, it } from 'vitest'
import { bucketOf, knownHeader } from '../../src/cose/algorithm-bucket.ts'
import { algorithmOf, supportedAlgorithms } from '../../src/cose/algorithms.ts'
import { decodeProtected, encodeProtected } from '../../src/cose/headers.ts'

it.each(supportedAlgorithms)('the bucket of %s is known by its bytes, as it is when it is read', (alg) => {
  const { bytes, header } = bucketOf(algorithmOf(alg)!)
  expect(bytes).toEqual(encodeProtected({ alg }))
  expect(knownHeader(bytes)).toBe(header)
  expect(decodeProtected(bytes, undefined)).toEqual(header)
  // Neither a part of it nor anything behind it.
  for (const other of [
    bytes.subarray(1),
    bytes.subarray(0, -1),
    Uint8Array.of(...bytes, 0),
    Uint8Array.of(0, ...bytes),
  ])
    expect(knownHeader(other)).toBeUndefined()
})
