import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildCli, cli, main, removeCli } from './cli.ts'

let served: ChildProcessWithoutNullStreams
let answers: AsyncIterator<string>
beforeAll(async () => {
  await buildCli()
  served = spawn(process.execPath, [main, 'codec'])
  answers = linesOf(served)
})
afterAll(async () => {
  served.stdin.end()
  await removeCli()
})

function linesOf(child: ChildProcessWithoutNullStreams): AsyncIterator<string> {
  return createInterface({ input: child.stdout })[Symbol.asyncIterator]()
}

type Answer = Readonly<Record<string, unknown>>

/** What the codec answers to some lines. */
async function transcript(...lines: readonly (string | Uint8Array)[]): Promise<string[]> {
  const { code, stdout, stderr } = await cli(['codec'], {
    input: Buffer.concat(lines.map((line) => Buffer.concat([Buffer.from(line), Buffer.from('\n')]))),
  })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout.split('\n').slice(0, -1)
}

/** What the codec that serves all these tests answers to a request. */
async function ask(request: Answer): Promise<Answer> {
  served.stdin.write(`${JSON.stringify({ id: '1', ...request })}\n`)
  return JSON.parse((await answers.next()).value)
}

const decode = { op: 'decode', message: 'error-response' }

describe('the codec', () => {
  it('answers each request on a line of its own, in their order', async () => {
    expect(
      await transcript(
        '{"id":"1","op":"decode","message":"error-response","hex":"a1181e03"}',
        '{"id":"1","op":"decode","message":"error-response","hex":"a1181e0300"}',
        '{"id":"2","op":"encode","message":"error-response","value":{"error":-99999}}',
      ),
    ).toEqual([
      '{"id":"1","ok":true,"value":{"error":"invalid_grant"}}',
      '{"id":"1","ok":false,"reason":"trailing_bytes","offset":4,"message":"trailing_bytes at byte 4"}',
      '{"id":"2","ok":true,"hex":"a1181e3a0001869e"}',
    ])
  })

  it('tells unknown members as large as the limits that it is given allow', async () => {
    for (const [limit, hex, value] of [
      [{ maxStringBytes: 60_000 }, `59a000${'00'.repeat(40_960)}`, 'A'.repeat(54_614)],
      [{ maxMembers: 5_000 }, `9907d0${'00'.repeat(2_000)}`, new Array(2_000).fill(0)],
      [{ maxDepth: 100_000 }, `${'81'.repeat(20)}00`, JSON.parse(`${'['.repeat(20)}0${']'.repeat(20)}`)],
    ] as const)
      expect(await ask({ ...decode, ...limit, hex: `a2181e031864${hex}` })).toEqual({
        id: '1',
        ok: true,
        value: { error: 'invalid_grant' },
        unknown: [{ key: '100', value }],
      })
  })

  it('tells violations and unknown members where there are any', async () => {
    expect(await ask({ ...decode, hex: 'a2181e1901a23a0001116f6178' })).toEqual({
      id: '1',
      ok: true,
      value: { error: 418 },
      violations: [{ rule: 'unassigned_code', path: 'error' }],
      unknown: [{ key: '-70000', value: 'x' }],
    })
  })

  it.each([
    ['text', '6178', 'x'],
    ['bytes', '42fbff', '-_8'],
    ['an integer', '20', -1],
    ['an integer beyond 2^53-1', '1bffffffffffffffff', '18446744073709551615'],
    ['the least integer', '3bffffffffffffffff', '-18446744073709551616'],
    ['an array', '8201f5', [1, true]],
    ['a map', 'a301f66161f44101820304', { 1: null, a: false, '"AQ"': [3, 4] }],
    ['an indefinite map', 'bf61619f01ffff', { a: [1] }],
    ['a text in chunks', '7f61786179ff', 'xy'],
    ['half precision', 'f93e00', 1.5],
    ['single precision', 'fa3fc00000', 1.5],
    ['double precision', 'fb3ff199999999999a', 1.1],
    ['no number', 'f97e00', 'NaN'],
    ['an infinity', 'f9fc00', '-Infinity'],
    ['a tag', 'c11a514b67b0', { tag: 1, value: 1363896240 }],
    ['undefined', 'f7', { simple: 23 }],
    ['a map with a key that objects have', 'a1695f5f70726f746f5f5f01', JSON.parse('{"__proto__":1}')],
  ])('tells %s of an unknown member', async (_, item, value) => {
    const { unknown } = await ask({ ...decode, hex: `a2181e033a0001116f${item}` })
    expect(unknown).toEqual([{ key: '-70000', value }])
  })

  it('echoes identifiers as they are', async () => {
    const answers = await transcript(
      ...['"a"', '7', '-1.5', '""'].map(
        (id) => `{"id":${id},"op":"decode","message":"creation-hints","hex":"a0"}`,
      ),
    )
    expect(answers.map((line) => JSON.parse(line).id)).toEqual(['a', 7, -1.5, ''])
  })

  it.each([
    ['error-response', 'a1181e03', { error: 'invalid_grant' }],
    ['problem-details', 'a102a10003', { 'ace-error': { error: 'invalid_grant' } }],
    ['token-request', 'a1096472656164', { scope: 'read' }],
    ['token-response', 'a10142d0ff', { access_token: '~0P8' }],
    ['introspection-request', 'a10b42ee08', { token: '~7gg' }],
    ['introspection-response', 'a10af4', { active: false }],
    ['creation-hints', 'a118274101', { cnonce: 'AQ' }],
    ['revocation-request', 'a10b42ee08', { token: '~7gg' }],
  ])('decodes and encodes %s', async (message, hex, value) => {
    expect(await ask({ op: 'decode', message, hex })).toEqual({ id: '1', ok: true, value })
    expect(await ask({ op: 'encode', message, value })).toEqual({ id: '1', ok: true, hex })
  })

  it('takes options in the request and apart', async () => {
    expect(await ask({ ...decode, hex: 'a1181e1901a2', strict: true })).toMatchObject({
      reason: 'violation',
      path: 'error',
    })
    expect(await ask({ ...decode, hex: 'a119001e03', deterministic: true })).toMatchObject({
      reason: 'not_deterministic',
    })
    expect(await ask({ ...decode, hex: 'a1181e03', options: { maxBytes: 3 } })).toMatchObject({
      reason: 'too_large',
    })
    expect(
      await ask({ op: 'decode', message: 'problem-details', hex: 'a1184da10003', aceErrorKey: 77 }),
    ).toMatchObject({ value: { 'ace-error': { error: 'invalid_grant' } } })
    const codes = [{ name: 'quota_exceeded', value: -70001 }]
    expect(await ask({ ...decode, hex: 'a1181e3a00011170', options: { codes } })).toMatchObject({
      value: { error: 'quota_exceeded' },
    })
  })

  it('refuses to encode what may not be sent', async () => {
    const refused = await ask({ op: 'encode', message: 'error-response', value: { error: 418 } })
    expect(refused).toMatchObject({ id: '1', ok: false, reason: 'violation', path: 'error' })
    expect(refused['message']).toContain('a registered integer')
    expect(await ask({ op: 'encode', message: 'error-response', value: null })).toMatchObject({ ok: false })
  })

  it.each([
    ['no JSON', 'what?', null, 'bad_request'],
    ['an empty line', '', null, 'bad_request'],
    ['no object', '[1]', null, 'bad_request'],
    ['null', 'null', null, 'bad_request'],
    ['no UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d), null, 'bad_request'],
    ['no identifier', '{"op":"decode","message":"error-response","hex":"a1181e03"}', null, 'bad_request'],
    ['an identifier that JSON rounds', '{"id":12345678901234567890,"op":"decode"}', null, 'bad_request'],
    ['an unknown operation', '{"id":"9","op":"toString"}', '9', 'unsupported'],
    ['an unknown message', '{"id":"9","op":"decode","message":"__proto__","hex":"a0"}', '9', 'unsupported'],
    ['no message', '{"id":"9","op":"decode","hex":"a0"}', '9', 'bad_request'],
    ['no hex', '{"id":"9","op":"decode","message":"error-response","hex":"a1181"}', '9', 'bad_request'],
    ['no value', '{"id":"9","op":"encode","message":"error-response"}', '9', 'bad_request'],
    [
      'a wrong option',
      '{"id":"9","op":"decode","message":"error-response","hex":"a0","strict":1}',
      '9',
      'bad_request',
    ],
    [
      'a wrong key',
      '{"id":"9","op":"decode","message":"problem-details","hex":"a0","aceErrorKey":-1}',
      '9',
      'bad_request',
    ],
    [
      'wrong codes',
      '{"id":"9","op":"decode","message":"error-response","hex":"a0","codes":[{"name":"a","value":1}]}',
      '9',
      'bad_request',
    ],
    ['wrong keys', '{"id":"9","op":"cose-open","hex":"a0","keys":1}', '9', 'bad_request'],
    ['a line beyond the limit', `{"id":"9","x":"${'x'.repeat(1024 * 1024)}"}`, null, 'too_large'],
  ])('answers %s, and serves the next line', async (_, line, id, reason) => {
    const [bad, good] = await transcript(
      line,
      '{"id":"2","op":"decode","message":"error-response","hex":"a1181e03"}',
    )
    expect(JSON.parse(bad!)).toMatchObject({ id, ok: false, reason, message: expect.any(String) })
    expect(good).toBe('{"id":"2","ok":true,"value":{"error":"invalid_grant"}}')
  })

  it('answers a last line without a line break, and nothing to no input', async () => {
    const request = '{"id":"1","op":"decode","message":"error-response","hex":"a1181e03"}'
    expect((await cli(['codec'], { input: request })).stdout).toBe(
      '{"id":"1","ok":true,"value":{"error":"invalid_grant"}}\n',
    )
    expect(await cli(['codec'])).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  it('answers before its input ends', async () => {
    const child = spawn(process.execPath, [main, 'codec'])
    const told = linesOf(child)
    for (const id of [1, 2, 3]) {
      child.stdin.write(`${JSON.stringify({ id, ...decode, hex: 'a1181e03' })}\n`)
      expect(JSON.parse((await told.next()).value)).toMatchObject({ id, ok: true })
    }
    child.stdin.end()
  })

  it('takes a request that comes byte by byte', async () => {
    const child = spawn(process.execPath, [main, 'codec'])
    const told = linesOf(child)
    for (const byte of Buffer.from(`${JSON.stringify({ id: 'é', ...decode, hex: 'a1181e03' })}\n`)) {
      child.stdin.write(Uint8Array.of(byte))
      await new Promise(setImmediate)
    }
    expect(JSON.parse((await told.next()).value)).toMatchObject({ id: 'é', ok: true })
    child.stdin.end()
  })

  it('serves many requests', async () => {
    const lines = Array.from({ length: 20_000 }, (_, id) =>
      JSON.stringify({ id, ...decode, hex: 'a1181e03' }),
    )
    const answers = await transcript(...lines)
    expect(answers.length).toBe(lines.length)
    expect(
      answers.every((line, id) => line === `{"id":${id},"ok":true,"value":{"error":"invalid_grant"}}`),
    ).toBe(true)
  })

  it('says what it is', async () => {
    expect(await ask({ op: 'describe' })).toMatchObject({
      ok: true,
      name: 'ace-oauth',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      inputs: ['hex', 'json', 'form'],
    })
  })

  it.each([
    [
      'token-request',
      { form: 'grant_type=client_credentials&scope=r' },
      { grant_type: 'client_credentials', scope: 'r' },
    ],
    ['error-response', { json: { error: 'invalid_grant' } }, { error: 'invalid_grant' }],
    ['aif', { hex: '8182616101' }, [['a', 1]]],
    ['cwt-claims', { hex: 'a1016161' }, { iss: 'a' }],
    ['cose-key', { hex: 'a201042041ff' }, { kty: 'oct', k: '_w' }],
    [
      'cbor',
      { hex: 'a201410102f6' },
      {
        map: [
          [1, { bytes: 'AQ' }],
          [2, null],
        ],
      },
    ],
  ])('reads %s', async (message, input, value) => {
    expect(await ask({ op: 'decode', message, ...input })).toMatchObject({ ok: true, value })
  })

  it.each([
    ['aif', [['a', 1]], '8182616101'],
    ['cwt-claims', { iss: 'a' }, 'a1016161'],
    ['cose-key', { kty: 'oct', k: '_w' }, 'a201042041ff'],
    [
      'cbor',
      {
        map: [
          [2, null],
          [1, { bytes: 'AQ' }],
        ],
      },
      'a201410102f6',
    ],
  ])('writes %s', async (message, value, hex) => {
    expect(await ask({ op: 'encode', message, value })).toEqual({ id: '1', ok: true, hex })
  })

  it('refuses JSON that tells no CBOR value, and writes maps with keys of any type', async () => {
    expect(await ask({ op: 'encode', message: 'cbor', value: { bytes: '*' } })).toMatchObject({
      reason: 'invalid_value',
    })
    expect(await ask({ op: 'encode', message: 'cbor', value: { map: [[[], 1]] } })).toMatchObject({
      ok: true,
      hex: 'a18001',
    })
  })

  it('protects payloads', async () => {
    const key = JSON.parse((await cli(['key', 'generate', 'ES256'])).stdout)
    const made = await ask({ op: 'cose-protect', key, payload: 'a1016161', externalAad: '01' })
    expect(made).toMatchObject({ ok: true, hex: expect.stringMatching(/^d28443a10126/) })
    const { hex } = made as unknown as { hex: string }
    expect(await ask({ op: 'cose-open', hex, keys: [key], externalAad: '01' })).toMatchObject({
      ok: true,
      payload: 'a1016161',
    })
    expect(await ask({ op: 'cose-protect', key, alg: 'HMAC 256/64', payload: '' })).toMatchObject({
      ok: false,
      reason: 'key_unsuitable',
    })
  })

  it('opens COSE messages', async () => {
    const key = JSON.parse((await cli(['key', 'generate', 'HMAC 256/256'])).stdout)
    const { stdout } = await cli(['token', 'sign', '{"scope":"read"}', '--key', JSON.stringify(key)])
    const hex = stdout.trim()
    expect(await ask({ op: 'cose-open', hex, keys: [key], externalAad: '' })).toEqual({
      id: '1',
      ok: true,
      structure: 'mac0',
      alg: 'HMAC 256/256',
      payload: 'a1096472656164',
    })
    const flipped = `${hex.slice(0, -2)}${hex.endsWith('00') ? '01' : '00'}`
    expect(await ask({ op: 'cose-open', hex: flipped, keys: [key] })).toMatchObject({
      ok: false,
      reason: 'verification_failed',
    })
    expect(await ask({ op: 'cose-open', hex, keys: [{}] })).toMatchObject({
      ok: false,
      reason: 'missing_member',
    })
  })
})
