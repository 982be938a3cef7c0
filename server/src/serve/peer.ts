import { X509Certificate } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { type ClientCertificate, clientCertificate, type Peer } from 'ace-oauth/endpoint'
import type { Logger } from 'pino'
import { AddressSet, ipAddress } from './addresses.ts'
import type { Configuration } from './configuration.ts'
import { readForwarded, readForwardedCertificate, readXForwardedFor } from './forwarded.ts'

/** A certificate, and when it is valid, in milliseconds since 1970. */
interface Shown {
  readonly certificate: Promise<ClientCertificate>
  readonly validFrom: number
  readonly validTo: number
}

/** Finds out who sends requests, by the connection, and by the headers of those proxies alone that are named. */
export class Peers {
  readonly #proxies: Configuration['proxies']
  readonly #trusted: AddressSet
  readonly #log: Logger
  /** What each connection showed in its handshake; null for nothing. */
  readonly #shown = new WeakMap<Socket, Shown | null>()

  constructor(proxies: Configuration['proxies'], log: Logger) {
    this.#proxies = proxies
    this.#trusted = new AddressSet(proxies.addresses)
    this.#log = log
  }

  /** Whether a request comes from one of the proxies that are named. */
  isProxy({ socket }: IncomingMessage): boolean {
    return this.#trusted.has(ipAddress(socket.remoteAddress))
  }

  /** The address that a request comes from. */
  addressOf(request: IncomingMessage): string | undefined {
    const { clientAddress } = this.#proxies
    const direct = ipAddress(request.socket.remoteAddress)
    if (clientAddress === undefined || !this.#trusted.has(direct)) return direct
    const values = request.headersDistinct[clientAddress] ?? []
    const told = clientAddress === 'forwarded' ? readForwarded(values) : readXForwardedFor(values)
    // Each proxy adds whom it got the request from: the last that is no proxy of ours is whom ours know.
    let address = direct
    for (const each of told.reverse()) {
      if (each === undefined) break
      address = each
      if (!this.#trusted.has(each)) break
    }
    return address
  }

  /** Who sent a request. A certificate that is not valid at the moment is as good as none. */
  peerOf(request: IncomingMessage): Peer | Promise<Peer> {
    const address = this.addressOf(request)
    const shown = this.#isForwarded(request) ? this.#forwarded(request) : this.#ofConnection(request.socket)
    if (!shown) return { address }
    const now = Date.now()
    if (!(shown.validFrom <= now && now <= shown.validTo)) {
      this.#log.warn({ event: 'client_certificate_not_valid', address, valid_to: timeOf(shown.validTo) })
      return { address }
    }
    return shown.certificate.then((certificate) => ({ address, certificate }))
  }

  /** Whether certificates come in a header: then that of the connection is the proxy's own. */
  #isForwarded(request: IncomingMessage): boolean {
    return this.#proxies.clientCertificate !== undefined && this.isProxy(request)
  }

  #forwarded({ headersDistinct, socket }: IncomingMessage): Shown | undefined {
    const { header, format, isVerified } = this.#proxies.clientCertificate!
    const values = headersDistinct[header.toLowerCase()]
    // nginx sends an empty one, Envoy `-`, where the client has none.
    if (values === undefined || (values.length === 1 && /^-?$/.test(values[0]!))) return undefined
    try {
      return shownOf(readForwardedCertificate(values, format), isVerified)
    } catch (error) {
      const proxy = ipAddress(socket.remoteAddress)
      this.#log.warn({ event: 'forwarded_certificate_malformed', proxy, header, reason: String(error) })
      return undefined
    }
  }

  #ofConnection(socket: Socket): Shown | undefined {
    if (!(socket instanceof TLSSocket)) return undefined
    let shown = this.#shown.get(socket)
    if (shown === undefined) {
      const x509 = socket.getPeerX509Certificate()
      shown = x509 ? shownOf(x509.raw, socket.authorized) : null
      this.#shown.set(socket, shown)
    }
    return shown ?? undefined
  }
}

function shownOf(der: Uint8Array, isVerified: boolean): Shown {
  const { validFrom, validTo } = new X509Certificate(der)
  const certificate = clientCertificate(der, isVerified)
  // It is waited for where it is asked for.
  certificate.catch(() => undefined)
  return { certificate, validFrom: Date.parse(validFrom), validTo: Date.parse(validTo) }
}

function timeOf(ms: number): string {
  return Number.isNaN(ms) ? 'unknown' : new Date(ms).toISOString()
}
