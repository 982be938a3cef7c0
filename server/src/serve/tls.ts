import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { TlsOptions } from 'node:tls'
import { type Configuration, reasonOf } from './configuration.ts'
import { ConfigurationError, type Problem } from './configuration-error.ts'

type Https = NonNullable<Configuration['listen']['https']>

/** What a listener of HTTPS is made of. */
export interface Tls {
  readonly options: TlsOptions
  /** When its certificate begins and ends to be valid, in milliseconds since 1970. */
  readonly validFrom: number
  readonly validTo: number
}

/** Cipher suites with forward secrecy and authenticated encryption, as RFC 9325 section 4.2 recommends, and those of TLS 1.3. */
const ciphers = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  // What constrained devices have (RFC 7251).
  'ECDHE-ECDSA-AES128-CCM8',
  'ECDHE-ECDSA-AES128-CCM',
].join(':')

const pem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/**
 * Reads what HTTPS needs.
 *
 * @throws ConfigurationError that names each file that cannot be used, and why
 */
export async function readTls(https: Https, { file, folder }: Configuration): Promise<Tls> {
  const problems: Problem[] = []
  const read = async <Value>(
    setting: 'certificate' | 'key' | 'clientAuthorities',
    use: (text: string) => Value,
  ): Promise<Value | undefined> => {
    const path = https[setting]
    if (path === undefined) return undefined
    try {
      return use(await readFile(resolve(folder, path), 'utf8'))
    } catch (cause) {
      problems.push({
        path: `listen.https.${setting}`,
        message: `${resolve(folder, path)}: ${reasonOf(cause)}`,
      })
      return undefined
    }
  }
  const certificate = await read('certificate', (text) => {
    const [leaf, ...rest] = certificatesIn(text)
    return { leaf: leaf!, chain: [leaf, ...rest].join('') }
  })
  const key = await read('key', (text) => {
    if (/ENCRYPTED/.test(text)) throw new Error('the key has a passphrase')
    return { text, key: createPrivateKey(text) }
  })
  const authorities = await read('clientAuthorities', (text) => certificatesIn(text).map(String))
  if (certificate && key && !certificate.leaf.checkPrivateKey(key.key))
    problems.push({ path: 'listen.https.key', message: 'it is not the key of the certificate' })
  if (problems.length > 0 || !certificate || !key) throw new ConfigurationError(file, problems)
  return {
    options: {
      cert: certificate.chain,
      key: key.text,
      // Without authorities of our own there is none: Node's default is all those that vouch for servers on the Web.
      ca: authorities ?? [],
      minVersion: 'TLSv1.2',
      ciphers,
      honorCipherOrder: true,
      requestCert: https.clientCertificates !== 'none',
      rejectUnauthorized: https.clientCertificates === 'required',
    },
    validFrom: Date.parse(certificate.leaf.validFrom),
    validTo: Date.parse(certificate.leaf.validTo),
  }
}

function certificatesIn(text: string): X509Certificate[] {
  const certificates = (text.match(pem) ?? []).map((each) => new X509Certificate(each))
  if (certificates.length === 0) throw new Error('there is no certificate in PEM in it')
  return certificates
}
