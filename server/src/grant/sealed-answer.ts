import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const cipher = 'aes-256-gcm'
const nonceLength = 12
const tagLength = 16

/** The key for an answer: only who presents the refresh token again has it. */
function keyFor(refreshToken: Uint8Array): Uint8Array {
  return new Uint8Array(
    hkdfSync('sha256', refreshToken, new Uint8Array(0), 'ace-oauth-server refresh answer', 32),
  )
}

/** Encrypts the answer to a refresh, so that the store holds no token. */
export function sealAnswer(answer: Uint8Array, refreshToken: Uint8Array): Uint8Array {
  const nonce = randomBytes(nonceLength)
  const sealing = createCipheriv(cipher, keyFor(refreshToken), nonce)
  return Uint8Array.from(
    Buffer.concat([nonce, sealing.update(answer), sealing.final(), sealing.getAuthTag()]),
  )
}

/**
 * Decrypts an answer.
 *
 * @throws Error for another refresh token, or bytes that were changed
 */
export function openAnswer(sealed: Uint8Array, refreshToken: Uint8Array): Uint8Array {
  const end = sealed.length - tagLength
  const opening = createDecipheriv(cipher, keyFor(refreshToken), sealed.subarray(0, nonceLength))
  opening.setAuthTag(sealed.subarray(end))
  return Uint8Array.from(Buffer.concat([opening.update(sealed.subarray(nonceLength, end)), opening.final()]))
}
