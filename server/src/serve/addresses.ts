import { BlockList, isIP } from 'node:net'

/**
 * An IP address as it is told: an IPv4 address that came in IPv6 as itself, without the zone of a link-local one.
 *
 * @returns undefined for what is no address
 */
export function ipAddress(text: string | undefined): string | undefined {
  const [address = ''] = (text ?? '').split('%', 1)
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
  return isIP(mapped) === 0 ? undefined : mapped
}

/** The address in what a proxy writes, which may have a port behind it: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
export function addressOfNode(text: string): string | undefined {
  const [, bracketed, plain] = /^(?:\[([^\]]+)\](?::\w+)?|([^:]+):\w+)$/.exec(text) ?? []
  return ipAddress(bracketed ?? plain ?? text)
}

/** A set of addresses and ranges such as `10.0.0.0/8`. */
export class AddressSet {
  readonly #list = new BlockList()
  readonly #isEmpty: boolean

  /** @throws RangeError, TypeError for what is neither */
  constructor(ranges: readonly string[]) {
    this.#isEmpty = ranges.length === 0
    for (const range of ranges) {
      const [address = '', prefix] = range.split('/')
      const family = isIP(address) === 4 ? 'ipv4' : 'ipv6'
      if (prefix === undefined) this.#list.addAddress(address, family)
      else this.#list.addSubnet(address, Number(prefix), family)
    }
  }

  has(address: string | undefined): boolean {
    // Most servers have no proxies, and asking the list costs more than reading a header.
    if (this.#isEmpty || address === undefined) return false
    return this.#list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')
  }
}
