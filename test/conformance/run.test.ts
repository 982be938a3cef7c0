import { describe, expect, test } from 'vitest'
import {
  type CaseResult,
  type Implementation,
  libraryImplementation,
  refused,
  runConformance,
  unsupported,
  type Vector,
  type VectorDocument,
} from '../../src/conformance/index.ts'
import type { Json } from '../../src/table/json.ts'

const vector = (rest: Partial<Vector> & Pick<Vector, 'id' | 'expect'>): Vector => ({
  source: 'RFC 9200',
  section: '5.8.3',
  description: rest.id,
  message: 'error-response',
  kind: 'computed',
  ...rest,
})
const document = (...vectors: Vector[]): VectorDocument => ({ document: 'rfc0000', title: 'RFC 0', vectors })
const grant = vector({
  id: 'grant',
  hex: 'a1181e03',
  expect: { accept: { value: { error: 'invalid_grant' }, canonicalHex: 'a1181e03' } },
})
const trailing = vector({
  id: 'trailing',
  section: '5.1',
  hex: 'a1181e0300',
  expect: { refuse: { reason: 'trailing_bytes', offset: 4, path: '' } },
})
const only = async (of: Vector, implementation?: Implementation): Promise<CaseResult> => {
  const report = await runConformance([document(of)], implementation && { implementation })
  return report.documents[0]!.sections[0]!.results[0]!
}
const decoding = (decode: Implementation['decode']): Implementation => ({ ...libraryImplementation, decode })
const encoding = (encode: Implementation['encode']): Implementation => ({ ...libraryImplementation, encode })

describe('runConformance', () => {
  test('runs what is selected by id, message, section or requirement', async () => {
    const required = { ...grant, id: 'required', requirements: ['R9200-5.8.3-2'] }
    const hints = { ...grant, id: 'hints', message: 'creation-hints' as const }
    const ids = async (...names: string[]): Promise<string[]> => {
      const { documents } = await runConformance([document(grant, trailing, required, hints)], {
        only: names,
      })
      return documents.flatMap(({ sections }) =>
        sections.flatMap(({ results }) => results.map(({ id }) => id)),
      )
    }
    expect(await ids('grant')).toEqual(['grant'])
    expect(await ids('5.1', 'creation-hints')).toEqual(['trailing', 'hints'])
    expect(await ids('R9200-*')).toEqual(['required'])
    expect(await ids('*i*g')).toEqual(['trailing'])
    await expect(ids('gran')).rejects.toThrow(RangeError)
    await expect(ids('g.*t')).rejects.toThrow('g.*t')
  })

  test('ends at the first failure where that is asked for', async () => {
    const wrong = { ...grant, id: 'wrong', hex: 'a1181e04' }
    const report = await runConformance([document(grant, wrong, trailing), document(grant)], { bail: true })
    expect(report).toMatchObject({ passed: 1, failed: 1, bailed: true })
    expect(report.documents.length).toBe(1)
  })

  test('a refusal without a reason of the vectors is enough, and what is not reported is not asked for', async () => {
    const refusing = decoding(() => ({ ok: false, reason: refused }))
    expect(await only(trailing, refusing)).toMatchObject({ outcome: 'passed' })
    expect(await only(grant, refusing)).toMatchObject({ outcome: 'failed' })
    const rich = vector({
      id: 'rich',
      hex: 'a3181e03181f6000f6',
      expect: {
        accept: {
          value: { error: 'invalid_grant', error_description: '' },
          violations: [{ rule: 'empty_text', path: 'error_description' }],
          unknown: [{ key: '0', hex: 'f6' }],
        },
      },
    })
    const telling = (rest: object): Implementation =>
      decoding(() => ({ ok: true, value: { error: 'invalid_grant', error_description: '' }, ...rest }))
    expect(await only(rich, telling({ violations: null, unknown: null }))).toMatchObject({
      outcome: 'passed',
    })
    expect(await only(rich, telling({ violations: null }))).toMatchObject({ outcome: 'failed' })
    expect(await only(rich, telling({ unknown: null }))).toMatchObject({ outcome: 'failed' })
  })

  test('the members of a CBOR map are compared in any order', async () => {
    const map = vector({
      id: 'map',
      message: 'cbor',
      hex: 'a2018202a2030405060708',
      expect: {
        accept: {
          value: {
            map: [
              [
                1,
                [
                  2,
                  {
                    map: [
                      [3, 4],
                      [5, 6],
                    ],
                  },
                ],
              ],
              [7, 8],
            ],
          },
        },
      },
    })
    const telling = (value: Json): Implementation => decoding(() => ({ ok: true, value }))
    const turned = {
      map: [
        [7, 8],
        [
          1,
          [
            2,
            {
              map: [
                [5, 6],
                [3, 4],
              ],
            },
          ],
        ],
      ],
    }
    expect(await only(map, telling(turned))).toMatchObject({ outcome: 'passed' })
    const other = {
      map: [
        [7, 8],
        [
          1,
          [
            {
              map: [
                [5, 6],
                [3, 4],
              ],
            },
            2,
          ],
        ],
      ],
    }
    expect(await only(map, telling(other))).toMatchObject({ outcome: 'failed' })
  })

  test('another encoding of the same message passes for an implementation that does not claim to be deterministic', async () => {
    const two = vector({
      id: 'two',
      hex: 'a2181e03181f6161',
      expect: {
        accept: {
          value: { error: 'invalid_grant', error_description: 'a' },
          canonicalHex: 'a2181e03181f6161',
        },
      },
    })
    const writing = (hex: string, deterministic?: boolean): Implementation => ({
      ...encoding(() => ({ ok: true, hex })),
      ...(deterministic !== undefined && { deterministic }),
    })
    expect(await only(two, writing('a2181f6161181e03', false))).toMatchObject({ outcome: 'passed' })
    expect(await only(two, writing('a2181f6161181e03'))).toMatchObject({
      outcome: 'failed',
      encoded: { expected: 'a2181e03181f6161', got: 'a2181f6161181e03' },
    })
    expect(await only(two, writing('a2181f6162181e03', false))).toMatchObject({ outcome: 'failed' })
  })

  test('reports by document and section, in the order of the vectors', async () => {
    const third = { ...grant, id: 'third' }
    expect(await runConformance([document(grant, trailing, third)])).toMatchObject({
      implementation: 'ace-oauth',
      passed: 3,
      failed: 0,
      skipped: 0,
      documents: [
        {
          document: 'rfc0000',
          title: 'RFC 0',
          sections: [
            {
              section: '5.8.3',
              results: ['grant', 'third'].map((id) => ({
                id,
                description: 'grant',
                outcome: 'passed',
                expected: 'accept {"error":"invalid_grant"}',
                got: 'accept {"error":"invalid_grant"}',
              })),
            },
            {
              section: '5.1',
              results: [
                {
                  id: 'trailing',
                  description: 'trailing',
                  outcome: 'passed',
                  expected: 'refuse trailing_bytes at byte 4',
                  got: 'refuse trailing_bytes at byte 4',
                },
              ],
            },
          ],
        },
      ],
    })
  })

  test('runs the documents that are named, and tells each result', async () => {
    const told: string[] = []
    const other = { ...document(trailing), document: 'other' }
    const report = await runConformance([document(grant), other], {
      documents: ['other'],
      onResult: ({ id }, { document: name }) => told.push(`${name} ${id}`),
    })
    expect(report.documents.map(({ document: name }) => name)).toEqual(['other'])
    expect(told).toEqual(['other trailing'])
  })

  test('a document that is not among the vectors is an error', async () => {
    await expect(runConformance([document(grant)], { documents: ['rfc9999'] })).rejects.toThrow(RangeError)
  })
})

describe('a case fails', () => {
  test('for another value', async () => {
    const wrong = decoding(() => ({ ok: true, value: { error: 'invalid_scope' } }))
    expect(await only(grant, wrong)).toMatchObject({
      outcome: 'failed',
      expected: 'accept {"error":"invalid_grant"}',
      got: 'value {"error":"invalid_scope"}',
    })
  })

  test('for no value at all', async () => {
    expect(
      await only(
        grant,
        decoding(() => ({ ok: true })),
      ),
    ).toMatchObject({ outcome: 'failed' })
  })

  test('for a violation too many, and for one too few', async () => {
    const violations = [{ rule: 'empty_text', path: 'error_description' }]
    const value = { error: 'invalid_grant' }
    const tells = decoding(() => ({ ok: true, value, violations }))
    expect(await only(grant, tells)).toMatchObject({
      outcome: 'failed',
      got: expect.stringContaining('violations'),
    })
    const violating = vector({ id: 'v', hex: 'a1181e03', expect: { accept: { value, violations } } })
    expect(await only(violating, tells)).toMatchObject({ outcome: 'passed' })
    expect(await only(violating)).toMatchObject({ outcome: 'failed', got: 'violations []' })
  })

  test('for an unknown member that is lost, or changed', async () => {
    const value = { error: 'invalid_grant' }
    const keeping = vector({
      id: 'u',
      hex: 'a2181e036161190001',
      expect: { accept: { value, unknown: [{ key: '"a"', hex: '190001' }] } },
    })
    const telling = (unknown: readonly { key: string; hex?: string }[]): Implementation =>
      decoding(() => ({ ok: true, value, unknown }))
    expect(await only(keeping)).toMatchObject({ outcome: 'passed' })
    expect(await only(keeping, telling([]))).toMatchObject({ outcome: 'failed', got: 'unknown []' })
    expect(await only(keeping, telling([{ key: '"a"', hex: '01' }]))).toMatchObject({ outcome: 'failed' })
    // Without the bytes only the key counts, with or without its quotes.
    expect(await only(keeping, telling([{ key: 'a' }]))).toMatchObject({ outcome: 'passed' })
    expect(await only(keeping, telling([{ key: 'b' }]))).toMatchObject({ outcome: 'failed' })
  })

  test('where what was read is written otherwise', async () => {
    const rewriting = decoding(() => ({ ok: true, value: { error: 'invalid_grant' }, hex: 'a118190003' }))
    expect(await only(grant, rewriting)).toMatchObject({ outcome: 'failed', got: 'written again a118190003' })
  })

  test('where the JSON twin is written otherwise, or not', async () => {
    expect(
      await only(
        grant,
        encoding(() => ({ ok: true, hex: 'bf181e03ff' })),
      ),
    ).toMatchObject({
      outcome: 'failed',
      expected: 'encoded a1181e03',
      got: 'encoded bf181e03ff',
    })
    expect(
      await only(
        grant,
        encoding(() => ({ ok: false, reason: 'violation', path: 'error' })),
      ),
    ).toMatchObject({
      outcome: 'failed',
      got: 'refuse violation in error',
    })
  })

  test('where something is written that has no form in CBOR', async () => {
    const json = { error: 'slow_down' }
    const slowDown = vector({ id: 's', json, expect: { accept: { value: json, canonicalHex: null } } })
    expect(await only(slowDown)).toMatchObject({ outcome: 'passed' })
    expect(
      await only(
        slowDown,
        encoding(() => ({ ok: true, hex: 'a1181e00' })),
      ),
    ).toMatchObject({
      outcome: 'failed',
      expected: 'no form in CBOR',
    })
  })

  test.each([
    ['accepted', { ok: true, value: {} } as const, 'accept {}'],
    [
      'refused for another reason',
      { ok: false, reason: 'truncated', offset: 4 } as const,
      'refuse truncated at byte 4',
    ],
    [
      'refused elsewhere',
      { ok: false, reason: 'trailing_bytes', offset: 5 } as const,
      'refuse trailing_bytes at byte 5',
    ],
    [
      'refused in another member',
      { ok: false, reason: 'trailing_bytes', offset: 4, path: 'error' } as const,
      'refuse trailing_bytes at byte 4 in error',
    ],
  ])('where it is %s', async (_, answer, got) => {
    expect(
      await only(
        trailing,
        decoding(() => answer),
      ),
    ).toMatchObject({ outcome: 'failed', got })
  })

  test('where the implementation throws', async () => {
    const throwing = decoding(() => {
      throw new Error('out of memory')
    })
    expect(await only(trailing, throwing)).toMatchObject({
      outcome: 'failed',
      got: 'threw Error: out of memory',
    })
  })
})

describe('what an implementation need not have', () => {
  const none: Implementation = {
    name: 'none',
    decode: async () => ({ ok: false, reason: unsupported }),
    encode: async () => ({ ok: false, reason: unsupported }),
  }

  test('is skipped, not failed', async () => {
    const report = await runConformance([document(grant, trailing)], { implementation: none })
    expect(report).toMatchObject({ implementation: 'none', passed: 0, failed: 0, skipped: 2 })
  })

  test('an offset or a path that is not told is not compared', async () => {
    const brief = decoding(() => ({ ok: false, reason: 'trailing_bytes' }))
    expect(await only(trailing, brief)).toMatchObject({ outcome: 'passed' })
  })

  test('JSON that cannot be read by itself is given to the encoder', async () => {
    const json = { error: 1.5 }
    const fraction = vector({
      id: 'f',
      json,
      expect: { refuse: { reason: 'unexpected_type', path: 'error' } },
    })
    const encoder = { ...libraryImplementation, decode: none.decode }
    expect(await only(fraction, encoder)).toMatchObject({ outcome: 'passed' })
    const nothing = vector({ id: 'n', json: null, expect: { refuse: { reason: 'unexpected_type' } } })
    const given: unknown[] = []
    const noting = encoding((_, value) => {
      given.push(value)
      return { ok: false, reason: 'unexpected_type' }
    })
    expect(await only(nothing, { ...noting, decode: none.decode })).toMatchObject({ outcome: 'passed' })
    expect(given).toEqual([null])
    const careless = { ...none, encode: () => ({ ok: true, hex: 'a1181e01' }) as const }
    expect(await only(fraction, careless)).toMatchObject({ outcome: 'failed', got: 'encoded a1181e01' })
  })
})
