import type { Peer } from 'ace-oauth/endpoint'

/** Who is at the other end of the channel, as the channel authenticated it; null where it authenticates nobody. */
export function channelIdentityOf(peer: Peer | undefined): string | null {
  if (peer?.clientId !== undefined) return `client:${peer.clientId}`
  if (!peer?.certificate) return null
  return `x5t#S256:${Buffer.from(peer.certificate.thumbprint).toString('base64url')}`
}
