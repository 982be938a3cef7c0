import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import {
  BasicConstraintsExtension,
  cryptoProvider,
  type Extension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

cryptoProvider.set(webcrypto as Crypto)
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const day = 86_400_000

/** A certificate of a test with its key, both in PEM. */
export interface TestCertificate {
  readonly certificate: string
  readonly key: string
  readonly der: Uint8Array
  readonly x509: X509Certificate
  readonly keys: CryptoKeyPair
}

export interface CertificateOptions {
  /** Default: it signs itself. */
  readonly issuer?: TestCertificate
  readonly isAuthority?: boolean
  readonly names?: readonly { readonly type: 'dns' | 'ip'; readonly value: string }[]
  /** In days from now. */
  readonly from?: number
  readonly to?: number
}

/** Makes a certificate. */
export async function makeCertificate(
  subject: string,
  { issuer, isAuthority = false, names = [], from = -1, to = 1 }: CertificateOptions = {},
): Promise<TestCertificate> {
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair
  const extensions: Extension[] = [new BasicConstraintsExtension(isAuthority, undefined, true)]
  if (names.length > 0) extensions.push(new SubjectAlternativeNameExtension([...names]))
  const x509 = await X509CertificateGenerator.create({
    subject,
    issuer: issuer?.x509.subject ?? subject,
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    notBefore: new Date(Date.now() + from * day),
    notAfter: new Date(Date.now() + to * day),
    signingAlgorithm: algorithm,
    extensions,
  })
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  return {
    certificate: x509.toString('pem'),
    key: PemConverter.encode(pkcs8, 'PRIVATE KEY'),
    der: new Uint8Array(x509.rawData),
    x509: new X509Certificate(x509.rawData),
    keys,
  }
}
