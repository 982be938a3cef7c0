import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server of this machine on a free port. */
export interface LocalServer {
  readonly url: string
  /** How many requests came. */
  readonly requests: () => number
  readonly close: () => Promise<void>
}

/** Starts a server that answers as it is told, however wrong that is. */
export async function serveLocally(listener: RequestListener): Promise<LocalServer> {
  let requests = 0
  const server: Server = createServer((request: IncomingMessage, response: ServerResponse) => {
    requests++
    request.resume()
    listener(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests: () => requests,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
