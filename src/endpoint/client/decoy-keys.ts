import type { Jwk } from '../web-types.ts'

/** A public key for each algorithm. The private keys were thrown away as they were made: nothing verifies with these. */
const decoys = {
  ES256: {
    kty: 'EC',
    x: 'F-q1DAxJk5BfhwRKsI29XEhTYl8wh2A-ufNBTuktLJs',
    y: 'j9K4RdnF4TjYHSQKqc3kf3W_U1-5b9mbmGUDZYLecKU',
    crv: 'P-256',
  },
  ES384: {
    kty: 'EC',
    x: 'JFQ-iU5fKCk2MYpBEbxpOLWfimzf3zE4tWXLlmGO_FXYMxWdbq4uDyrPGSsz9A0k',
    y: 'lFensnOS4YY8c-IB5aVL61qTVUtFnZRCLjeCCcH1WALY3eYxR6ksOQYfVn1uL_X7',
    crv: 'P-384',
  },
  ES512: {
    kty: 'EC',
    x: 'AQf5pSOa6_tfLYw5pROe9pUGcE4TvCwFJ2rgLQIrpj4Btm2dSQEWmGO4NTifFPZae8fW49WQaKnpAd6NHonSNh3L',
    y: 'AZTQNLHTaa-WiTYT3GOLL0rs-1ml0oK-rwPLDqtO5kFxKeg8TyqvbjR2sQHf1jnqX5Lkow75s9TNG5IDYEVhCmaa',
    crv: 'P-521',
  },
  Ed25519: {
    crv: 'Ed25519',
    x: 'SCIw64kJ_991WbBi0pFn7BLVgOhjJ_cLlOS3HE5mW1I',
    kty: 'OKP',
  },
  RSA: {
    kty: 'RSA',
    n: 'x525lFzViSjZDFf3zZyaYix07rEUGIlu6Bb8fdH-UnweY5q4q3vwLku5jRPFDT30O4Fb4QLU0-F90A-BgzA7zVWvaEEBNTxFtv18BLfT5Fyyee4J4ZsYt46jeS1lc4QrHfBeuiWguXsg-mxxqKnqSxmnqtewWrfsMgmswT7sUdEBCJCNlo6jzE6rgF3QUCaf6-ie6St91hNgpneKtIY-la-lkqXbxR2twiDo2Y71vMT2xptVIGGdLLOWObmS7U8P-XAOqpz-4AZGw8oGTO2S7gAuRRyoPOp_J_AKn79jZvm2UIVLIjj30AZPd62SueWglip71SgMoTQuB6PCURzDaQ',
    e: 'AQAB',
  },
} as const

/**
 * What an assertion is verified with where its client is unknown, so that it takes as long as where the client is known.
 *
 * @param alg an algorithm of signatures
 */
export function decoyKey(alg: string): Jwk {
  if (alg === 'ES256' || alg === 'ES384' || alg === 'ES512') return decoys[alg]
  return /^Ed/.test(alg) ? decoys.Ed25519 : decoys.RSA
}
