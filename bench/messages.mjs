// The messages of the token endpoint: built and encoded, decoded, beside general codecs on the same data as a bare Map.
import { AccessTokenRequest, AccessTokenResponse, ErrorCode, ErrorResponse } from 'ace-oauth'
import { Decoder, Encoder } from 'cbor-x/index-no-eval'
import * as cborg from 'cborg'
import { compare } from './compare.mjs'

const options = { mapsAsObjects: false, useRecords: false }
const cborX = { encoder: new Encoder(options), decoder: new Decoder(options) }
const text = { encoder: new TextEncoder(), decoder: new TextDecoder() }

const description = 'not registered for this audience'
const uri = 'https://as.example.com/errors/audience'
const coordinate = (first) => Uint8Array.from({ length: 32 }, (_, i) => first + i)

const full = ErrorResponse.builder()
  .error(ErrorCode.UnauthorizedClient)
  .description(description)
  .uri(uri)
  .build()
const alone = ErrorResponse.builder().error(ErrorCode.InvalidGrant).build()
const request = new AccessTokenRequest({
  client_id: 'myclient',
  audience: 'tempSensor4711',
  scope: 'read',
  req_cnf: {
    COSE_Key: { kty: 'EC2', kid: Uint8Array.of(0x11), crv: 'P-256', x: coordinate(1), y: coordinate(99) },
  },
})
const response = new AccessTokenResponse({
  access_token: Uint8Array.from({ length: 150 }, (_, i) => i),
  expires_in: 3600,
  ace_profile: 'coap_dtls',
  cnf: { COSE_Key: { kty: 'Symmetric', kid: Uint8Array.of(1, 2, 3, 4), k: coordinate(7).slice(0, 16) } },
})

function decodePeers(bytes, json) {
  const utf8 = text.encoder.encode(JSON.stringify(json))
  return {
    'cbor-x': () => cborX.decoder.decode(bytes),
    cborg: () => cborg.decode(bytes, { useMaps: true }),
    JSON: () => JSON.parse(text.decoder.decode(utf8)),
  }
}

function encodePeers(bytes, json) {
  const map = cborX.decoder.decode(bytes)
  return {
    'cbor-x': () => cborX.encoder.encode(map),
    cborg: () => cborg.encode(map),
    JSON: () => text.encoder.encode(JSON.stringify(json)),
  }
}

/** The results, one by one. */
export async function* messages() {
  const cases = [
    ['an error response of three members', ErrorResponse, full, 1.0],
    ['an error response, the code alone', ErrorResponse, alone, 1.0],
    ['a token request with req_cnf', AccessTokenRequest, request, 1.5],
    ['a token response with a token of 150 bytes and cnf', AccessTokenResponse, response, 1.5],
  ]
  for (const [name, Class, message, most] of cases) {
    const bytes = message.toCbor().slice()
    yield compare(`decode ${name}`, () => Class.fromCbor(bytes), decodePeers(bytes, message.toJson()), {
      peer: 'cbor-x',
      most,
    })
  }
  yield compare(
    'build and encode an error response of three members',
    () =>
      ErrorResponse.builder()
        .error(ErrorCode.UnauthorizedClient)
        .description(description)
        .uri(uri)
        .build()
        .toCbor(),
    encodePeers(full.toCbor(), full.toJson()),
    { peer: 'cbor-x', most: 0.8 },
  )
  yield compare(
    'build and encode an error response, the code alone',
    () => ErrorResponse.builder().error(ErrorCode.InvalidGrant).build().toCbor(),
    encodePeers(alone.toCbor(), alone.toJson()),
  )
  yield compare(
    'encode an error response, the code alone',
    () => alone.toCbor(),
    encodePeers(alone.toCbor(), alone.toJson()),
    {
      peer: 'cbor-x',
      most: 0.3,
    },
  )
  for (const [name, , message] of cases.slice(2))
    yield compare(`encode ${name}`, () => message.toCbor(), encodePeers(message.toCbor(), message.toJson()))
}
