import { createHash, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { chmod, writeFile } from 'node:fs/promises'
import { type Agent, request, Agent as TlsAgent } from 'node:https'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { type ConnectionOptions, connect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ClientRecord, openStore } from '../../src/index.ts'
import { makeCertificate, type TestCertificate } from './certificates.ts'
import { command, initialized, type Running, start } from './running.ts'

let server: Running
let authority: TestCertificate
let clientAuthority: TestCertificate
let otherAuthority: TestCertificate
const localhost = [
  { type: 'ip', value: '127.0.0.1' },
  { type: 'dns', value: 'localhost' },
] as const
const thumbprint = ({ der }: TestCertificate) => createHash('sha256').update(der).digest('base64url')

const tls = [
  'listen.https.port=0',
  'listen.https.certificate=server.pem',
  'listen.https.key=server.key',
  'listen.https.clientCertificates=optional',
  'listen.https.clientAuthorities=clients.pem',
]

/** Registers a client that authenticates by a certificate. */
async function register(folder: string, clientId: string, more: Partial<ClientRecord>): Promise<void> {
  const store = await openStore(join(folder, 'ace-oauth.sqlite'))
  const example = (await store.clients.find('example-client'))!
  await store.clients.add({ ...example, clientId, secretHash: null, ...more }, 'test')
  await store.close()
}

beforeAll(async () => {
  authority = await makeCertificate('CN=Authority', { isAuthority: true })
  clientAuthority = await makeCertificate('CN=Authority for clients', { isAuthority: true })
  otherAuthority = await makeCertificate('CN=Another authority', { isAuthority: true })
  const own = await makeCertificate('CN=as', { issuer: authority, names: localhost })
  server = await start(tls, async (folder) => {
    await writeFile(join(folder, 'server.pem'), own.certificate)
    await writeFile(join(folder, 'server.key'), own.key, { mode: 0o600 })
    await writeFile(join(folder, 'clients.pem'), clientAuthority.certificate)
    await register(folder, 'by-subject', {
      authentication: 'tls_client_auth',
      certificateSubject: { tls_client_auth_subject_dn: 'CN=sensor1,O=Example' },
    })
  })
}, 60_000)
afterAll(() => server.close())

const lastAnswer = () => server.lines('answer').at(-1)

interface Answer {
  readonly status: number | undefined
  readonly json: unknown
  readonly certificate: X509Certificate | undefined
}

/** Asks for a token by a form, with a certificate. */
async function ask(
  clientId: string,
  shown?: TestCertificate,
  more: { readonly agent?: Agent; readonly headers?: Record<string, string> } = {},
): Promise<Answer> {
  const sent = request(`${server.ready.https}/token`, {
    method: 'POST',
    ca: authority.certificate,
    agent: false,
    ...(shown && { cert: shown.certificate, key: shown.key }),
    ...more,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...more.headers },
  })
  sent.end(`grant_type=client_credentials&client_id=${clientId}`)
  const [response] = await once(sent, 'response')
  const certificate = response.socket.getPeerX509Certificate() as X509Certificate | undefined
  return { status: response.statusCode, json: await json(response), certificate }
}

const refusalOf = async (options: ConnectionOptions): Promise<string> => {
  const port = Number(new URL(server.ready.https).port)
  const socket = connect({ port, host: '127.0.0.1', ca: authority.certificate, ...options })
  try {
    await once(socket, 'secureConnect')
    return socket.getProtocol() ?? ''
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code)
  } finally {
    socket.destroy()
  }
}

describe('HTTPS', () => {
  it('tells its URL in the line that says ready, and has it as its issuer', async () => {
    expect(server.ready.https).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
    const sent = request(`${server.ready.https}/.well-known/oauth-authorization-server`, {
      ca: authority.certificate,
      agent: false,
    })
    sent.end()
    const [response] = await once(sent, 'response')
    expect(await json(response)).toMatchObject({ issuer: server.ready.https })
  })

  it('takes TLS 1.2 and 1.3, and nothing older (RFC 9325, R9200-5-1, R9200-5.9-2, R9200-6.5-1, R9200-6.5-3, R9202-3.1-3, R7662-2-1)', async () => {
    expect(await refusalOf({ maxVersion: 'TLSv1.2' })).toBe('TLSv1.2')
    expect(await refusalOf({})).toBe('TLSv1.3')
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const
    expect(await refusalOf(old)).toMatch(/ERR_SSL/)
    expect(await refusalOf({ maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA' })).toMatch(/ERR_SSL/)
    await expect
      .poll(() => server.lines('tls_handshake_failed').at(-1))
      .toMatchObject({ address: '127.0.0.1', reason: expect.stringMatching(/^ERR_SSL/) })
  })

  it('lets those without a certificate in, who authenticate in another way', async () => {
    expect(await ask('by-subject')).toMatchObject({ status: 401, json: { error: 'invalid_client' } })
    const basic = { headers: { authorization: server.basic } }
    expect((await ask('example-client', undefined, basic)).status).toBe(200)
  })
})

describe('client certificates (RFC 8705)', () => {
  const sensor1 = 'O=Example, CN=sensor1'

  it('authenticates by the subject of a certificate that an authority for clients vouches for (R9200-5-2, R9200-5.9-3, R9202-3.1-1)', async () => {
    const shown = await makeCertificate(sensor1, { issuer: clientAuthority })
    expect(await ask('by-subject', shown)).toMatchObject({ status: 200 })
    await expect.poll(lastAnswer).toMatchObject({ client: 'by-subject', status: 200 })
    const other = await makeCertificate('O=Example, CN=sensor2', { issuer: clientAuthority })
    expect((await ask('by-subject', other)).status).toBe(401)
  })

  it.each([
    ['another authority', () => makeCertificate(sensor1, { issuer: otherAuthority })],
    ['the authority of the server', () => makeCertificate(sensor1, { issuer: authority })],
    ['itself', () => makeCertificate(sensor1)],
  ])('refuses the subject of a certificate that was signed by %s', async (_, make) => {
    expect(await ask('by-subject', await make())).toMatchObject({ status: 401 })
    await expect
      .poll(lastAnswer)
      .toMatchObject({ code: 'token_client_credentials_invalid', claimed_client: 'by-subject' })
  })

  it.each([
    ['has expired', { from: -3, to: -2 }],
    ['is not valid yet', { from: 2, to: 3 }],
  ])('takes a certificate that %s for none, and says so', async (_, validity) => {
    const shown = await makeCertificate(sensor1, { issuer: clientAuthority, ...validity })
    expect((await ask('by-subject', shown)).status).toBe(401)
    await expect
      .poll(() => server.lines('client_certificate_not_valid').at(-1))
      .toMatchObject({ address: '127.0.0.1' })
    const own = await makeCertificate('CN=own', validity)
    await register(server.folder, `own-${validity.from}`, {
      authentication: 'self_signed_tls_client_auth',
      jwks: { keys: [{ kty: 'EC', 'x5t#S256': thumbprint(own) }] },
    })
    expect((await ask(`own-${validity.from}`, own)).status).toBe(401)
  })

  it('authenticates by the thumbprint of a certificate that the client signed itself', async () => {
    const own = await makeCertificate('CN=self')
    await register(server.folder, 'self', {
      authentication: 'self_signed_tls_client_auth',
      jwks: { keys: [{ kty: 'EC', 'x5t#S256': thumbprint(own) }] },
    })
    expect(await ask('self', own)).toMatchObject({ status: 200 })
    expect((await ask('self', await makeCertificate('CN=self'))).status).toBe(401)
    expect((await ask('self')).status).toBe(401)
  })

  it('knows the client again on each request of a connection, and after the session was resumed', async () => {
    const shown = await makeCertificate(sensor1, { issuer: clientAuthority })
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const agent = new TlsAgent({
        keepAlive: true,
        maxVersion,
        ca: authority.certificate,
        cert: shown.certificate,
        key: shown.key,
      })
      for (let i = 0; i < 3; i++) {
        expect((await ask('by-subject', undefined, { agent })).status).toBe(200)
        // The next one resumes the session on another connection.
        if (i === 1) for (const sockets of Object.values(agent.freeSockets)) sockets?.[0]?.destroy()
      }
      agent.destroy()
    }
  })

  it('reads no certificate from a header', async () => {
    const shown = await makeCertificate(sensor1, { issuer: clientAuthority })
    const headers = { 'client-cert': `:${Buffer.from(shown.der).toString('base64')}:` }
    expect((await ask('by-subject', undefined, { headers })).status).toBe(401)
  })
})

describe('a reload', () => {
  it('takes new certificates for new connections, and another authority for clients', async () => {
    const later = await makeCertificate('CN=renewed', { issuer: authority, names: localhost })
    const shown = await makeCertificate('O=Example, CN=sensor1', { issuer: otherAuthority })
    const agent = new TlsAgent({ keepAlive: true, ca: authority.certificate })
    const basic = { agent, headers: { authorization: server.basic } }
    expect((await ask('example-client', undefined, basic)).certificate?.subject).toBe('CN=as')
    await server.write('server.pem', later.certificate)
    await server.write('server.key', later.key)
    await server.write('clients.pem', clientAuthority.certificate + otherAuthority.certificate)
    expect(await server.reload()).toMatchObject({ event: 'reloaded' })
    // On the old connection the next answer is the last.
    expect((await ask('example-client', undefined, basic)).status).toBe(200)
    expect((await ask('example-client', undefined, basic)).certificate?.subject).toBe('CN=renewed')
    expect((await ask('by-subject', shown)).status).toBe(200)
    agent.destroy()
  })

  it('keeps the old certificate where the new one cannot be used, and says why', async () => {
    const own = await makeCertificate('CN=own', { names: localhost })
    const before = (await ask('by-subject')).certificate?.subject
    await server.write('server.key', own.key)
    expect(await server.reload()).toMatchObject({
      event: 'reload_failed',
      level: 'error',
      reason: expect.stringContaining('listen.https.key: it is not the key of the certificate'),
    })
    await server.write('server.key', 'no key')
    await server.write('clients.pem', 'no certificate')
    const { reason } = await server.reload()
    expect(reason).toMatch(/listen\.https\.key: .*server\.key: /)
    expect(reason).toMatch(/listen\.https\.clientAuthorities: .*clients\.pem: there is no certificate/)
    expect((await ask('by-subject')).certificate?.subject).toBe(before)
  })
})

describe('a listener of its own', () => {
  let own: TestCertificate
  beforeAll(async () => {
    own = await makeCertificate('CN=as', { issuer: authority, names: localhost })
  })
  const files = async (folder: string): Promise<void> => {
    await writeFile(join(folder, 'server.pem'), own.certificate)
    await writeFile(join(folder, 'server.key'), own.key, { mode: 0o600 })
    await writeFile(join(folder, 'clients.pem'), clientAuthority.certificate)
  }
  const sensor = () => makeCertificate('O=Example, CN=sensor1', { issuer: clientAuthority })
  const get = async (running: Running, shown?: TestCertificate): Promise<number | string> => {
    const sent = request(`${running.ready.https}/jwks`, {
      ca: authority.certificate,
      agent: false,
      ...(shown && { cert: shown.certificate, key: shown.key }),
    })
    sent.end()
    try {
      const [response] = await once(sent, 'response')
      response.resume()
      return response.statusCode
    } catch (error) {
      return String((error as NodeJS.ErrnoException).code)
    }
  }

  it('refuses connections without a certificate that is vouched for, where one is required', async () => {
    const running = await start([...tls, 'listen.https.clientCertificates=required'], files)
    expect(await get(running, await sensor())).toBe(200)
    for (const shown of [undefined, await makeCertificate('O=Example, CN=sensor1')])
      expect(await get(running, shown)).toMatch(/^E/)
    const expired = { issuer: clientAuthority, from: -3, to: -2 }
    expect(await get(running, await makeCertificate('O=Example, CN=sensor1', expired))).toMatch(/^E/)
    await running.close()
  })

  it('takes the certificate of a proxy for nobody else', async () => {
    const sets = [...tls, 'proxies.addresses=[127.0.0.1]', 'proxies.clientCertificate.isVerified=true']
    const running = await start(sets, async (folder) => {
      await files(folder)
      await register(folder, 'by-subject', {
        authentication: 'tls_client_auth',
        certificateSubject: { tls_client_auth_subject_dn: 'CN=sensor1,O=Example' },
      })
    })
    const shown = await sensor()
    const through = async (headers: Record<string, string>): Promise<number> => {
      const sent = request(`${running.ready.https}/token`, {
        method: 'POST',
        ca: authority.certificate,
        agent: false,
        cert: shown.certificate,
        key: shown.key,
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      })
      sent.end('grant_type=client_credentials&client_id=by-subject')
      const [response] = await once(sent, 'response')
      response.resume()
      return response.statusCode
    }
    expect(await through({})).toBe(401)
    expect(await through({ 'client-cert': `:${Buffer.from(shown.der).toString('base64')}:` })).toBe(200)
    await running.close()
  })

  it('tells of plain HTTP on its port as a handshake that failed', async () => {
    const running = await start(tls, files)
    await fetch(running.ready.https.replace('https', 'http')).catch(() => undefined)
    await expect
      .poll(() => running.lines('tls_handshake_failed'))
      .toMatchObject([{ level: 'info', reason: expect.stringMatching(/^ERR_SSL/) }])
    const metrics = await (await fetch(`${running.ready.metrics}/metrics`)).text()
    expect(metrics).toContain('ace_oauth_tls_handshake_failures_total 1\n')
    await running.close()
  })
})

describe('the end of HTTPS', () => {
  it('waits for no connection that never asked for anything', async () => {
    const own = await makeCertificate('CN=as', { issuer: authority, names: localhost })
    const running = await start(
      [...tls.slice(0, 3), 'limits.headerTimeout=1000', 'limits.drainTimeout=1000'],
      async (folder) => {
        await writeFile(join(folder, 'server.pem'), own.certificate)
        await writeFile(join(folder, 'server.key'), own.key, { mode: 0o600 })
      },
    )
    const port = Number(new URL(running.ready.https).port)
    const socket = connect({ port, host: '127.0.0.1', ca: authority.certificate })
    await once(socket, 'secureConnect')
    socket.on('error', () => undefined)
    socket.resume()
    expect(await running.end()).toBe(0)
    await running.close()
  })
})

describe('the start with HTTPS', () => {
  const serve = async (sets: readonly string[], files: Readonly<Record<string, string>>) => {
    const { folder, config } = await initialized()
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
    return command('serve', '--config', config, ...sets.flatMap((set) => ['--set', set]))
  }

  it('names all files that cannot be used, with exit code 2', async () => {
    const { code, error } = await serve(tls, { 'server.pem': 'x' })
    expect(code).toBe(2)
    expect(error).toMatch(/listen\.https\.certificate: .*server\.pem: there is no certificate in PEM in it/)
    expect(error).toMatch(/listen\.https\.key: .*server\.key: there is no such file/)
    expect(error).toMatch(/listen\.https\.clientAuthorities: .*clients\.pem: there is no such file/)
  })

  it('wants to know authorities where certificates are required', async () => {
    const required = [...tls.slice(0, 3), 'listen.https.clientCertificates=required']
    const { code, error } = await serve(required, {})
    expect([code, error]).toEqual([2, expect.stringContaining('listen.https.clientAuthorities: ')])
  })

  it('warns of a certificate that has ended and of a key that others can read', async () => {
    const own = await makeCertificate('CN=old', { names: localhost, from: -3, to: -2 })
    const running = await start(
      [...tls.slice(0, 3), 'listen.https.clientCertificates=required', tls[4]!, 'listen.http=false'].filter(
        (set) => !set.includes('listen.http.'),
      ),
      async (folder) => {
        await writeFile(join(folder, 'server.pem'), own.certificate)
        await writeFile(join(folder, 'server.key'), own.key)
        await chmod(join(folder, 'server.key'), 0o644)
        await writeFile(join(folder, 'clients.pem'), clientAuthority.certificate)
      },
    )
    await expect
      .poll(() => running.lines('certificate_not_valid'))
      .toMatchObject([
        {
          level: 'error',
          valid_to: new Date(Date.parse(new X509Certificate(own.certificate).validTo)).toISOString(),
        },
      ])
    expect(running.lines('permissions')).toMatchObject([
      { level: 'warn', setting: 'listen.https.key', mode: '644', problem: 'others can read it' },
    ])
    const metrics = await (await fetch(`${running.ready.metrics}/metrics`)).text()
    expect(metrics).toMatch(/^ace_oauth_tls_certificate_expires_timestamp_seconds\{listener="https"\} \d+$/m)
    await running.close()
  })
})
