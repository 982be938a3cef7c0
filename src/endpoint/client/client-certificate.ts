import { digest } from '#runtime/crypto'
import { equalBytes } from '../../cose/equal-bytes.ts'
import { fromBase64url } from '../../table/base64url.ts'
import type { ClientCertificate } from '../exchange.ts'
import type { Jwk } from '../web-types.ts'
import { sameDistinguishedName } from './distinguished-name.ts'
import { sameIpAddress } from './ip-address.ts'
import { readCertificate } from './x509.ts'

/**
 * A client certificate as a TLS or DTLS stack gives it, for {@link Peer}: in Node `getPeerX509Certificate().raw`.
 *
 * @param der the certificate in DER
 * @param isChainVerified whether the stack verified it up to an authority for clients, as `TLSSocket.authorized` says; false for
 * a self-signed one
 * @throws TypeError for what is no X.509 certificate
 */
export async function clientCertificate(
  der: Uint8Array,
  isChainVerified: boolean,
): Promise<ClientCertificate> {
  const names = readCertificate(der)
  return { ...names, thumbprint: await digest('SHA-256', der), isChainVerified: isChainVerified === true }
}

/** What a client certificate has to be, in the terms of client registration (RFC 8705 §2.1.2 and §2.2.2): one of them. */
export interface RegisteredSubject {
  /** The subject's distinguished name (RFC 4514). */
  readonly tls_client_auth_subject_dn?: string | undefined
  /** A subject alternative name of type dNSName. */
  readonly tls_client_auth_san_dns?: string | undefined
  /** A subject alternative name of type uniformResourceIdentifier. */
  readonly tls_client_auth_san_uri?: string | undefined
  /** A subject alternative name of type iPAddress. */
  readonly tls_client_auth_san_ip?: string | undefined
  /** A subject alternative name of type rfc822Name. */
  readonly tls_client_auth_san_email?: string | undefined
  /** Keys, of which those with `x5c` or `x5t#S256` stand for certificates that need no authority. */
  readonly jwks?: { readonly keys: readonly Jwk[] } | undefined
}

/** Whether a certificate is that of a client: by its registered subject, or as one of its self-signed certificates. */
export async function matchesCertificate(
  client: RegisteredSubject,
  certificate: ClientCertificate,
): Promise<boolean> {
  if (certificate.isChainVerified === true) {
    const subject = matchesSubject(client, certificate)
    if (subject !== undefined) return subject
  }
  for (const { x5c, 'x5t#S256': x5t } of client.jwks?.keys ?? []) {
    const thumbprint = x5c?.[0] === undefined ? fromBase64url(String(x5t)) : await thumbprintOf(x5c[0])
    if (thumbprint?.length === 32 && equalBytes(thumbprint, certificate.thumbprint)) return true
  }
  return false
}

/** Whether the subject is the registered one; undefined where none is registered, or more than one. */
function matchesSubject(client: RegisteredSubject, certificate: ClientCertificate): boolean | undefined {
  const {
    tls_client_auth_subject_dn: dn,
    tls_client_auth_san_dns: dns,
    tls_client_auth_san_uri: uri,
    tls_client_auth_san_ip: ip,
    tls_client_auth_san_email: email,
  } = client
  const checks = [
    dn !== undefined &&
      (() => certificate.subject !== undefined && sameDistinguishedName(dn, certificate.subject)),
    dns !== undefined &&
      (() => has(certificate.dnsNames, (name) => name.toLowerCase() === dns.toLowerCase())),
    uri !== undefined && (() => has(certificate.uris, (each) => each === uri)),
    ip !== undefined && (() => has(certificate.ipAddresses, (address) => sameIpAddress(address, ip))),
    email !== undefined && (() => has(certificate.emails, (each) => sameEmail(each, email))),
  ].filter((check) => check !== false)
  // RFC 8705 §2.1.2: exactly one.
  return checks.length === 1 ? checks[0]!() : undefined
}

function has(names: readonly string[] | undefined, is: (name: string) => boolean): boolean {
  return names?.some(is) ?? false
}

/** RFC 5280 §7.5: the host without regard to case, the mailbox with it. */
function sameEmail(a: string, b: string): boolean {
  const [one, other] = [a, b].map((email) => {
    const at = email.lastIndexOf('@')
    return email.slice(0, at) + email.slice(at).toLowerCase()
  })
  return one === other
}

async function thumbprintOf(x5c: string): Promise<Uint8Array | undefined> {
  try {
    return await digest(
      'SHA-256',
      Uint8Array.from(atob(x5c), (character) => character.charCodeAt(0)),
    )
  } catch {
    return undefined
  }
}
