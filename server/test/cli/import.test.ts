import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { linesOf, longestLine } from '../../src/cli/import/lines.ts'
import { SecretsFile } from '../../src/cli/import/secrets-file.ts'
import { hashNewSecret, newSecret } from '../../src/index.ts'
import { type CommandLine, openCommandLine } from './command-line.ts'

let line: CommandLine
beforeAll(async () => {
  line = await openCommandLine()
})
afterAll(() => line.close())

interface Summary {
  readonly bad_lines: readonly { readonly line: number; readonly reason: string }[]
  readonly lines: number
  readonly added: number
  readonly unchanged: number
  readonly refused: number
}

interface Secret {
  readonly client_id: string
  readonly client_secret: string
}

const device = (client_id: string, more: object = {}): string =>
  JSON.stringify({ client_id, audience: 'rs1', scope: 'read', ...more })
const devices = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => device(`${prefix}-${i}`))

async function importLines(
  lines: readonly string[],
  ...options: readonly string[]
): Promise<Summary & { readonly code: number; readonly error: string }> {
  const path = await line.file('import.ndjson', lines.join('\n'))
  const { code, out, error } = await line.cli(['client', 'import', path, '--json', ...options])
  return { ...(JSON.parse(out) as Summary), code, error }
}

const secretsIn = async (path: string): Promise<Secret[]> =>
  (await readFile(path, 'utf8'))
    .split('\n')
    .slice(0, -1)
    .map((each) => JSON.parse(each))

/** How many of the secrets are those of the clients that are stored. */
const goodOf = (secrets: readonly Secret[]): Promise<number> =>
  line.withStore(async (store) => {
    const stored = await store.clients.findMany(secrets.map(({ client_id }) => client_id))
    const hashes = new Map(stored.map(({ clientId, secretHash }) => [clientId, secretHash]))
    return secrets.filter((each) => hashes.get(each.client_id) === hashNewSecret(each.client_secret)).length
  })

const countOf = async (prefix: string): Promise<number> =>
  (await line.json<{ client_id: string }[]>('client', 'list')).filter(({ client_id }) =>
    client_id.startsWith(prefix),
  ).length

describe('client import', () => {
  it('adds a client for each line, and writes the secrets that it makes to a file of its owner', async () => {
    const secrets = join(line.folder, 'plain.secrets')
    const lines = [...devices('plain', 1_200), '', '   ']
    const first = await importLines(lines, '--secrets-out', secrets)
    expect(first).toMatchObject({
      code: 0,
      lines: 1_200,
      added: 1_200,
      unchanged: 0,
      refused: 0,
      bad_lines: [],
    })
    expect((await stat(secrets)).mode & 0o777).toBe(0o600)
    const written = await secretsIn(secrets)
    expect(new Set(written.map(({ client_id }) => client_id)).size).toBe(1_200)
    expect(await goodOf(written)).toBe(1_200)
    const again = await importLines(lines, '--secrets-out', secrets)
    expect(again).toMatchObject({ code: 0, added: 0, unchanged: 1_200, refused: 0 })
    expect(await secretsIn(secrets)).toEqual(written)
    expect((await line.json<{ action: string }[]>('audit', '--client', 'plain-7'))[0]).toMatchObject({
      action: 'client_added',
      actor: expect.stringMatching(/^cli:.+ client import$/),
    })
  })

  it('names each bad line with its number and the reason, and takes the others', async () => {
    const good = devices('good', 2)
    const bad = [
      ['{"client_id":"x"', 'it is no JSON: expected one object on each line'],
      ['[1]', 'expected a JSON object'],
      ['{"audience":"rs1","scope":"read"}', 'client_id: it is missing'],
      ['{"client_id":5,"audience":"rs1","scope":"read"}', 'client_id: expected string, received number'],
      [device('x y'), 'client_id: expected 1 to 200 visible ASCII characters without space'],
      [device('a\u001b[2J'), 'client_id: expected 1 to 200 visible ASCII characters without space'],
      [device('x'.repeat(201)), 'client_id: expected 1 to 200 visible ASCII characters without space'],
      [device('x', { scope: [] }), 'scopes: a client needs one at least'],
      [device('x', { scope: ['a"b'] }), expect.stringContaining('RFC 6749 section 3.3')],
      [device('x', { scope: ['aif:temp 1'] }), expect.stringContaining('RFC 9237')],
      [device('x', { audiences: ['rs1'] }), 'audience: there is audiences too'],
      [
        device('x', { authentification: 'channel' }),
        'unknown member "authentification"; did you mean authentication?',
      ],
      [device('x', { '\u202e\u001b': 1 }), 'unknown member "\\u202e\\u001b"'],
      [device('x', { profiles: ['coap_dtl'] }), expect.stringContaining('did you mean coap_dtls?')],
      [device('x', { default_audience: 'rs2' }), 'default_audience: rs2 is not among the audiences'],
      [device('x', { authentication: 'private_key_jwt' }), 'jwks: private_key_jwt needs keys'],
      [
        device('x', { jwks: { keys: [{ kty: 'EC', d: 'AA' }] } }),
        'jwks.keys.0: a private or secret key: give its public part alone',
      ],
      [device('x', { session: { budget: 0 } }), expect.stringContaining('session.budget')],
      [device('good-1', { scope: ['write'] }), 'good-1 is there already, with other scopes'],
      [`{"client_id":"${'x'.repeat(longestLine)}"}`, expect.stringContaining('bytes, more than 65536')],
    ] as const
    const lines = [...good, ...bad.map(([text]) => text), good[1]!]
    const result = await importLines(lines, '--secrets-out', join(line.folder, 'good.secrets'))
    expect(result).toMatchObject({ code: 1, added: 2, unchanged: 1, refused: bad.length })
    const reasons = result.bad_lines.toSorted((a, b) => a.line - b.line).map(({ reason }) => reason)
    expect(reasons).toEqual(bad.map(([, reason]) => reason))
    for (const { line: number } of result.bad_lines) expect(result.error).toContain(`line ${number}: `)
    expect(result.error.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })

  it('refuses bytes that are no UTF-8, and goes on behind them', async () => {
    const path = await line.file(
      'latin1.ndjson',
      Buffer.concat([
        Buffer.from(`${device('utf8-1')}\r\n`),
        Buffer.from([0xff, 0x0a]),
        Buffer.from(device('utf8-2')),
      ]),
    )
    const { code, error } = await line.cli([
      'client',
      'import',
      path,
      '--secrets-out',
      join(line.folder, 'u.secrets'),
    ])
    expect([code, error]).toEqual([1, expect.stringContaining('line 2: it is no UTF-8\n')])
    expect(await countOf('utf8-')).toBe(2)
  })

  it('stores nothing in a dry run, which compares with what is stored', async () => {
    await importLines([device('dry-1')], '--secrets-out', join(line.folder, 'dry.secrets'))
    const lines = [device('dry-1', { scope: 'write' }), device('dry-2')]
    const result = await importLines(lines, '--dry-run')
    expect(result).toMatchObject({ code: 1, added: 1, refused: 1, dry_run: true })
    expect(await countOf('dry-')).toBe(1)
  })

  it('asks for a file where secrets are to be made', async () => {
    const result = await importLines([device('none-1')])
    expect([result.code, result.error]).toEqual([
      2,
      'ace-oauth-server: none-1 has no client_secret: give --secrets-out FILE, and secrets are made\n',
    ])
    expect(await countOf('none-')).toBe(0)
  })

  it('hashes random secrets fast and those that people chose slowly, and knows both again', async () => {
    const random = newSecret()
    const lines = [
      device('own-1', { client_secret: random }),
      device('own-2', { client_secret: 'correct horse battery staple, 43 letters and more' }),
      device('own-3', { client_secret: Buffer.from(random, 'base64url').toString('hex') }),
    ]
    expect(await importLines(lines)).toMatchObject({ code: 0, added: 3 })
    const kinds = await line.withStore(async (store) =>
      Promise.all(
        ['own-1', 'own-2', 'own-3'].map(
          async (each) => (await store.clients.find(each))?.secretHash?.split(':')[0],
        ),
      ),
    )
    expect(kinds).toEqual(['sha256', 'scrypt', 'sha256'])
    expect(await importLines(lines)).toMatchObject({ code: 0, unchanged: 3 })
    const others = [
      device('own-1', { client_secret: newSecret() }),
      device('own-2', { client_secret: 'guess' }),
    ]
    expect((await importLines(others)).bad_lines.map(({ reason }) => reason)).toEqual([
      'own-1 is there already, with another secret',
      'own-2 is there already, with another secret',
    ])
  })

  it('passes over clients that differ in what the line does not say', async () => {
    const secrets = join(line.folder, 'said.secrets')
    await importLines([device('said-1')], '--secrets-out', secrets)
    await line.json('client', 'disable', 'said-1')
    expect(await importLines([device('said-1')], '--secrets-out', secrets)).toMatchObject({ unchanged: 1 })
    const enabled = await importLines([device('said-1', { enabled: true })], '--secrets-out', secrets)
    expect(enabled.bad_lines).toEqual([{ line: 1, reason: 'said-1 is there already, with other enabled' }])
  })

  it('takes what show tells', async () => {
    const options = [
      '--scope',
      'read',
      '--session',
      'implicit',
      '--session-budget',
      '3',
      '--no-administrator',
    ]
    await line.json('client', 'add', 'shown-1', '--audience', 'rs1', ...options)
    const shown = await line.json<Record<string, unknown>>('client', 'show', 'shown-1')
    await line.json('client', 'remove', 'shown-1')
    const secrets = join(line.folder, 'shown.secrets')
    expect(await importLines([JSON.stringify(shown)], '--secrets-out', secrets)).toMatchObject({ added: 1 })
    expect({ ...(await line.json<object>('client', 'show', 'shown-1')), created_at: 0 }).toEqual({
      ...shown,
      created_at: 0,
    })
  })

  it('stops between batches when it is told to, and goes on when it is repeated: no secret is lost', async () => {
    const secrets = join(line.folder, 'stop.secrets')
    const lines = devices('stop', 1_300)
    const ending = new AbortController()
    async function* input() {
      for (const [i, text] of lines.entries()) {
        if (i === 700) ending.abort()
        yield Buffer.from(`${text}\n`)
      }
    }
    const args = ['client', 'import', '-', '--secrets-out', secrets]
    const stopped = await line.cli(args, { input: input(), end: ending.signal })
    expect([stopped.code, stopped.error]).toEqual([
      1,
      'ace-oauth-server: stopped behind 500 lines: the same command goes on from there\n',
    ])
    expect(await countOf('stop-')).toBe(500)
    expect(await goodOf(await secretsIn(secrets))).toBe(500)
    expect(await importLines(lines, '--secrets-out', secrets)).toMatchObject({ added: 800, unchanged: 500 })
    expect(await goodOf(await secretsIn(secrets))).toBe(1_300)
  })

  it('takes over the secrets of rows that were stored before a crash, and no others', async () => {
    const secrets = join(line.folder, 'crash.secrets')
    await importLines([device('crash-0')], '--secrets-out', secrets)
    const [before] = await secretsIn(secrets)
    const left = [1, 2].map((i) => ({ client_id: `crash-${i}`, client_secret: newSecret() }))
    const file = await SecretsFile.open(secrets, join(line.folder, 'ace-oauth.sqlite'), async (all) =>
      all.map(() => true),
    )
    await file.stage(left)
    await file.close()
    const pending = join(
      line.folder,
      (await readdir(line.folder)).find((name) => name.startsWith('crash.secrets.'))!,
    )
    expect((await stat(pending)).mode & 0o777).toBe(0o600)
    await line.withStore(async (store) => {
      const like = (await store.clients.find('crash-0'))!
      const secretHash = hashNewSecret(left[0]!.client_secret)
      await store.clients.add({ ...like, clientId: 'crash-1', secretHash }, 'test')
    })
    // Half a line at the end of either file.
    await writeFile(secrets, `${JSON.stringify(before)}\n{"client_id":"cra`)
    await writeFile(pending, '{"client', { flag: 'a' })
    expect(await importLines(devices('crash', 4), '--secrets-out', secrets)).toMatchObject({
      added: 2,
      unchanged: 2,
    })
    const after = await secretsIn(secrets)
    expect(after.slice(0, 2)).toEqual([before, left[0]])
    expect([after.length, await goodOf(after)]).toEqual([4, 4])
    await expect(stat(pending)).rejects.toThrow('ENOENT')
  })

  it('adds each client once where two imports run at once, and neither keeps a secret that is not good', async () => {
    const lines = devices('race', 1_500)
    const path = await line.file('race.ndjson', lines.join('\n'))
    const files = ['a', 'b'].map((name) => join(line.folder, `race-${name}.secrets`))
    const outcomes = await Promise.all(
      files.map((file) => line.cli(['client', 'import', path, '--secrets-out', file, '--json'])),
    )
    const summaries = outcomes.map(({ out }) => JSON.parse(out) as Summary)
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0])
    expect(summaries[0]!.added + summaries[1]!.added).toBe(1_500)
    expect(summaries.map(({ refused }) => refused)).toEqual([0, 0])
    const secrets = (await Promise.all(files.map(secretsIn))).flat()
    expect(new Set(secrets.map(({ client_id }) => client_id)).size).toBe(1_500)
    expect([secrets.length, await goodOf(secrets)]).toEqual([1_500, 1_500])
  })

  it('refuses a file for secrets that others may read, and files that cannot be read', async () => {
    const path = await line.file('one.ndjson', device('file-1'))
    const open = await line.file('open.secrets', '')
    const refused = await line.cli(['client', 'import', path, '--secrets-out', open])
    expect([refused.code, refused.error]).toEqual([2, expect.stringContaining('others may read it')])
    for (const [file, reason] of [
      [join(line.folder, 'none.ndjson'), 'ENOENT'],
      [line.folder, 'it is a folder'],
    ] as const) {
      const { code, error } = await line.cli(['client', 'import', file])
      expect([code, error]).toEqual([2, expect.stringContaining(reason)])
    }
    const folder = await line.cli(['client', 'import', path, '--secrets-out', line.folder])
    expect(folder.code).toBe(2)
    expect(await countOf('file-')).toBe(0)
  })

  it('shows a bar of progress on a terminal alone', async () => {
    const path = await line.file('bar.ndjson', devices('bar', 600).join('\n'))
    const args = ['client', 'import', path, '--secrets-out', join(line.folder, 'bar.secrets')]
    const shown = await line.cli(args, { hasProgress: true })
    expect(shown.error.replaceAll(/[^ -~]/g, '')).toMatch(/^\[K\[#+\.+\] +\d+ % 500 clients/)
    expect(shown.out).toBe('600 lines: 600 clients added, 0 were there already, 0 refused\n')
    expect((await line.cli(args)).error).toBe('')
  })
})

describe('rs import', () => {
  it('makes keys and secrets, and takes those that rs add told', async () => {
    const added = await line.json<{ audience: string; key: { k: string } }>(
      'rs',
      'add',
      'told',
      '--scope',
      'read',
    )
    await line.json('rs', 'remove', 'told')
    const secrets = join(line.folder, 'rs.secrets')
    const path = await line.file(
      'rs.ndjson',
      [
        JSON.stringify({ scope: 'read', ...added }),
        '{"audience":"made","scope":["read","aif:/s/temp 1"],"format":"cwt-mac0"}',
        '{"audience":"jwt","scope":"read","format":"jwt","algorithm":"HMAC 256/256"}',
        `{"audience":"short","scope":"read","key":{"kty":"oct","k":"AAAA"}}`,
        '{"audience":"signed","scope":"read","format":"cwt-sign1"}',
      ].join('\n'),
    )
    const { code, out, error } = await line.cli(['rs', 'import', path, '--secrets-out', secrets])
    expect([code, out]).toEqual([1, '5 lines: 3 resource servers added, 0 were there already, 2 refused\n'])
    expect(error).toContain('line 3: algorithm: "HMAC 256/256" does not go with jwt')
    expect(error).toContain('line 4: key: ')
    const written = (await readFile(secrets, 'utf8'))
      .trim()
      .split('\n')
      .map((each) => JSON.parse(each))
    expect(written.map(({ audience }) => audience)).toEqual(['made', 'signed'])
    expect(written[0]).toMatchObject({
      key: { kty: 'oct', kid: 'made' },
      introspection: { client_id: 'made' },
    })
    expect(written[1].key).toMatchObject({ kty: 'EC' })
    await line.withStore(async (store) => {
      expect((await store.resourceServers.find('told'))?.key).toEqual(added.key)
    })
    const again = await line.cli(['rs', 'import', path, '--secrets-out', secrets, '--json'])
    expect(JSON.parse(again.out)).toMatchObject({ added: 0, unchanged: 3 })
  })
})

describe('the lines of a file', () => {
  it('are the same wherever its bytes are cut', async () => {
    const texts = fc.array(
      fc.string({ unit: 'binary' }).map((text) => text.replaceAll(/[\n\ufeff]/g, '').trim()),
    )
    await fc.assert(
      fc.asyncProperty(texts, fc.array(fc.nat({ max: 40 })), async (lines, cuts) => {
        const bytes = Buffer.from(lines.map((each) => `${each}\n`).join(''))
        async function* chunks() {
          let start = 0
          for (const cut of cuts) {
            yield bytes.subarray(start, start + cut)
            start = Math.min(bytes.length, start + cut)
          }
          yield bytes.subarray(start)
        }
        const found = []
        for await (const each of linesOf(chunks())) found.push(each)
        expect(found.map(({ text }) => text)).toEqual(
          lines.map((each) => Buffer.from(each).toString().trim()),
        )
        expect(found.map(({ number }) => number)).toEqual(lines.map((_, i) => i + 1))
        if (lines.length > 0) expect(found.at(-1)!.offset).toBe(bytes.length)
      }),
      { numRuns: 40 },
    )
  })

  it('that are too long take no memory', async () => {
    async function* long() {
      for (let i = 0; i < 2_000; i++) yield Buffer.alloc(64 * 1024, 0x61)
      yield Buffer.from('\nb')
    }
    const before = process.memoryUsage().arrayBuffers
    const found = []
    for await (const each of linesOf(long())) found.push(each)
    expect(found.map(({ text, problem }) => text ?? problem)).toEqual([
      'it has 131072000 bytes, more than 65536',
      'b',
    ])
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * 1024 * 1024)
  })
})
