import { once } from 'node:events'
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http'
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Configuration } from './configuration.ts'
import { type RefusalCode, refusalJson, refusals } from './refusal.ts'
import type { Tls } from './tls.ts'

type Limits = Configuration['limits']

/** What a listener gives on. */
export interface ListenerEvents {
  readonly request: (request: IncomingMessage, response: ServerResponse) => void
  /** A request was refused before it was one. */
  readonly refused: (code: RefusalCode, socket: Socket) => void
  /** A TLS handshake failed. */
  readonly handshakeFailed: (error: Error, socket: Socket) => void
  /** A connection was closed at once, since there are too many. */
  readonly dropped: () => void
}

/** A port that is taken, or an address that cannot be. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
}

/** One port that takes requests. */
export class Listener {
  readonly url: string
  readonly #isSecure: boolean
  readonly #server: Server | HttpsServer
  readonly #answering = new Set<ServerResponse>()
  /** How many answers each connection waits for. */
  readonly #waiting = new WeakMap<Socket, number>()
  readonly #sockets = new Set<Socket>()
  /** The connections of earlier certificates, which end with their next answer. */
  readonly #outdated = new WeakSet<Socket>()
  #isEnding = false

  private constructor(server: Server | HttpsServer, isSecure: boolean) {
    const { address, family, port } = server.address() as AddressInfo
    this.#isSecure = isSecure
    this.url = `${isSecure ? 'https' : 'http'}://${family === 'IPv6' ? `[${address}]` : address}:${port}`
    this.#server = server
  }

  /**
   * Listens.
   *
   * @param name the setting that it is, for messages
   * @throws ListenError that says what is in the way
   */
  static async open(
    name: string,
    { host, port }: { readonly host: string; readonly port: number },
    limits: Limits,
    tls: Tls | undefined,
    events: ListenerEvents,
  ): Promise<Listener> {
    const { headersTimeout } = timesOf(limits)
    const options: ServerOptions = {
      ...timesOf(limits),
      connectionsCheckingInterval: Math.min(5_000, Math.max(50, Math.ceil(headersTimeout / 4))),
    }
    const server = tls
      ? createHttpsServer({ ...options, ...tls.options, handshakeTimeout: headersTimeout })
      : createHttpServer(options)
    applyLimits(server, limits)
    server.on('drop', events.dropped)
    server.listen(port, host)
    try {
      await once(server, 'listening')
    } catch (cause) {
      throw new ListenError(`${name}: ${whyNot(cause, host, port)}`, { cause })
    }
    const listener = new Listener(server, tls !== undefined)
    listener.#listen(events)
    return listener
  }

  #listen({ request, refused, handshakeFailed }: ListenerEvents): void {
    const server = this.#server
    server.on('request', (incoming: IncomingMessage, response: ServerResponse) => {
      const { socket } = incoming
      this.#answering.add(response)
      this.#waiting.set(socket, this.#answersFor(socket) + 1)
      response.once('close', () => {
        this.#answering.delete(response)
        this.#waiting.set(socket, this.#answersFor(socket) - 1)
      })
      if (this.#isEnding || this.#outdated.has(socket)) response.setHeader('connection', 'close')
      request(incoming, response)
    })
    server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
      const code = refusalOf(error)
      // Nobody is there to be answered, or another answer is on its way.
      if (!code || !socket.writable || this.#answersFor(socket) > 0) {
        socket.destroy()
        return
      }
      refused(code, socket)
      socket.end(rawAnswer(code))
    })
    server.on('tlsClientError', (error: Error, socket: Socket) => {
      handshakeFailed(error, socket)
      socket.destroy()
    })
    server.on(this.#isSecure ? 'secureConnection' : 'connection', (socket: Socket) => {
      if (this.#isEnding) return void socket.destroy()
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
  }

  #answersFor(socket: Socket): number {
    return this.#waiting.get(socket) ?? 0
  }

  /** How many connections there are. */
  connections(): Promise<number> {
    return new Promise((resolve) => this.#server.getConnections((error, count) => resolve(error ? 0 : count)))
  }

  /** Takes other limits: those of connections for the ones that come. */
  setLimits(limits: Limits): void {
    applyLimits(this.#server, limits)
  }

  /** Takes another certificate for the connections that come. Those that are there end with their next answer. */
  setTls({ options }: Tls): void {
    const server = this.#server as HttpsServer
    server.setSecureContext(options)
    for (const socket of this.#sockets) this.#outdated.add(socket)
  }

  /**
   * Takes no more connections, lets the requests that are there be answered, and ends.
   *
   * @param drainMs how long they may take; then their connections are cut
   * @returns how many were cut
   */
  async end(drainMs: number): Promise<number> {
    this.#isEnding = true
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    for (const response of this.#answering)
      if (!response.headersSent) response.setHeader('connection', 'close')
    this.#server.closeIdleConnections()
    // Those that never sent anything are not idle to Node.
    for (const socket of this.#sockets) if (socket.bytesRead === 0) socket.destroy()
    let cut = 0
    const timer = setTimeout(() => {
      cut = this.#answering.size
      this.#server.closeAllConnections()
    }, drainMs)
    await closed
    clearTimeout(timer)
    return cut
  }
}

/** The times of a server of Node, in milliseconds. */
function timesOf({ headerTimeout, requestTimeout, idleTimeout }: Limits) {
  const headersTimeout = Math.ceil(headerTimeout * 1_000)
  return {
    headersTimeout,
    // The endpoints answer for what is late before that; this is for what they do not read.
    requestTimeout: headersTimeout + Math.ceil(requestTimeout * 1_000) + 1_000,
    keepAliveTimeout: Math.ceil(idleTimeout * 1_000),
  }
}

function applyLimits(server: Server | HttpsServer, limits: Limits): void {
  // Node reads each of these when a connection or a request begins. The types do not know maxHeaderSize.
  const { headerBytes: maxHeaderSize, connections: maxConnections } = limits
  Object.assign(server, { ...timesOf(limits), maxHeaderSize, maxConnections })
}

function whyNot(cause: unknown, host: string, port: number): string {
  const { code, message } = cause as NodeJS.ErrnoException
  switch (code) {
    case 'EADDRINUSE':
      return `${host} port ${port} is in use by another program`
    case 'EACCES':
      return `this user may not listen on port ${port}`
    case 'EADDRNOTAVAIL':
      return `${host} is no address of this machine`
    case 'ENOTFOUND':
      return `there is no host ${host}`
    default:
      return message
  }
}

/** What is wrong with what is no request; undefined where the connection broke. */
function refusalOf({ code = '' }: NodeJS.ErrnoException): RefusalCode | undefined {
  if (code === 'HPE_HEADER_OVERFLOW') return 'http_header_too_large'
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'http_request_incomplete'
  return code.startsWith('HPE_') ? 'http_request_malformed' : undefined
}

function rawAnswer(code: RefusalCode): string {
  const payload = refusalJson(code)
  const head = [
    `HTTP/1.1 ${refusals[code].status} ${STATUS_CODES[refusals[code].status]}`,
    'connection: close',
    'content-type: application/json',
    'cache-control: no-store',
    `content-length: ${payload.length}`,
  ]
  return `${head.join('\r\n')}\r\n\r\n${payload}`
}
