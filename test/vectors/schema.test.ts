import { readdir, readFile } from 'node:fs/promises'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import type { DecodeReason } from '../../src/cbor/decode-error.ts'
import { vectorDocuments } from '../../src/conformance/index.ts'
import { loadVectors } from '../../src/conformance/node.ts'
import type { CoseReason } from '../../src/cose/cose-error.ts'
import { errorCodes } from '../../src/registry/index.ts'
import type { ViolationRule } from '../../src/table/violation.ts'

const folder = new URL('../../vectors/', import.meta.url)
const readJson = async (name: string): Promise<unknown> =>
  JSON.parse(await readFile(new URL(name, folder), 'utf8'))
const documents = await loadVectors()
const vectors = documents.flatMap((document) => document.vectors)
const schema = (await readJson('vectors.schema.json')) as {
  $defs: Record<string, { properties: Record<string, unknown> }>
}
const validate = new Ajv2020({
  allErrors: true,
  allowUnionTypes: true,
  strict: true,
  strictRequired: false,
}).compile(schema)

// Complete by their types: a new reason or rule has to be listed here, and so to have a vector.
const reasons: Record<DecodeReason, true> = {
  truncated: true,
  trailing_bytes: true,
  reserved_head: true,
  unexpected_break: true,
  invalid_utf8: true,
  duplicate_key: true,
  unexpected_type: true,
  missing_member: true,
  invalid_value: true,
  conflicting_members: true,
  violation: true,
  not_deterministic: true,
  too_deep: true,
  too_large: true,
}
const rules: Record<ViolationRule, true> = {
  forbidden_character: true,
  empty_text: true,
  not_a_uri_reference: true,
  unassigned_code: true,
  integer_hint: true,
  members_of_inactive: true,
  not_an_absolute_uri: true,
  not_a_language_tag: true,
  text_key: true,
  private_key: true,
  member_of_another_grant: true,
  null_member: true,
  loose_base64url: true,
}

const coseReasons: Record<CoseReason, true> = {
  wrong_structure: true,
  algorithm_not_allowed: true,
  algorithm_unavailable: true,
  no_key: true,
  key_unsuitable: true,
  key_invalid: true,
  header_not_understood: true,
  iv_unsuitable: true,
  payload_unsuitable: true,
  verification_failed: true,
}

describe('the files', () => {
  test.each(documents)('$document.json fulfils the schema', (document) => {
    validate(document)
    expect(validate.errors ?? []).toEqual([])
  })

  test('a vector with two inputs, or without an expectation, does not', () => {
    const [document] = documents
    const vector = document!.vectors[0]!
    const { expect: _, ...without } = vector
    expect(validate({ ...document, vectors: [{ ...vector, form: '' }] })).toBe(false)
    expect(validate({ ...document, vectors: [without] })).toBe(false)
    expect(validate({ ...document, vectors: [{ ...vector, hex: 'A0' }] })).toBe(false)
  })

  test('all that fulfil it are listed', async () => {
    const names = (await readdir(folder)).filter(
      (name) => name.endsWith('.json') && !name.endsWith('.schema.json'),
    )
    const contents = await Promise.all(names.map(async (name) => ({ name, content: await readJson(name) })))
    const found = contents
      .filter(({ content }) => (content as { $schema?: string }).$schema === './vectors.schema.json')
      .map(({ name }) => name.replace('.json', ''))
    expect(found.sort()).toEqual([...vectorDocuments].sort())
    expect(documents.map(({ document }) => document)).toEqual(vectorDocuments)
  })

  test('ids are unique over all of them', () => {
    const seen = new Set<string>()
    const twice = vectors.filter(({ id }) => seen.size === seen.add(id).size)
    expect(twice.map(({ id }) => id)).toEqual([])
  })
})

describe('the vectors', () => {
  const refusals = vectors.flatMap(({ expect: expected }) => ('refuse' in expected ? [expected.refuse] : []))

  test.each(Object.keys(reasons))('some input is refused for %s', (reason) => {
    expect(refusals.some((refuse) => refuse.reason === reason)).toBe(true)
  })

  test.each(Object.keys(rules))('some input breaks the rule %s', (rule) => {
    const found = vectors.flatMap(({ expect: expected }) =>
      'accept' in expected ? (expected.accept.violations ?? []) : [],
    )
    expect(found.some((violation) => violation.rule === rule)).toBe(true)
  })

  test('the schema knows the reasons and rules that there are', () => {
    const { refuse, accept } = schema.$defs as unknown as {
      refuse: { properties: { reason: { enum: string[] } } }
      accept: { properties: { violations: { items: { properties: { rule: { enum: string[] } } } } } }
    }
    expect(refuse.properties.reason.enum).toEqual([...Object.keys(reasons), ...Object.keys(coseReasons)])
    expect(accept.properties.violations.items.properties.rule.enum).toEqual(Object.keys(rules))
  })

  test.each(Object.keys(errorCodes))('%s stands in an error response', (name) => {
    const responses = vectors.filter(({ message, hex }) => message === 'error-response' && hex !== undefined)
    const values = responses.map(({ expect: expected }) =>
      'accept' in expected ? expected.accept.value : undefined,
    )
    expect(values.some((value) => (value as { error?: unknown } | undefined)?.error === name)).toBe(true)
  })

  test.each([...new Set(vectors.map(({ message }) => message))])(
    '%s is accepted somewhere and refused somewhere',
    (message) => {
      const ofMessage = vectors.filter((vector) => vector.message === message)
      expect(ofMessage.some(({ expect: expected }) => 'accept' in expected)).toBe(true)
      expect(ofMessage.some(({ expect: expected }) => 'refuse' in expected)).toBe(true)
    },
  )

  test('a refusal of CBOR tells where, unless it is a member that the whole message was needed for', () => {
    const without = vectors.filter(
      ({ hex, message, expect: expected }) =>
        hex !== undefined &&
        message !== 'cose' &&
        'refuse' in expected &&
        expected.refuse.offset === undefined,
    )
    expect([
      ...new Set(without.map(({ expect: expected }) => 'refuse' in expected && expected.refuse.reason)),
    ]).toEqual(['invalid_value'])
  })
})
