import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Vector } from '../../src/conformance/index.ts'
import { loadVectors } from '../../src/conformance/node.ts'

type Answer = Readonly<Record<string, unknown>>
type Explain = (implementation: { folder: string }, difference: Answer) => { title: string } | undefined

const folder = new URL('../../interop/', import.meta.url)
const { explainDifference } = (await import(new URL('lib/rules.mjs', folder).href)) as {
  explainDifference: Explain
}

/** The implementations, with what each is asked about. */
const implementations = readdirSync(folder, { withFileTypes: true }).flatMap(({ name }) => {
  const manifest = new URL(`${name}/manifest.json`, folder)
  if (!existsSync(manifest)) return []
  const { messages = [], json = [], keys, algorithms, cbor } = JSON.parse(readFileSync(manifest, 'utf8')).can
  const kinds = [
    ...messages,
    keys && 'cose-key',
    algorithms && 'cose',
    cbor && 'cbor',
    messages.length && 'aif',
  ]
  return [{ folder: name, kinds, json }]
})

const reasons = [
  'truncated',
  'trailing_bytes',
  'reserved_head',
  'unexpected_break',
  'invalid_utf8',
  'duplicate_key',
  'unexpected_type',
  'missing_member',
  'invalid_value',
  'conflicting_members',
  'verification_failed',
]

/** The vectors that are accepted, whose value is told, and in which nobody finds fault. */
const accepted = (await loadVectors()).flatMap(({ vectors }) =>
  vectors.flatMap((vector) => {
    const { accept } = vector.expect as { accept?: { value?: unknown; violations?: readonly unknown[] } }
    return accept?.value === undefined || accept.violations?.length ? [] : [{ vector, value: accept.value }]
  }),
)

function inputOf({ hex, json, form }: Vector): Answer {
  return hex !== undefined ? { hex } : form !== undefined ? { form } : { json }
}

/** What the rules say of a difference in which the other side is right, for each implementation. */
function explained(vector: Vector, way: string, ours: Answer, theirs: Answer): string[] {
  const { message } = vector
  const kind = message === 'cose' ? 'cose ES256' : message
  const input = inputOf(vector)
  const difference = {
    kind,
    way,
    what: JSON.stringify(theirs['value'] ?? null),
    input,
    ours,
    theirs,
  }
  return implementations.flatMap(({ folder, kinds, json }) => {
    if ('form' in input || !('json' in input ? json : kinds).includes(message)) return []
    const rule = explainDifference({ folder }, difference)
    return rule ? [`${folder}: ${rule.title}; ${vector.id} ${way} ${JSON.stringify(ours)}`] : []
  })
}

/** A value with one member less, one more, and one that is another. */
function mistaken(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return ['another value', 7]
  const [first, ...others] = Object.entries(value)
  if (!first) return [{ scope: 'a' }]
  return [
    Object.fromEntries(others),
    { ...value, audience: 'another' },
    { ...Object.fromEntries(others), [first[0]]: 'another' },
  ]
}

describe('a mistake of this library is explained by no rule', () => {
  test.each(['ours-theirs', 'theirs-ours', 'damaged'])('a message refused without cause, %s', (way) => {
    const found = accepted.flatMap(({ vector, value }, i) => {
      const reason = reasons[i % reasons.length]!
      const members = Object.keys(Object(value))
      return ['', 'scope', members[i % Math.max(1, members.length)] ?? ''].flatMap((path) =>
        explained(vector, way, { ok: false, reason, path }, { ok: true, value }),
      )
    })
    expect(found).toEqual([])
  })

  test.each(['ours-theirs', 'theirs-ours', 'damaged'])('a message told with other members, %s', (way) => {
    const found = accepted.flatMap(({ vector, value }) =>
      mistaken(value).flatMap((wrong) =>
        explained(vector, way, { ok: true, value: wrong }, { ok: true, value }),
      ),
    )
    expect(found).toEqual([])
  })

  test('what is malformed is accepted', async () => {
    const refused = (await loadVectors()).flatMap(({ vectors }) =>
      vectors.filter(
        ({ hex, expect: { refuse } }: Vector & { expect: { refuse?: { reason: string } } }) =>
          hex !== undefined && reasons.slice(0, 6).includes(refuse?.reason ?? ''),
      ),
    )
    expect(refused.length).toBeGreaterThan(100)
    const theirs = {
      ok: false,
      reason: 'refused',
      message: 'Simple value, tag not supported, unknown field with key 1',
    }
    const found = refused.flatMap((vector) =>
      [{ ok: true }, { ok: true, value: {} }].flatMap((ours) => explained(vector, 'damaged', ours, theirs)),
    )
    expect(found).toEqual([])
  })

  test('a message that is accepted, to which the other side gives no answer', () => {
    const theirs = {
      ok: false,
      reason: 'fault',
      message: 'ended with exit code 1: refused, unknown field with key 1',
    }
    const found = accepted.flatMap(({ vector, value }) =>
      explained(vector, 'ours-theirs', { ok: true, value }, theirs),
    )
    expect(found).toEqual([])
  })
})

describe('a rule explains what it is for, by what was sent', () => {
  const trailing = { kind: 'cbor', way: 'damaged', what: '0', theirs: { ok: true, value: 0 } }
  const ours = { ok: false, reason: 'trailing_bytes' }

  test('bytes behind an item, where there are any', () => {
    expect(
      explainDifference({ folder: 'cbor2-python' }, { ...trailing, ours, input: { hex: '0000' } }),
    ).toMatchObject({
      fault: 'choice',
    })
    expect(explainDifference({ folder: 'cbor2-python' }, { ...trailing, ours, input: { hex: '00' } })).toBe(
      undefined,
    )
  })

  test('for the implementations that it names', () => {
    expect(explainDifference({ folder: 'cbor2' }, { ...trailing, ours, input: { hex: '0000' } })).toBe(
      undefined,
    )
  })
})
