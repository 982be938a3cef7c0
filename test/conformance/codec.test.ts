import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { renderReport, runConformance, type VectorDocument } from '../../src/conformance/index.ts'
import { CodecFault, codecImplementation, loadVectors } from '../../src/conformance/node.ts'

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
  if (hex === 'feed') return { ok: true, value: 1, ...JSON.parse(options.codes[0]) }
  if (hex === 'f00d') return { ok: true, value: JSON.parse('['.repeat(4_000) + ']'.repeat(4_000)) }
  if (hex === 'fa11') return { ok: true, value: 'x'.repeat(2 ** 20) }
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

  test('an end before the answer is an error, and it is started again for the next', () =>
    using(async (implementation) => {
      await expect(implementation.decode('error-response', { hex: 'dead' }, {})).rejects.toThrow(
        'exit code 7',
      )
      expect(await implementation.decode('error-response', { hex: 'a1181e03' }, {})).toMatchObject({
        ok: true,
      })
      expect(implementation).toMatchObject({ restarts: 1, broken: undefined })
    }))

  test('what ends again and again is given up', () =>
    using(async (implementation) => {
      await implementation.decode('error-response', { hex: 'a1181e03' }, {})
      for (let i = 0; i < 20; i++)
        await expect(implementation.decode('error-response', { hex: 'dead' }, {})).rejects.toThrow(CodecFault)
      expect(implementation.broken).toContain(
        'ended with exit code 7; it said: not an answer, 20 times in a row',
      )
      await expect(implementation.decode('error-response', { hex: 'a1181e03' }, {})).rejects.toThrow(
        '20 times in a row',
      )
    }))

  test('no answer in time is an error, and the next is answered', () =>
    using(async (implementation) => {
      await expect(implementation.decode('error-response', { hex: 'beef' }, {})).rejects.toThrow(
        'within 3000 ms',
      )
      expect(await implementation.decode('error-response', { hex: 'a1181e03' }, {})).toMatchObject({
        ok: true,
      })
    }, 3_000))

  test.each([
    [
      'violations',
      '{"violations":5}',
      'answered 5 as violations: expected null or an array of {"rule","path"}',
    ],
    ['violations', '{"violations":[null]}', 'answered [null] as violations'],
    [
      'unknown',
      '{"unknown":[{"key":5}]}',
      'answered [{"key":5}] as unknown: expected null or an array of {"key"}',
    ],
    ['hex', '{"hex":5}', 'answered 5 as hex: expected a string'],
    [
      'offset',
      '{"ok":false,"reason":"truncated","offset":"x"}',
      'answered "x" as offset: expected an integer',
    ],
    ['path', '{"ok":false,"reason":"truncated","path":{}}', 'answered {} as path: expected a string'],
    ['reason', '{"ok":false,"reason":5}', 'answered {"ok":false,"value":1,"reason":5}'],
    ['ok', '{"ok":"yes"}', 'answered {"ok":"yes","value":1}'],
  ])('an answer whose %s is of another kind is an error that says so: %s', (_, members, why) =>
    using(async (implementation) => {
      const asked = implementation.decode('error-response', { hex: 'feed' }, { codes: [members] } as never)
      await expect(asked).rejects.toThrow(why)
      expect(await implementation.decode('error-response', { hex: 'a1181e03' }, {})).toMatchObject({
        ok: true,
      })
    }),
  )

  test('an answer that is nested too deeply is none', () =>
    using(async (implementation) => {
      await expect(implementation.decode('error-response', { hex: 'f00d' }, {})).rejects.toThrow(
        'no answer within 1000 ms; it said: {"id":"2","ok":true,"value":[[[[',
      )
    }, 1_000))

  test('an answer that does not end is an error, and the program is started again for the next', () =>
    using(async (implementation) => {
      await expect(implementation.decode('error-response', { hex: 'fa11' }, {})).rejects.toThrow(
        'a line of more than 1,048,576 bytes',
      )
      expect(await implementation.decode('error-response', { hex: 'a1181e03' }, {})).toMatchObject({
        ok: true,
      })
      expect(implementation.restarts).toBe(1)
    }))

  test('what a program writes without an end of line is not kept', async () => {
    const implementation = codecImplementation('exec cat /dev/zero', { timeout: 20_000 })
    const report = await runConformance(await loadVectors(['rfc9201']), { implementation })
    expect(report.broken).toContain('a line of more than 1,048,576 bytes, 2 times in a row')
    implementation.kill()
  })

  test('a byte order mark and carriage returns are passed over', async () => {
    const marks = `process.stdin.on('data', (line) =>
  process.stdout.write('\\ufeff' + JSON.stringify({ id: JSON.parse(line).id, ok: false, reason: 'seen' }) + '\\r\\n'))`
    await writeFile(join(folder, 'marks.mjs'), marks)
    const implementation = codecImplementation(`"${process.execPath}" "${join(folder, 'marks.mjs')}"`)
    const answer = await implementation.decode('error-response', { hex: 'a1181e03' }, {})
    expect(answer).toEqual({ ok: false, reason: 'seen' })
    await implementation.close()
  })

  test('a program that leaves its output open behind it does not hold the end of a run', async () => {
    const leaving = `setsid sleep 3 & "${process.execPath}" "${join(folder, 'codec.mjs')}"`
    const implementation = codecImplementation(leaving)
    expect(await implementation.decode('error-response', { hex: 'a1181e03' }, {})).toMatchObject({ ok: true })
    const asked = implementation.decode('error-response', { hex: 'dead' }, {})
    await expect(asked).rejects.toThrow('ended with exit code 7')
    await implementation.close()
  })

  test('a command has to be given', () => {
    expect(() => codecImplementation(' ')).toThrow(TypeError)
  })

  test.each([
    [
      'cannot be started',
      'no-such-codec-anywhere',
      /^no-such-codec-anywhere: ended with exit code 127; it said: .*not found/,
    ],
    ['hangs', 'sleep 20', /^sleep 20: no answer within 200 ms, 2 times in a row$/],
    ['repeats what it is asked', 'cat', /^cat: answered {"op":"decode".*, 2 times in a row$/],
    [
      'talks of something else',
      'echo hello; sleep 20',
      /no answer within 200 ms; it said: hello, 2 times in a row$/,
    ],
  ])('a command that %s fails every case, for one reason', async (_, command, broken) => {
    const implementation = codecImplementation(command, { timeout: 200 })
    const report = await runConformance(await loadVectors(['rfc9201', 'rfc9202']), { implementation })
    implementation.kill()
    expect(report).toMatchObject({ passed: 0, skipped: 0, implementation: command })
    expect(report.broken).toMatch(broken)
    expect(renderReport(report).split('\n').length).toBe(1)
  })

  test('a codec that says what it is is asked what others are not', async () => {
    const described = `let text = ''
process.stdin.on('data', (chunk) => {
  const lines = (text + chunk).split('\\n')
  text = lines.pop()
  for (const line of lines) {
    const { id, op, ...request } = JSON.parse(line)
    const answer = op === 'describe'
      ? { ok: true, name: 'mine', version: '1.2', inputs: ['hex', 'form'], deterministic: false }
      : { ok: true, value: { op, ...request } }
    console.log(JSON.stringify({ id, ...answer }))
  }
})`
    await writeFile(join(folder, 'described.mjs'), described)
    const implementation = codecImplementation(`"${process.execPath}" "${join(folder, 'described.mjs')}"`)
    const form = 'token=a'
    expect(await implementation.decode('revocation-request', { form }, {})).toMatchObject({
      value: { op: 'decode', message: 'revocation-request', form },
    })
    expect(await implementation.decode('cbor', { hex: '01' }, {})).toMatchObject({
      value: { message: 'cbor', hex: '01' },
    })
    expect(await implementation.decode('revocation-request', { json: {} }, {})).toMatchObject({
      reason: 'unsupported',
    })
    expect(await implementation.decode('cose', { hex: 'd2' }, { keys: [] })).toMatchObject({ ok: true })
    expect(implementation).toMatchObject({ name: 'mine 1.2', deterministic: false })
    await implementation.close()
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
