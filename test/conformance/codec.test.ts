import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runConformance, type VectorDocument } from '../../src/conformance/index.ts'
import { codecImplementation, loadVectors } from '../../src/conformance/node.ts'

// A codec that knows one error response, answers out of order, and says things that are no answers.
const codec = `
let buffered = ''
const held = []
process.stdin.on('data', (chunk) => {
  const lines = (buffered + chunk).split('\\n')
  buffered = lines.pop()
  for (const line of lines) {
    const request = JSON.parse(line)
    console.log('not an answer')
    if (request.hex !== 'beef') console.log(JSON.stringify({ id: request.id, ...answer(request) }))
  }
})
function answer({ op, message, hex, options, value }) {
  if (op === 'encode') return { ok: true, hex: 'a1181e03', seen: value }
  if (hex === 'dead') process.exit(7)
  if (message !== 'error-response') return { ok: false, reason: 'unsupported' }
  if (options?.strict) return { ok: false, reason: 'violation', offset: 0, message: 'strict' }
  if (hex === 'a1181e03') return { ok: true, value: { error: 'invalid_grant' } }
  if (hex === 'a2181e036161f6') return { ok: true, value: { error: 'invalid_grant' }, unknown: [{ key: 'a', value: null }] }
  // An item in place of an unknown member.
  if (hex === 'a2181e013a000100001c') return { ok: false, reason: 'reserved_head', offset: 9 }
  if (hex === 'a2181e013a0001000001') return { ok: true, value: { error: 'invalid_request' }, unknown: [{ key: '-65537', value: 1 }] }
  return { ok: false, reason: 'truncated', offset: 1, message: JSON.stringify({ hex, options }) }
}
`
let folder: string
let command: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codec-'))
  await writeFile(join(folder, 'codec.mjs'), codec)
  command = `"${process.execPath}" "${join(folder, 'codec.mjs')}"`
})
afterAll(() => rm(folder, { recursive: true }))

async function using<T>(
  run: (implementation: ReturnType<typeof codecImplementation>) => Promise<T>,
  timeout = 10_000,
): Promise<T> {
  const implementation = codecImplementation(command, { timeout })
  try {
    return await run(implementation)
  } finally {
    await implementation.close()
  }
}

describe('codecImplementation', () => {
  test('asks a line at a time, and takes the answer of the same id', () =>
    using(async (implementation) => {
      const [grant, cut] = await Promise.all([
        implementation.decode('error-response', { hex: 'a1181e03' }, {}),
        implementation.decode('error-response', { hex: 'a1' }, { maxDepth: 3 }),
      ])
      expect(grant).toMatchObject({ ok: true, value: { error: 'invalid_grant' } })
      expect(cut).toMatchObject({
        ok: false,
        reason: 'truncated',
        message: '{"hex":"a1","options":{"maxDepth":3}}',
      })
    }))

  test('passes options on', () =>
    using(async (implementation) => {
      const answer = await implementation.decode('error-response', { hex: 'a1181e03' }, { strict: true })
      expect(answer).toMatchObject({ ok: false, reason: 'violation' })
    }))

  test('gives JSON to the encoder', () =>
    using(async (implementation) => {
      const answer = await implementation.encode('error-response', { error: 'invalid_grant' }, {})
      expect(answer).toMatchObject({ ok: true, hex: 'a1181e03', seen: { error: 'invalid_grant' } })
    }))

  test('of unknown members the keys are taken', () =>
    using(async (implementation) => {
      const answer = await implementation.decode('error-response', { hex: 'a2181e036161f6' }, {})
      expect(answer).toMatchObject({ unknown: [{ key: 'a' }] })
    }))

  test('does not ask for what the protocol has not', () =>
    using(async (implementation) => {
      const without = { ok: false, reason: 'unsupported' }
      expect(await implementation.decode('aif', { hex: '80' }, {})).toEqual(without)
      expect(await implementation.encode('aif', [], {})).toEqual(without)
      expect(await implementation.decode('token-request', { form: '' }, {})).toEqual(without)
      expect(await implementation.decode('error-response', { json: {} }, {})).toEqual(without)
    }))

  test('gives one item as an unknown member, and counts offsets from the item', () =>
    using(async (implementation) => {
      expect(await implementation.decode('cbor', { hex: '01' }, {})).toEqual({ ok: true })
      expect(await implementation.decode('cbor', { hex: '1c' }, {})).toMatchObject({
        reason: 'reserved_head',
        offset: 0,
      })
    }))

  test('depths and sizes count from the item too', () =>
    using(async (implementation) => {
      const answer = await implementation.decode(
        'cbor',
        { hex: '80' },
        { maxDepth: 1, maxBytes: 1, maxMembers: 4 },
      )
      expect(answer).toMatchObject({
        message: '{"hex":"a2181e013a0001000080","options":{"maxMembers":4,"maxDepth":2,"maxBytes":10}}',
      })
    }))

  test('an end before the answer is an error, then and afterwards', () =>
    using(async (implementation) => {
      await expect(implementation.decode('error-response', { hex: 'dead' }, {})).rejects.toThrow(
        'exit code 7',
      )
      await expect(implementation.decode('error-response', { hex: 'a1' }, {})).rejects.toThrow('exit code 7')
    }))

  test('no answer in time is an error, and the next is answered', () =>
    using(async (implementation) => {
      await expect(implementation.decode('error-response', { hex: 'beef' }, {})).rejects.toThrow(
        'within 300 ms',
      )
      expect(await implementation.decode('error-response', { hex: 'a1181e03' }, {})).toMatchObject({
        ok: true,
      })
    }, 300))

  test('a command that there is not is an error in every case, and no crash', async () => {
    const implementation = codecImplementation('no-such-codec-anywhere 2>&1')
    const vectors = await loadVectors(['rfc9201'])
    const report = await runConformance(vectors, { implementation })
    await implementation.close()
    expect(report).toMatchObject({ passed: 0, failed: 4, implementation: 'no-such-codec-anywhere 2>&1' })
  })

  test('a run over it', () =>
    using(async (implementation) => {
      const document = (await loadVectors(['error-response']))[0] as VectorDocument
      const vectors = document.vectors.filter(({ id }) =>
        ['error-3', 'error-4', 'description-empty-strict'].includes(id),
      )
      const report = await runConformance([{ ...document, vectors }], { implementation })
      expect(report).toMatchObject({ passed: 2, failed: 1 })
    }))
})

describe('loadVectors', () => {
  test('reads what is named', async () => {
    expect((await loadVectors(['rfc9200', 'rfc9201'])).map(({ document }) => document)).toEqual([
      'rfc9200',
      'rfc9201',
    ])
  })

  test('refuses what there is not', async () => {
    await expect(loadVectors(['../package'])).rejects.toThrow(RangeError)
  })
})
