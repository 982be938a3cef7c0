import { sign } from 'node:crypto'
import type { TokenKey } from 'ace-oauth/token'

const encoded = (json: unknown): string => Buffer.from(JSON.stringify(json)).toString('base64url')

/** A JWT of private_key_jwt (RFC 7523), signed by ES256 whatever its header says. */
export async function clientAssertion(
  key: TokenKey,
  claims: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const input = `${encoded({ alg: 'ES256', ...header })}.${encoded(claims)}`
  const privateKey = (await key.toKeyObject('private')) as never
  const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}

/** The body of a token request with an assertion. */
export function withAssertion(
  client_assertion: string,
  members: Readonly<Record<string, string>> = { audience: 'rs1', scope: 'read' },
): Uint8Array {
  const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
  return new TextEncoder().encode(
    new URLSearchParams({ ...members, client_assertion, client_assertion_type }).toString(),
  )
}
