// The messages of the token endpoint: built and encoded, decoded, beside general codecs on the same data as a bare Map. Each is
// measured over many inputs whose texts, lengths and keys differ, so that nothing is tuned to one of them.
import { AccessTokenRequest, AccessTokenResponse, ErrorCode, ErrorResponse } from 'ace-oauth'
import { Decoder, Encoder } from 'cbor-x/index-no-eval'
import * as cborg from 'cborg'
import { compare } from './compare.mjs'

const options = { mapsAsObjects: false, useRecords: false }
const cborX = { encoder: new Encoder(options), decoder: new Decoder(options) }
const text = { encoder: new TextEncoder(), decoder: new TextDecoder() }

/** How many inputs each measurement goes through, one after the other. */
const inputs = 64

const words =
  'not registered for this audience the client may ask again when its key has been renewed by the operator'.split(
    ' ',
  )
const codes = Object.values(ErrorCode).filter((code) => code instanceof ErrorCode)

/** Text of about as many characters as asked for. */
function sentence(seed, length) {
  let made = words[seed % words.length]
  for (let i = seed; made.length < length; i += 7) made += ` ${words[i % words.length]}`
  return made.slice(0, length)
}

const bytesOf = (seed, length) => Uint8Array.from({ length }, (_, i) => (seed * 31 + i * 7) & 255)
const each = (make) => Array.from({ length: inputs }, (_, seed) => make(seed))
/** Lengths from 5 to 110, none more often than others. */
const lengthOf = (seed) => 5 + ((seed * 37) % 106)

const full = each((seed) => ({
  error: codes[seed % codes.length],
  description: sentence(seed, lengthOf(seed)),
  uri: `https://as.example.com/errors/${sentence(seed + 3, lengthOf(seed + 1)).replaceAll(' ', '-')}`,
}))
const alone = each((seed) => codes[seed % codes.length])

const build = ({ error, description, uri }) =>
  ErrorResponse.builder().error(error).description(description).uri(uri).build()
const buildAlone = (error) => ErrorResponse.builder().error(error).build()

const request = (seed) =>
  new AccessTokenRequest({
    client_id: sentence(seed, 4 + (seed % 20)).replaceAll(' ', '-'),
    audience: sentence(seed + 5, 5 + (seed % 30)).replaceAll(' ', '-'),
    ...(seed % 3 > 0 && { scope: sentence(seed + 9, 4 + (seed % 40)).trimEnd() }),
    req_cnf: {
      COSE_Key: {
        kty: 'EC2',
        kid: bytesOf(seed, 1 + (seed % 8)),
        crv: seed % 2 ? 'P-256' : 'P-384',
        x: bytesOf(seed, seed % 2 ? 32 : 48),
        y: bytesOf(seed + 1, seed % 2 ? 32 : 48),
      },
    },
  })
const response = (seed) =>
  new AccessTokenResponse({
    access_token: bytesOf(seed, 100 + ((seed * 13) % 120)),
    expires_in: 60 << (seed % 12),
    ...(seed % 2 && { scope: sentence(seed, 4 + (seed % 30)).trimEnd() }),
    ace_profile: seed % 3 ? 'coap_dtls' : 'coap_oscore',
    cnf: {
      COSE_Key: {
        kty: 'Symmetric',
        kid: bytesOf(seed, 1 + (seed % 16)),
        k: bytesOf(seed, seed % 2 ? 16 : 32),
      },
    },
  })

/** A function that goes through inputs, one at each call. */
function through(list, run) {
  let next = 0
  return () => run(list[next++ % inputs])
}

function decodePeers(list, jsons) {
  const utf8 = jsons.map((json) => text.encoder.encode(JSON.stringify(json)))
  return {
    'cbor-x': through(list, (bytes) => cborX.decoder.decode(bytes)),
    cborg: through(list, (bytes) => cborg.decode(bytes, { useMaps: true })),
    JSON: through(utf8, (bytes) => JSON.parse(text.decoder.decode(bytes))),
  }
}

function encodePeers(list, jsons) {
  const maps = list.map((bytes) => cborX.decoder.decode(bytes))
  return {
    'cbor-x': through(maps, (map) => cborX.encoder.encode(map)),
    cborg: through(maps, (map) => cborg.encode(map)),
    JSON: through(jsons, (json) => text.encoder.encode(JSON.stringify(json))),
  }
}

/** The results, one by one. */
export async function* messages() {
  const cases = [
    ['an error response of three members', ErrorResponse, full.map(build), 1.3],
    ['an error response, the code alone', ErrorResponse, alone.map(buildAlone), 0.7],
    ['a token request with req_cnf', AccessTokenRequest, each(request), 1.5],
    ['a token response with a token and cnf', AccessTokenResponse, each(response), 2.5],
  ]
  for (const [name, Class, made, most] of cases) {
    const jsons = made.map((message) => message.toJson())
    const arrays = made.map((message) => message.toCbor())
    const buffers = arrays.map((bytes) => Buffer.from(bytes))
    for (const [kind, list, limit] of [
      ['', arrays, most],
      [' from Buffers', buffers, Math.max(most, 1.4)],
    ])
      yield compare(
        `decode ${name}${kind}`,
        through(list, (bytes) => Class.fromCbor(bytes)),
        decodePeers(list, jsons),
        { peer: 'cbor-x', most: limit },
      )
  }
  for (const [name, members, make] of [
    ['an error response of three members', full, build],
    ['an error response, the code alone', alone, buildAlone],
  ]) {
    const made = members.map(make)
    const peers = encodePeers(
      made.map((message) => message.toCbor()),
      made.map((message) => message.toJson()),
    )
    yield compare(
      `build and encode ${name}`,
      through(members, (given) => make(given).toCbor()),
      peers,
      {
        peer: 'cbor-x',
        most: 1.2,
      },
    )
  }
  for (const [name, , made] of cases) {
    const peers = encodePeers(
      made.map((message) => message.toCbor()),
      made.map((message) => message.toJson()),
    )
    yield compare(
      `encode ${name}`,
      through(made, (message) => message.toCbor()),
      peers,
      {
        peer: 'cbor-x',
        most: 1.2,
      },
    )
  }
}
