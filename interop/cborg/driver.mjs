// cborg behind the line protocol: bare CBOR, with maps as Map.
import { decode, encode } from 'cborg'
import { itemOperations, serve, versionOf } from '../shared/driver.mjs'

const options = {
  useMaps: true,
  allowBigInt: true,
  allowUndefined: true,
  allowInfinity: true,
  allowNaN: true,
}
await serve(
  'cborg',
  versionOf('cborg', import.meta.url),
  itemOperations((bytes) => decode(bytes, options), encode),
)
