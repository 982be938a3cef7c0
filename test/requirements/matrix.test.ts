import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

const level = z.enum([
  'MUST',
  'MUST NOT',
  'REQUIRED',
  'SHOULD',
  'SHOULD NOT',
  'RECOMMENDED',
  'NOT RECOMMENDED',
  'MAY',
  'OPTIONAL',
  // Words that RFC 2119 leaves to plain English.
  'must',
  'may',
  'can',
  // Grammars, registries and meanings, which bind whoever uses them.
  'definition',
])

const requirement = z.strictObject({
  id: z.string().regex(/^(R\d{4}-[\w.]+-\d+[a-z]?|D-WAP-\d+)$/),
  level: z.string().refine((text) => text.split(' / ').every((each) => level.safeParse(each).success)),
  binds: z.array(z.enum(['all', 'client', 'AS', 'RS', 'requester', 'profile', 'operator'])).min(1),
  section: z
    .string()
    .regex(/^\d+(\.\d+)*$/)
    .optional(),
  text: z.string().regex(/^\S.{20,}[.]$/),
  /** Why it cannot be checked here. */
  reason: z
    .string()
    .regex(/^[A-Z].+\.$/)
    .optional(),
  /** The piece of the project that it waits for. */
  waitsFor: z.enum(['resource-server', 'endpoint', 'server', 'coap', 'oscore', 'client']).optional(),
})

const { requirements } = z
  .strictObject({ requirements: z.array(requirement) })
  .parse(JSON.parse(readFileSync('requirements.json', 'utf8')))

interface Matrix {
  requirements: {
    id: string
    status: string
    reason?: string
    checkedBy: { test?: string; vector?: string }[]
  }[]
  unknown: { id: string; where: string }[]
  summary: Record<string, Record<string, number>>
}

let matrix: Matrix
beforeAll(() => {
  const { stdout, stderr } = spawnSync(process.execPath, ['scripts/requirements.mjs', '--json'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
  if (stdout === '') throw new Error(stderr)
  matrix = JSON.parse(stdout)
}, 120_000)

describe('requirements.json', () => {
  it('has 369 requirements, each once, in the sections that their ids name', () => {
    expect(requirements).toHaveLength(369)
    expect(new Set(requirements.map(({ id }) => id)).size).toBe(369)
    for (const { id, section } of requirements)
      if (id.startsWith('R')) expect(id.split('-')[1], id).toBe(section ?? 'x')
  })

  it('gives one account of what it does not check: a reason, or the piece that it waits for', () => {
    for (const { id, reason, waitsFor } of requirements)
      expect([id, reason && waitsFor]).toEqual([id, undefined])
  })
})

describe('the matrix', () => {
  it('leaves no requirement unaccounted for', () => {
    const open = matrix.requirements.filter(({ status }) => status === 'unaccounted')
    expect(open.map(({ id }) => id)).toEqual([])
    expect(matrix.requirements.map(({ id }) => id)).toEqual(requirements.map(({ id }) => id))
  })

  it('has no id that is cited and unknown', () => {
    expect(matrix.unknown).toEqual([])
  })

  it('has no reason against checking what is checked', () => {
    const both = matrix.requirements.filter(({ reason, checkedBy }) => reason && checkedBy.length > 0)
    expect(both.map(({ id }) => id)).toEqual([])
  })

  it('finds ids in the titles of tests, in those of groups and rows, and in vectors', () => {
    const of = (id: string): string[] =>
      matrix.requirements
        .find((row) => row.id === id)!
        .checkedBy.map(({ test, vector }) => `${test ?? vector}`)
    expect(of('R9200-8.4-1').some((by) => by.includes('error-code.test.ts: codes off the wire'))).toBe(true)
    expect(of('R9200-5.10.2-5').some((by) => by.includes('[%s] answers %s with %s (R9200-5.10.2-5)'))).toBe(
      true,
    )
    expect(of('R9200-5.8.3-4')).toContain('error-response: error-1')
  })

  it('counts each requirement once', () => {
    const { all, ...documents } = matrix.summary
    const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((a, b) => a + b)
    expect(sum(all!)).toBe(369)
    expect(Object.values(documents).reduce((total, counts) => total + sum(counts), 0)).toBe(369)
  })
})
