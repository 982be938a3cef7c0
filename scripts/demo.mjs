// The main job, shown: the real server on a temporary folder, and a client that asks it for tokens over HTTP in CBOR. Each exchange
// is shown byte by byte, with what the client should do. Ends with 1 where anything comes out differently than it should.
import { fileURLToPath } from 'node:url'
import { freshlyBuilt } from './demo/freshly-built.mjs'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
freshlyBuilt()
await import('./demo/story.mjs')
