import { expect, test } from 'vitest'
import { type Implementation, libraryImplementation, runConformance } from '../../src/conformance/index.ts'
import { loadVectors } from '../../src/conformance/node.ts'

const vectors = await loadVectors(['error-response'])

/** The ids that fail for an implementation that are not already failing for the library. */
async function failing(decode: Implementation['decode']): Promise<string[]> {
  const failedIn = async (implementation: Implementation): Promise<string[]> => {
    const { documents } = await runConformance(vectors, { implementation })
    const results = documents.flatMap(({ sections }) => sections.flatMap((section) => section.results))
    return results.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id)
  }
  const before = await failedIn(libraryImplementation)
  return (await failedIn({ ...libraryImplementation, decode })).filter((id) => !before.includes(id))
}

// Each stands for a mistake that implementations make.
test('an implementation that lets trailing bytes pass fails those cases alone', async () => {
  const ids = await failing((message, input, options) => {
    const answer = libraryImplementation.decode(message, input, options)
    return 'ok' in answer && !answer.ok && answer.reason === 'trailing_bytes'
      ? { ok: true, value: {} }
      : answer
  })
  expect(ids.sort()).toEqual([
    'trailing-break',
    'trailing-indefinite',
    'trailing-map',
    'trailing-newline',
    'trailing-zero',
  ])
})

test('one that takes error codes for 32 bits wide fails the wider ones', async () => {
  const ids = await failing((message, input, options) => {
    const answer = libraryImplementation.decode(message, input, options)
    const { error } = ('ok' in answer && answer.ok && (answer.value as { error?: unknown })) || {}
    if (typeof error !== 'number' && !/^-?\d+$/.test(String(error))) return answer
    return BigInt.asIntN(32, BigInt(error as number)) === BigInt(error as number)
      ? answer
      : { ok: false, reason: 'unexpected_type' }
  })
  expect(ids).toContain('error-private--18446744073709551616')
  expect(ids).toContain('error-unassigned-2147483648')
  expect(ids).not.toContain('error-unassigned-2147483647')
  expect(ids).not.toContain('error-private--2147483648')
})

test('one that drops unknown members fails the cases that have some', async () => {
  const ids = await failing((message, input, options) => {
    const answer = libraryImplementation.decode(message, input, options)
    return 'ok' in answer && answer.ok
      ? { ok: true, value: answer.value!, violations: answer.violations! }
      : answer
  })
  expect(ids).toContain('unknown-key-0')
  expect(ids).toContain('distinct-an-integer-and-its-digits')
  expect(ids).not.toContain('error-1')
})

test('one that ignores the options fails the strict and deterministic cases', async () => {
  const ids = await failing((message, input) => libraryImplementation.decode(message, input, {}))
  expect(ids).toContain('description-empty-strict')
  expect(ids).toContain('indefinite-map-deterministic')
  expect(ids).toContain('error-own-name')
  expect(ids).not.toContain('deterministic')
})
