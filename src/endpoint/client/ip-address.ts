/** Whether two texts are the same IP address, compared as numbers (RFC 8705 §2.1.2, RFC 5952 §8). */
export function sameIpAddress(a: string, b: string): boolean {
  const [one, other] = [a, b].map(canonical)
  return one !== undefined && one === other
}

/** An address as the URL standard writes it: that of IPv6 in brackets; undefined for what is none. */
function canonical(address: string): string | undefined {
  const isV4 = /^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/.test(address)
  if (isV4) return address.split('.').map(Number).join('.')
  if (!/^[\da-f:.]{2,45}$/i.test(address)) return undefined
  try {
    return new URL(`http://[${address}]/`).hostname
  } catch {
    return undefined
  }
}
