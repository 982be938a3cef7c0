// The bare handler of node:http: reads the request to its end, and answers with as many fixed bytes as the servers beside it.
import { createServer } from 'node:http'

const [status, bytes] = process.argv.slice(2).map(Number)
const body = Buffer.alloc(bytes, 0x61)
const headers = {
  'content-type': 'application/ace+cbor',
  'cache-control': 'no-store',
  'content-length': bytes,
}

const server = createServer((request, response) => {
  const parts = []
  request.on('data', (part) => parts.push(part))
  request.on('end', () => {
    Buffer.concat(parts)
    response.writeHead(status, headers)
    response.end(body)
  })
})
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))
