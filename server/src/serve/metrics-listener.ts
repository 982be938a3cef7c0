import type { ServerResponse } from 'node:http'
import type { Configuration } from './configuration.ts'
import { Listener } from './listener.ts'
import type { Metrics } from './metrics.ts'
import { refusalJson } from './refusal.ts'
import { pathOf } from './routes.ts'

/**
 * Serves metrics and health on a port of their own.
 *
 * @param isReady whether requests can be answered: the reason why not, or undefined
 */
export function serveMetrics(
  address: { readonly host: string; readonly port: number },
  limits: Configuration['limits'],
  metrics: Metrics,
  whyNotReady: () => Promise<string | undefined>,
): Promise<Listener> {
  const answer = async (path: string, response: ServerResponse): Promise<void> => {
    const send = (status: number, text: string, contentType = 'text/plain; charset=utf-8'): void => {
      response.writeHead(status, {
        'content-type': contentType,
        'content-length': Buffer.byteLength(text),
        'cache-control': 'no-store',
      })
      response.end(text)
    }
    if (path === '/healthz') return send(200, 'ok')
    if (path === '/readyz') {
      const reason = await whyNotReady()
      return reason === undefined ? send(200, 'ok') : send(503, reason)
    }
    if (path !== '/metrics') return send(404, refusalJson('http_path_unknown'), 'application/json')
    const { text, contentType } = await metrics.render()
    return send(200, text, contentType)
  }
  return Listener.open('listen.metrics', address, limits, undefined, {
    request: (request, response) => {
      // Nothing of it is read.
      request.resume()
      answer(pathOf(request), response).catch(() => response.destroy())
    },
    refused: () => undefined,
    handshakeFailed: () => undefined,
    dropped: () => undefined,
  })
}
