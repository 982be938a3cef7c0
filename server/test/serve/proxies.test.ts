import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { openStore } from '../../src/index.ts'
import { storeLocation } from '../../src/serve/configuration.ts'
import {
  type CertificateFormat,
  readForwarded,
  readForwardedCertificate,
  readXForwardedFor,
} from '../../src/serve/forwarded.ts'
import { makeCertificate, type TestCertificate } from './certificates.ts'
import { askForToken, type Running, start } from './running.ts'

const sensor = await makeCertificate('O=Example, CN=sensor1')
const expired = await makeCertificate('CN=old', { from: -3, to: -2 })
const base64 = ({ der }: TestCertificate): string => Buffer.from(der).toString('base64')
const escapedPem = ({ certificate }: TestCertificate): string => encodeURIComponent(`${certificate}\n`)

describe('the addresses that proxies forward', () => {
  it('are read of X-Forwarded-For, with and without ports', () => {
    expect(
      readXForwardedFor(['192.0.2.1, 192.0.2.2:4711', '[2001:db8::1]:80 ,2001:db8::2,::ffff:192.0.2.3']),
    ).toEqual(['192.0.2.1', '192.0.2.2', '2001:db8::1', '2001:db8::2', '192.0.2.3'])
    expect(readXForwardedFor(['unknown,,1.2.3,<script>'])).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })

  it('are read of Forwarded (RFC 7239 section 4)', () => {
    expect(
      readForwarded([
        'for="_gazonk"',
        'For="[2001:db8:cafe::17]:4711"',
        'for=192.0.2.60;proto=http;by=203.0.113.43',
        'for=192.0.2.43, for=unknown;host="a,b;for=192.0.2.99"',
        'proto=https',
      ]),
    ).toEqual([undefined, '2001:db8:cafe::17', '192.0.2.60', '192.0.2.43', undefined, undefined])
    for (const malformed of ['for="192.0.2.1', 'for', 'for=192.0.2.1 for=192.0.2.2', '=,=', '\u0000'])
      expect(
        readForwarded([malformed]).filter((address) => address !== undefined),
        malformed,
      ).toEqual([])
  })
})

describe('the certificates that proxies forward', () => {
  const forms: readonly (readonly [CertificateFormat, string])[] = [
    ['rfc9440', `:${base64(sensor)}:`],
    ['escaped-pem', escapedPem(sensor)],
    [
      'xfcc',
      `By=spiffe://a;Hash=00;Subject="O=\\"Example\\", CN=a;Cert=,b";Cert="${escapedPem(sensor)}";URI=x`,
    ],
  ]
  it.each(forms)('are read of %s', (format, value) => {
    expect(Buffer.from(readForwardedCertificate([value], format)).equals(sensor.der)).toBe(true)
    for (const wrong of [
      [],
      [value, value],
      [''],
      [`${value},${value}`],
      [value.slice(8)],
      ['%'],
      [':AA:B:'],
    ])
      expect(() => readForwardedCertificate(wrong, format), String(wrong).slice(0, 80)).toThrow()
    for (const [other, text] of forms)
      if (other !== format) expect(() => readForwardedCertificate([text], format)).toThrow()
  })

  it('are one, and not one of a chain, or of a proxy that others wrote', () => {
    const two = escapedPem(sensor) + escapedPem(expired)
    expect(() => readForwardedCertificate([two], 'escaped-pem')).toThrow(TypeError)
    expect(() => readForwardedCertificate([`Cert="${two}"`], 'xfcc')).toThrow(TypeError)
    const twice = `Cert="${escapedPem(sensor)}";Cert="${escapedPem(expired)}"`
    expect(() => readForwardedCertificate([twice], 'xfcc')).toThrow(TypeError)
    expect(() => readForwardedCertificate(['Hash=00'], 'xfcc')).toThrow(TypeError)
  })
})

describe('a server behind proxies', () => {
  let server: Running
  afterEach(() => server.close())

  const prepare = async (folder: string): Promise<void> => {
    const store = await openStore(storeLocation({ store: 'ace-oauth.sqlite', folder }))
    const example = (await store.clients.find('example-client'))!
    const client = { ...example, secretHash: null }
    const subject = { tls_client_auth_subject_dn: 'CN=sensor1,O=Example' }
    await store.clients.add(
      { ...client, clientId: 'by-subject', authentication: 'tls_client_auth', certificateSubject: subject },
      'test',
    )
    const x5t = (certificate: TestCertificate) => ({
      kty: 'EC',
      'x5t#S256': createHash('sha256').update(certificate.der).digest('base64url'),
    })
    const jwks = { keys: [x5t(sensor), x5t(expired)] }
    await store.clients.add(
      { ...client, clientId: 'by-thumbprint', authentication: 'self_signed_tls_client_auth', jwks },
      'test',
    )
    await store.close()
  }
  const ask = async (clientId: string, headers: Record<string, string>): Promise<number> => {
    const { status } = await askForToken(server.ready.http, '', {
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: `grant_type=client_credentials&client_id=${clientId}`,
    })
    return status
  }
  const lastAnswer = () => server.lines('answer').at(-1)
  const clientCert = { 'client-cert': `:${base64(sensor)}:` }
  const isProxy = ['proxies.addresses=[127.0.0.0/8]']
  const forwards = 'proxies.clientCertificate={}'

  it('takes certificates of those that are named, and of nobody else', async () => {
    server = await start([...isProxy, forwards], prepare)
    expect(await ask('by-thumbprint', clientCert)).toBe(200)
    await expect.poll(lastAnswer).toMatchObject({ client: 'by-thumbprint' })
    // Nobody said that the proxy verifies them up to an authority.
    expect(await ask('by-subject', clientCert)).toBe(401)
    expect(await ask('by-thumbprint', {})).toBe(401)
    await server.close()
    server = await start(['proxies.addresses=[192.0.2.1, "2001:db8::/32"]', forwards], prepare)
    expect(await ask('by-thumbprint', clientCert)).toBe(401)
    await server.close()
    server = await start(isProxy, prepare)
    expect(await ask('by-thumbprint', clientCert)).toBe(401)
  })

  it('takes the subject where the proxies verify certificates', async () => {
    server = await start([...isProxy, 'proxies.clientCertificate.isVerified=true'], prepare)
    expect(await ask('by-subject', clientCert)).toBe(200)
    expect(await ask('by-thumbprint', { 'client-cert': `:${base64(expired)}:` })).toBe(401)
    await expect.poll(() => server.lines('client_certificate_not_valid').length).toBe(1)
    expect(await ask('by-subject', { 'client-cert': ':AAAA:' })).toBe(401)
    expect(await ask('by-subject', { 'client-cert': 'x' })).toBe(401)
    await expect
      .poll(() => server.lines('forwarded_certificate_malformed'))
      .toMatchObject(Array(2).fill({ level: 'warn', proxy: '127.0.0.1', header: 'client-cert' }))
  })

  it('reads the header of nginx and that of Envoy by the names that are set', async () => {
    const settings = (header: string, format: string) => [
      ...isProxy,
      `proxies.clientCertificate={ header: ${header}, format: ${format} }`,
    ]
    server = await start(settings('X-SSL-Cert', 'escaped-pem'), prepare)
    expect(await ask('by-thumbprint', { 'x-ssl-cert': escapedPem(sensor) })).toBe(200)
    expect(await ask('by-thumbprint', { 'x-ssl-cert': '' })).toBe(401)
    expect(await ask('by-thumbprint', clientCert)).toBe(401)
    await server.close()
    server = await start(settings('x-forwarded-client-cert', 'xfcc'), prepare)
    const xfcc = { 'x-forwarded-client-cert': `Hash=00;Cert="${escapedPem(sensor)}"` }
    expect(await ask('by-thumbprint', xfcc)).toBe(200)
    expect(server.lines('forwarded_certificate_malformed')).toEqual([])
  })

  it('takes the address of the client of them, past those that are proxies too, and no further', async () => {
    server = await start([
      'proxies.addresses=[127.0.0.1, 10.0.0.0/8]',
      'proxies.clientAddress=x-forwarded-for',
    ])
    const addressFor = async (forwarded: string): Promise<unknown> => {
      const before = server.lines('answer').length
      await ask('nobody', { 'x-forwarded-for': forwarded, 'x-request-id': 'from-proxy-1' })
      await expect.poll(() => server.lines('answer').length).toBe(before + 1)
      expect(lastAnswer()).toMatchObject({ request_id: 'from-proxy-1' })
      return lastAnswer()!['address']
    }
    expect(await addressFor('192.0.2.66, 198.51.100.1, 10.1.2.3')).toBe('198.51.100.1')
    expect(await addressFor('198.51.100.1')).toBe('198.51.100.1')
    expect(await addressFor('10.1.2.3')).toBe('10.1.2.3')
    // What is no address ends it: what stands before that may be anybody's.
    expect(await addressFor('192.0.2.66, evil, 10.1.2.3')).toBe('10.1.2.3')
    expect(await addressFor('evil')).toBe('127.0.0.1')
  })

  it('takes address and request identifier of nobody else', async () => {
    server = await start(['proxies.addresses=[192.0.2.1]', 'proxies.clientAddress=forwarded'])
    await ask('nobody', { forwarded: 'for=198.51.100.1', 'x-request-id': 'mine' })
    await expect
      .poll(lastAnswer)
      .toMatchObject({ address: '127.0.0.1', request_id: expect.stringMatching(/^[\da-f]{16}$/) })
  })

  it('writes no identifier of a request that would not stand in a log', async () => {
    server = await start(isProxy)
    await ask('nobody', { 'x-request-id': 'a"b c' })
    await expect.poll(lastAnswer).toMatchObject({ request_id: expect.stringMatching(/^[\da-f]{16}$/) })
  })
})
