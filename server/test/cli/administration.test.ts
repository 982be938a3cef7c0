import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CommandLine, openCommandLine, runCommand } from './command-line.ts'

let line: CommandLine
beforeAll(async () => {
  line = await openCommandLine()
  await line.json('rs', 'add', 'rs1', '--scope', 'read', '--scope', 'write')
})
afterAll(() => line.close())

/** Text that should do harm where it is taken for something else than text. */
const hostile = [
  "'; drop table clients; --",
  '$(touch /tmp/x)`id`',
  '../../etc/passwd',
  '%s%n\\',
  '\u001b[2J\u001b]0;x\u0007',
  '\u202eevil',
  '\u0000',
  'ünïcödé',
  '😀'.repeat(100),
  ' ',
  '',
  'a'.repeat(201),
]

const add = (name: string, ...more: readonly string[]) =>
  line.json<{ client_id: string; client_secret: string }>(
    ...['client', 'add', name, '--audience', 'rs1', '--scope', 'read', ...more],
  )

describe('names', () => {
  it.each(hostile)(
    '%j is text wherever it is given: refused or looked up, never run nor shown raw',
    async (text) => {
      const isName = /^[!-~]{1,200}$/.test(text)
      const lists = async () => [await line.json('client', 'list'), await line.json('rs', 'list')]
      const before = await lists()
      const registered = ['--audience', 'rs1', '--scope', 'read']
      const outcomes = [
        [
          ['client', 'add', text, ...registered],
          ['client', 'remove', text],
        ],
        [
          ['rs', 'add', text, '--scope', 'read'],
          ['rs', 'remove', text],
        ],
        [
          ['client', 'add', 'ok', ...registered, '--audience', text],
          ['client', 'remove', 'ok'],
        ],
      ] as const
      for (const [args, undo] of outcomes) {
        const { code, error } = await line.cli(args)
        expect([args, code]).toEqual([args, isName ? 0 : 2])
        expect(error.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
        if (code === 0) await line.json(...undo)
      }
      for (const option of ['--scope', '--channel-identity', '--default-scope', '--default-audience']) {
        const { code, error } = await line.cli(['client', 'add', 'ok', ...registered, option, text])
        expect(error.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
        if (code === 0) await line.json('client', 'remove', 'ok')
        else expect([option, code]).toEqual([option, 2])
      }
      const lookups = [
        ['client', 'show'],
        ['client', 'disable'],
        ['client', 'rotate'],
        ['client', 'remove'],
        ['client', 'set', '--scope=read'],
        ['rs', 'show'],
        ['rs', 'remove'],
        ['rs', 'rotate-key'],
        ['session', 'open'],
        ['session', 'close'],
        ['token', 'show'],
        ['token', 'revoke'],
        ['key', 'remove'],
      ]
      for (const args of lookups) {
        const { code, error } = await line.cli([...args, text])
        expect([args, code]).toEqual([args, 1])
        expect(error.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
      }
      for (const args of [
        ['audit', '--client', text],
        ['audit', '--actor', text || 'x'],
        ['audit', '--action', text],
        ['token', 'list', '--client', text],
        ['token', 'list', '--audience', text],
        ['session', 'list', '--client', text],
      ])
        expect((await line.cli([...args, '--json'])).code).toBe(0)
      expect(await lists()).toEqual(before)
    },
  )
})

describe('client', () => {
  it('shows all that is registered but for the secret, and changes what it is told to', async () => {
    const { client_secret } = await add('c1', '--default-audience', 'rs1', '--session', 'operator')
    const shown = await line.json<Record<string, unknown>>('client', 'show', 'c1')
    expect(shown).toEqual({
      client_id: 'c1',
      enabled: true,
      authentication: 'client_secret',
      audiences: ['rs1'],
      scopes: ['read'],
      default_audience: 'rs1',
      default_scope: null,
      profiles: ['coap_dtls'],
      grant_types: ['client_credentials', 'refresh_token'],
      jwks: null,
      certificate_subject: null,
      channel_identity: null,
      session: {
        opens: 'operator',
        max_open: 10,
        lifetime: 3600,
        budget: null,
        per_minute: null,
        audiences: null,
        scopes: null,
      },
      administrator: false,
      created_at: expect.any(Number),
    })
    const changes = [
      '--scope',
      'read write',
      '--default-audience',
      '',
      '--session-budget',
      '5',
      '--administrator',
    ]
    expect(await line.json('client', 'set', 'c1', ...changes)).toEqual({
      ...shown,
      scopes: ['read', 'write'],
      default_audience: null,
      session: { ...(shown['session'] as object), budget: 5 },
      administrator: true,
    })
    const everything = await Promise.all(
      [['client', 'list'], ['client', 'show', 'c1'], ['audit']].map((args) => line.cli([...args, '--json'])),
    )
    const { secretHash } = (await line.withStore((store) => store.clients.find('c1')))!
    for (const { out } of everything) {
      expect(out).not.toContain(client_secret)
      expect(out).not.toContain(secretHash)
    }
    const [change] = await line.json<{ details: unknown }[]>(
      'audit',
      '--action',
      'client_changed',
      '--client',
      'c1',
    )
    expect(change!.details).toMatchObject({ scopes: { from: ['read'], to: ['read', 'write'] } })
  })

  it('takes the ways to authenticate that there are, each with what it needs', async () => {
    const jwks = await line.file('c.jwks', '{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]}')
    const options = ['--audience', 'rs1', '--scope', 'read']
    expect(await line.json('client', 'add', 'jwt1', ...options, '--jwks', jwks)).toEqual({
      client_id: 'jwt1',
      authentication: 'private_key_jwt',
    })
    expect((await line.cli(['client', 'rotate', 'jwt1'])).code).toBe(1)
    await line.json('client', 'add', 'tls1', ...options, '--certificate-subject', 'dns=s1.example.com')
    expect(await line.json('client', 'show', 'tls1')).toMatchObject({
      authentication: 'tls_client_auth',
      certificate_subject: { tls_client_auth_san_dns: 's1.example.com' },
    })
    const channel = ['--authentication', 'channel', '--channel-identity', 'psk1']
    await line.json('client', 'add', 'psk1', ...options, ...channel)
    const wrong = [
      [channel, 1, 'the channel identity of x is that of another client'],
      [['--authentication', 'private_key_jwt'], 2, '--jwks: private_key_jwt needs keys'],
      [['--authentication', 'self_signed_tls_client_auth', '--jwks', jwks], 2, 'x5t#S256'],
      [['--certificate-subject', 'dsn=x'], 2, 'did you mean dn?'],
      [['--jwks', jwks.replace('c.jwks', 'none')], 2, '--jwks: ENOENT'],
      [['--jwks', line.config], 2, 'no JSON'],
      [['--authentication', 'chanel'], 2, 'did you mean channel?'],
      [['--session-budget', '5'], 2, 'need --session'],
      [['--default-scope', 'read write'], 2, '--default-scope: "write" is not among the scopes'],
    ] as const
    for (const [more, exit, reason] of wrong) {
      const { code, error } = await line.cli(['client', 'add', 'x', ...options, ...more])
      expect([more, code, error]).toEqual([more, exit, expect.stringContaining(reason)])
    }
    const other = await line.cli(['client', 'set', 'jwt1', '--channel-identity', 'psk1'])
    expect([other.code, other.error]).toEqual([1, expect.stringContaining('is that of psk1')])
  })

  it('adds a client once, whoever is first', async () => {
    const args = ['client', 'add', 'once', '--audience', 'rs1', '--scope', 'read']
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => line.cli(args)))
    expect(outcomes.map(({ code }) => code).sort()).toEqual([0, 1, 1, 1])
    expect(outcomes.find(({ code }) => code === 1)!.error).toBe(
      'ace-oauth-server: there is a client once already\n',
    )
    const rs = await line.cli(['rs', 'add', 'once', '--scope', 'read'])
    expect([rs.code, rs.error]).toEqual([1, 'ace-oauth-server: there is a client once: take another name\n'])
    const client = await line.cli(['client', 'add', 'rs1', '--audience', 'rs1', '--scope', 'read'])
    expect([client.code, client.error]).toEqual([1, expect.stringContaining('resource server introspects')])
  })

  it('suggests what may have been meant, for people', async () => {
    await add('sensor-7')
    const cases = [
      [['clint', 'list'], 2, 'Did you mean client?'],
      [['client', 'lst'], 2, 'Did you mean list?'],
      [['client', 'list', '--jsn'], 2, 'Did you mean --json?'],
      [['client', 'show', 'sensor-8'], 1, 'did you mean sensor-7?'],
      [['rs', 'show', 'rs2'], 1, 'did you mean rs1?'],
      [['rs', 'add', 'x', '--scope', 'read', '--format', 'cwt-mac'], 2, 'did you mean cwt-mac0?'],
      [
        ['client', 'add', 'y', '--audience', 'rs', '--scope', 'read'],
        0,
        'no resource server rs is registered yet; did you mean rs1?',
      ],
      [['client', 'add', 'z', '--audience', 'rs1', '--scope', 'raed'], 0, 'did you mean read?'],
    ] as const
    for (const [args, exit, reason] of cases) {
      const { code, error } = await line.cli(args)
      expect([args, code, error]).toEqual([args, exit, expect.stringContaining(reason)])
    }
  })

  it('lists page by page, as far as it is told, and stops when it is told to', async () => {
    const path = await line.file(
      'many.ndjson',
      Array.from({ length: 2_100 }, (_, i) =>
        JSON.stringify({ client_id: `page-${String(i).padStart(4, '0')}`, audience: 'rs1', scope: 'read' }),
      ).join('\n'),
    )
    await line.cli(['client', 'import', path, '--secrets-out', join(line.folder, 'many.secrets')])
    const names = async (...args: readonly string[]) =>
      (await line.json<{ client_id: string }[]>('client', 'list', ...args)).map(({ client_id }) => client_id)
    expect((await names()).filter((name) => name.startsWith('page-'))).toHaveLength(2_100)
    expect(await names('--after', 'page-0998', '--limit', '2')).toEqual(['page-0999', 'page-1000'])
    expect(await names('--after', 'zzz')).toEqual([])
    const table = await line.cli(['client', 'list', '--after', 'page-', '--limit', '1500'])
    expect(table.out.trim().split('\n')).toHaveLength(1_501)
    const stopped = await line.cli(['client', 'list'], { end: AbortSignal.abort() })
    expect([stopped.code, stopped.out]).toEqual([1, ''])
    expect((await line.cli(['client', 'list', '--limit', '0'])).code).toBe(2)
  })
})

describe('rs', () => {
  it('shows and changes what is registered, but for keys and secrets', async () => {
    const { key } = await line.json<{ key: { k: string } }>(
      ...['rs', 'add', 'rs5', '--scope', 'read', '--exi', '--max-token-bytes', '200', '--no-issuer-claim'],
    )
    const shown = await line.json<Record<string, unknown>>('rs', 'show', 'rs5')
    expect(shown).toMatchObject({ uses_exi: true, max_token_bytes: 200, has_issuer: false, key_id: 'rs5' })
    expect(JSON.stringify(shown)).not.toContain(key.k)
    const set = await line.json(
      'rs',
      'set',
      'rs5',
      '--token-lifetime',
      '60',
      '--no-exi',
      '--scope',
      'aif:/s/temp 1',
    )
    expect(set).toEqual({ ...shown, token_lifetime: 60, uses_exi: false, scopes: ['aif:/s/temp 1'] })
    expect((await line.cli(['rs', 'set', 'rs5'])).code).toBe(2)
    const everything = await Promise.all(
      [
        ['rs', 'list'],
        ['audit', '--subject', 'rs5'],
      ].map((args) => line.cli([...args, '--json'])),
    )
    for (const { out } of everything) expect(out).not.toContain(key.k)
  })

  it('makes the next key of a resource server, and takes it when it is told to', async () => {
    await line.json('rs', 'add', 'rs6', '--scope', 'read')
    const next = await line.json<{ key: { kid: string } }>('rs', 'generate-key', 'rs6')
    expect(await line.json('rs', 'show', 'rs6')).toMatchObject({ key_id: 'rs6', next_key_id: 'rs6-2' })
    expect(await line.json('rs', 'rotate-key', 'rs6')).toEqual({ audience: 'rs6', key_id: 'rs6-2' })
    const stored = await line.withStore((store) => store.resourceServers.find('rs6'))
    expect([stored?.key, stored?.nextKey]).toEqual([next.key, null])
    expect(await line.json('rs', 'rotate-key', 'rs6')).toMatchObject({ key: { kid: 'rs6-3' } })
    await line.json('rs', 'add', 'rs7', '--scope', 'read', '--format', 'jwt')
    expect((await line.cli(['rs', 'rotate-key', 'rs7'])).error).toContain('shares no key')
    expect(await line.json('rs', 'rotate-secret', 'rs7')).toMatchObject({
      introspection: { client_id: 'rs7' },
    })
  })
})

describe('audit', () => {
  it('tells who did what, in the order in which it happened, as far as it is asked', async () => {
    await add('audited')
    await line.json('client', 'disable', 'audited')
    const entries = await line.json<Record<string, unknown>[]>('audit', '--client', 'audited')
    expect(entries).toEqual([
      {
        id: expect.any(Number),
        at: expect.any(Number),
        actor: expect.stringMatching(/^cli:\S+ client add$/),
        action: 'client_added',
        subject: 'audited',
        details: { authentication: 'client_secret', audiences: ['rs1'], scopes: ['read'] },
      },
      expect.objectContaining({
        action: 'client_disabled',
        actor: expect.stringMatching(/ client disable$/),
      }),
    ])
    expect(await line.json('audit', '--client', 'audited', '--limit', '1')).toEqual([entries[1]])
    expect(await line.json('audit', '--client', 'audited', '--after', String(entries[0]!['id']))).toEqual([
      entries[1],
    ])
    expect(await line.json('audit', '--client', 'audited', '--since', '1m')).toHaveLength(2)
    expect(await line.json('audit', '--client', 'audited', '--until', '2020-01-01')).toEqual([])
    expect(await line.json('audit', '--action', 'client_disabled', '--limit', '1')).toEqual([entries[1]])
    for (const args of [
      ['--since', 'yesterday'],
      ['--after', 'x'],
      ['--limit', '-1'],
    ])
      expect((await line.cli(['audit', ...args])).code).toBe(2)
    const { out } = await line.cli(['audit', '--client', 'audited'])
    expect(out).toMatch(/^id +at +actor +action +subject +details\n\d+ +\d{4}-\d\d-\d\dT[\d:]+Z +cli:/)
  })
})

describe('every command', () => {
  const groups: Readonly<Record<string, readonly string[]>> = {
    '': ['init', 'serve', 'audit', 'check', 'completion'],
    client: ['add', 'list', 'show', 'set', 'disable', 'enable', 'rotate', 'remove', 'import'],
    rs: ['add', 'list', 'show', 'set', 'generate-key', 'rotate-key', 'rotate-secret', 'remove', 'import'],
    session: ['open', 'list', 'close'],
    token: ['list', 'show', 'revoke'],
    key: ['generate', 'rotate', 'list', 'remove'],
  }

  it.each(Object.entries(groups))('of "%s" has help with an example', async (group, names) => {
    for (const name of names) {
      const { code, out } = await runCommand([...(group ? [group] : []), name, '--help'])
      expect([name, code]).toEqual([name, 0])
      expect(out).toMatch(/Examples:\n {2}# .+\n {2}\$ ace-oauth-server /)
    }
    const { out } = await runCommand([...(group ? [group] : []), '--help'])
    for (const name of names) expect(out).toMatch(new RegExp(`^ {2}${name} `, 'm'))
  })

  it('is completed in shells', async () => {
    const { out } = await runCommand(['completion', 'bash'])
    expect(out).toContain("'client add') words=(")
    expect(out).toContain('--format) words=(cwt-encrypt0')
    expect((await runCommand(['completion', 'fish'])).out).toContain('-l algorithm -x -a')
    expect((await runCommand(['completion', 'tcsh'])).code).toBe(2)
  })

  it('says in one line what is wrong with the configuration or the store', async () => {
    for (const [args, exit, reason] of [
      [['--config', join(line.folder, 'none.yaml')], 2, 'cannot be read'],
      [['--config', line.folder], 2, 'cannot be read'],
      [['--set', 'store=none.sqlite'], 1, 'ace-oauth-server init makes one'],
      [['--set', 'store=postgres://a:b@127.0.0.1:1/c'], 1, 'the store cannot be opened: '],
      [['--set', 'listen.http.port=99999'], 2, 'listen.http.port'],
    ] as const) {
      const { code, out, error } = await runCommand(['client', 'list', '--config', line.config, ...args])
      expect([args, code, out, error]).toEqual([args, exit, '', expect.stringContaining(reason)])
      expect(error.trim().split('\n')).toHaveLength(1)
    }
  })

  it.skipIf(process.getuid?.() === 0)('says so where it may not write to the store', async () => {
    await chmod(join(line.folder, 'ace-oauth.sqlite'), 0o400)
    const { code, error } = await line.cli(['client', 'disable', 'rs1'])
    expect([code, error]).toEqual([1, expect.stringContaining('the store cannot be opened')])
    await chmod(join(line.folder, 'ace-oauth.sqlite'), 0o600)
  })
})
