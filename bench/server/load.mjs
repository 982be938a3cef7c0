// Sends one request over and over on connections that stay open, with as little work as possible: what is measured is the server.
import { connect } from 'node:net'

const endOfHead = Buffer.from('\r\n\r\n')

/** The bytes of a POST. */
export function post(path, headers, body) {
  const lines = Object.entries({ host: '127.0.0.1', ...headers, 'content-length': body.length })
  const head = `POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
  return Buffer.concat([Buffer.from(head, 'latin1'), body])
}

/**
 * Sends requests for a time, or as many as are wanted, and counts the answers by their status.
 *
 * @param {{ port: number, request: Buffer | ((n: number) => Buffer), connections?: number, milliseconds?: number, requests?: number, onAnswer?: (status: number, body: Buffer) => void }} options
 * @returns {Promise<{ answers: number, statuses: Record<string, number>, bytes: number, seconds: number }>} `bytes`: the length of the last body
 */
export async function load({ port, request, connections = 64, milliseconds, requests = Infinity, onAnswer }) {
  const statuses = {}
  let sent = 0
  let answers = 0
  let bytes = 0
  const started = performance.now()
  const until = milliseconds === undefined ? Infinity : started + milliseconds
  const next = typeof request === 'function' ? request : () => request
  const one = () =>
    new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true })
      let rest
      const send = () => {
        if (sent >= requests || performance.now() >= until) {
          socket.end()
          resolve()
        } else socket.write(next(sent++))
      }
      socket.on('connect', send)
      socket.on('error', reject)
      socket.on('close', () => reject(new Error('the server closed a connection')))
      socket.on('data', (data) => {
        rest = rest ? Buffer.concat([rest, data]) : data
        const answer = whole(rest)
        if (!answer) return
        rest = undefined
        statuses[answer.status] = (statuses[answer.status] ?? 0) + 1
        answers++
        bytes = answer.body.length
        onAnswer?.(answer.status, answer.body)
        send()
      })
    })
  await Promise.all(Array.from({ length: connections }, one))
  return { answers, statuses, bytes, seconds: (performance.now() - started) / 1_000 }
}

/** The one answer that the bytes are; undefined where some have still to come. */
function whole(bytes) {
  const end = bytes.indexOf(endOfHead)
  if (end < 0) return undefined
  const head = bytes.latin1Slice(0, end)
  const status = Number(head.slice(9, 12))
  const body = bytes.subarray(end + 4)
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (length !== undefined) return body.length >= Number(length) ? { status, body } : undefined
  if (/\r\ntransfer-encoding: *chunked/i.test(head))
    return body.subarray(-5).latin1Slice() === '0\r\n\r\n' ? { status, body } : undefined
  return { status, body }
}
