// cbor2 (npm) behind the line protocol: bare CBOR, with maps as Map.
import { decode, encode } from 'cbor2'
import { itemOperations, serve, versionOf } from '../shared/driver.mjs'

const options = { preferMap: true, rejectDuplicateKeys: true }
await serve(
  'cbor2 (npm)',
  versionOf('cbor2', import.meta.url),
  itemOperations((bytes) => decode(bytes, options), encode),
)
