import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  clientAuthentication,
  type RegisteredClient,
} from '../../src/endpoint/client/client-authentication.ts'
import { clientCertificate } from '../../src/endpoint/client/client-certificate.ts'
import { sameDistinguishedName } from '../../src/endpoint/client/distinguished-name.ts'
import { sameIpAddress } from '../../src/endpoint/client/ip-address.ts'
import type { Peer } from '../../src/endpoint/exchange.ts'
import { tokenEndpoint } from '../../src/endpoint/token-endpoint.ts'
import { toBase64url } from '../../src/table/base64url.ts'
import { basic, formRequest, issued } from './requests.ts'

// openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500
//   -subj '/C=SE/O=Example, Inc./OU=sensors+serialNumber=17/CN=sensor é'
//   -addext 'subjectAltName=DNS:Sensor1.example.com,URI:urn:dev:sensor1,IP:192.0.2.7,IP:2001:db8::7,email:Ops@Example.com'
const pem = `-----BEGIN CERTIFICATE-----
MIICXzCCAgWgAwIBAgIURfe60e2bzeRVOYAL42f+MDgYsvAwCgYIKoZIzj0EAwIw
VjELMAkGA1UEBhMCU0UxFjAUBgNVBAoMDUV4YW1wbGUsIEluYy4xGzAJBgNVBAUT
AjE3MA4GA1UECwwHc2Vuc29yczESMBAGA1UEAwwJc2Vuc29yIMOpMCAXDTI2MTEz
MDAxMDkxN1oYDzIxMjYxMTA2MDEwOTE3WjBWMQswCQYDVQQGEwJTRTEWMBQGA1UE
CgwNRXhhbXBsZSwgSW5jLjEbMAkGA1UEBRMCMTcwDgYDVQQLDAdzZW5zb3JzMRIw
EAYDVQQDDAlzZW5zb3Igw6kwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQz53IE
zlvG38ZkK98I20osbSDtzsDJt4xP8X+foCwUnWVAx9FWQVam+NE8K50TJFK6VoqO
/YqLmYQV5zpQwM4co4GuMIGrMB0GA1UdDgQWBBQkR+qT9dQVaEgGd6SnTIIcmdVz
6jAfBgNVHSMEGDAWgBQkR+qT9dQVaEgGd6SnTIIcmdVz6jAPBgNVHRMBAf8EBTAD
AQH/MFgGA1UdEQRRME+CE1NlbnNvcjEuZXhhbXBsZS5jb22GD3VybjpkZXY6c2Vu
c29yMYcEwAACB4cQIAENuAAAAAAAAAAAAAAAB4EPT3BzQEV4YW1wbGUuY29tMAoG
CCqGSM49BAMCA0gAMEUCIQDjUd5Skf7IILQyd5B7F2u0SZcNqxmXwEIWtaYw8b5B
DwIgD0YPN+XSGm5iz16a/hfDfSsc++wHtNKCjf3b/nNyMao=
-----END CERTIFICATE-----`
const der = new Uint8Array(new X509Certificate(pem).raw)
const verified: Peer = { certificate: await clientCertificate(der, true) }
const selfSigned: Peer = { certificate: await clientCertificate(der, false) }

/** The status of a token request of a client with that registration, over a channel with that peer. */
async function asked(
  registered: Partial<RegisteredClient>,
  peer: Peer | undefined,
  body = 'client_id=c1',
): Promise<number> {
  const authenticate = clientAuthentication({
    findClient: (id) => (id === 'c1' ? { client_id: 'c1', ...registered } : undefined),
  })
  return (await tokenEndpoint({ authenticate, issue: () => issued })({ ...formRequest(body), peer })).status
}

describe('a certificate in DER', () => {
  it('is read as node:crypto reads it', () => {
    const node = new X509Certificate(pem)
    expect(verified.certificate).toEqual({
      isChainVerified: true,
      thumbprint: new Uint8Array(Buffer.from(node.fingerprint256.replaceAll(':', ''), 'hex')),
      subject: 'CN=sensor é,SERIALNUMBER=17+OU=sensors,O=Example\\, Inc.,C=SE',
      dnsNames: ['Sensor1.example.com'],
      uris: ['urn:dev:sensor1'],
      ipAddresses: ['192.0.2.7', '2001:db8:0:0:0:0:0:7'],
      emails: ['Ops@Example.com'],
    })
  })

  it('is refused where it is none, wherever it ends', async () => {
    for (let length = 0; length < der.length; length += 7)
      await expect(clientCertificate(der.subarray(0, length), true)).rejects.toThrow(TypeError)
    await expect(clientCertificate(Uint8Array.of(0x30, 0x80, 0, 0), true)).rejects.toThrow(TypeError)
    await expect(clientCertificate(Uint8Array.of(0x30, 0x84, 255, 255, 255, 255), true)).rejects.toThrow(
      TypeError,
    )
  })
})

describe('tls_client_auth (RFC 8705 §2.1, R9200-5.5-2)', () => {
  it.each([
    ['tls_client_auth_subject_dn', 'cn=Sensor É, ou=sensors + serialNumber=17, o=example\\2c  Inc., c=se'],
    ['tls_client_auth_san_dns', 'sensor1.EXAMPLE.com'],
    ['tls_client_auth_san_uri', 'urn:dev:sensor1'],
    ['tls_client_auth_san_ip', '2001:0DB8::0007'],
    ['tls_client_auth_san_ip', '192.0.2.7'],
    ['tls_client_auth_san_email', 'Ops@example.COM'],
  ])('takes the certificate with the registered %s %s', async (name, value) => {
    expect(await asked({ [name]: value }, verified)).toBe(200)
    expect(await asked({ [name]: `${value}x` }, verified)).toBe(401)
    // A chain that nobody verified says nothing about the subject.
    expect(await asked({ [name]: value }, selfSigned)).toBe(401)
    expect(await asked({ [name]: value }, undefined)).toBe(401)
    // The identifier of the client has to be there, and to be its own.
    expect(await asked({ [name]: value }, verified, '')).toBe(401)
    expect(await asked({ [name]: value }, verified, 'client_id=c2')).toBe(401)
  })

  it('takes exactly one subject', async () => {
    const two = { tls_client_auth_san_dns: 'sensor1.example.com', tls_client_auth_san_uri: 'urn:dev:sensor1' }
    expect(await asked(two, verified)).toBe(401)
    expect(await asked({}, verified)).toBe(401)
    expect(await asked({ tls_client_auth_subject_dn: '' }, verified)).toBe(401)
  })
})

describe('self_signed_tls_client_auth (RFC 8705 §2.2)', () => {
  const thumbprint = toBase64url(verified.certificate!.thumbprint)
  it('takes the registered certificate, whether or not a chain was verified', async () => {
    const x5c = [Buffer.from(der).toString('base64')]
    for (const key of [
      { kty: 'EC', x5c },
      { kty: 'EC', 'x5t#S256': thumbprint },
    ]) {
      expect(await asked({ jwks: { keys: [key] } }, selfSigned)).toBe(200)
      expect(await asked({ jwks: { keys: [{ kty: 'EC' }, key] } }, verified)).toBe(200)
    }
  })

  it('takes no other', async () => {
    for (const key of [
      { kty: 'EC' },
      { kty: 'EC', x5c: [] },
      { kty: 'EC', x5c: ['****'] },
      { kty: 'EC', 'x5t#S256': '' },
      { kty: 'EC', 'x5t#S256': `${thumbprint.slice(0, -4)}AAAA` },
    ])
      expect(await asked({ jwks: { keys: [key] } }, selfSigned), JSON.stringify(key)).toBe(401)
  })
})

describe('a secret over mutual TLS', () => {
  it('is the authentication: the certificate is there to bind the token to (RFC 8705 §3)', async () => {
    const authenticate = clientAuthentication({
      findClient: () => ({ client_id: 'c1', tls_client_auth_san_uri: 'urn:dev:sensor1' }),
    })
    const endpoint = tokenEndpoint({ authenticate, issue: () => issued })
    const request = formRequest('client_id=c1', { authorization: basic('c1', 'wrong') })
    expect((await endpoint({ ...request, peer: verified })).status).toBe(401)
  })
})

describe('distinguished names', () => {
  it.each([
    ['CN=a', 'cn=A', true],
    ['CN=a,O=b', 'CN=a, O = b', true],
    ['CN=a+OU=b', 'OU=b+CN=a', true],
    ['2.5.4.3=a', 'CN=a', true],
    ['CN=a\\2Cb', 'CN=a\\,b', true],
    ['CN=\\c3\\a9', 'CN=é', true],
    ['CN=a=b', 'CN=a\\=b', true],
    ['CN=a,O=b', 'O=b,CN=a', false],
    ['CN=a', 'CN=a,O=b', false],
    ['CN=a\\,O=b', 'CN=a,O=b', false],
    ['CN=a', 'CN=b', false],
    ['', '', false],
    ['CN=', 'CN=', false],
    ['CN=a,', 'CN=a,', false],
    ['CN=#6161', 'CN=#6161', false],
    ['CN=\\ff', 'CN=\\ff', false],
  ])('%s and %s', (a, b, same) => {
    expect(sameDistinguishedName(a, b)).toBe(same)
    expect(sameDistinguishedName(b, a)).toBe(same)
  })
})

describe('IP addresses', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1', true],
    ['::1', '0:0:0:0:0:0:0:1', true],
    ['2001:DB8::', '2001:db8:0::0', true],
    ['192.0.2.1', '192.0.2.2', false],
    ['192.0.2.256', '192.0.2.256', false],
    ['example', 'example', false],
    ['::1]/x', '::1]/x', false],
    ['', '', false],
  ])('%s and %s', (a, b, same) => expect(sameIpAddress(a, b)).toBe(same))
})
