import { createAuthorizationServer, openStore } from '../../src/index.ts'

// One process of an authorization server, for tests that need several: it takes token requests over the channel to its parent.

interface Request {
  readonly id: number
  readonly payload: Uint8Array
  readonly mediaType: string
}

const [, , issuer = '', location = ''] = process.argv
const store = await openStore(location)
const server = await createAuthorizationServer({ issuer, store })

process.on('message', ({ id, payload, mediaType }: Request) => {
  void server.token({ method: 'POST', mediaType, accept: 'application/ace+cbor', payload }).then((answer) => {
    process.send!({ id, code: answer.code, payload: answer.payload, failure: answer.failure?.code })
  })
})
process.on('disconnect', () => void store.close())
process.send!('ready')
