/** ChaCha20-Poly1305, written from RFC 8439 alone and slowly, to check the one that the library uses. */

/** Encrypts; the tag follows the ciphertext (RFC 8439 §2.8). */
export function seal(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Uint8Array {
  const ciphertext = plaintext.map((byte, i) => byte ^ block(key, 1 + (i >> 6), nonce)[i & 63]!)
  const lengths = new DataView(new ArrayBuffer(16))
  lengths.setBigUint64(0, BigInt(aad.length), true)
  lengths.setBigUint64(8, BigInt(ciphertext.length), true)
  const covered = [...padded(aad), ...padded(ciphertext), ...new Uint8Array(lengths.buffer)]
  return Uint8Array.of(...ciphertext, ...poly1305(block(key, 0, nonce), covered))
}

/** With zeros up to a multiple of 16 bytes. */
function padded(bytes: Uint8Array): number[] {
  return [...bytes, ...new Uint8Array(-bytes.length & 15)]
}

/** One block of the key stream (RFC 8439 §2.3). */
function block(key: Uint8Array, counter: number, nonce: Uint8Array): Uint8Array {
  const start = Uint32Array.of(
    0x61707865,
    0x3320646e,
    0x79622d32,
    0x6b206574,
    ...words(key),
    counter,
    ...words(nonce),
  )
  const state = start.slice()
  const turn = (a: number, b: number, c: number, bits: number): void => {
    state[a]! += state[b]!
    const mixed = state[c]! ^ state[a]!
    state[c] = (mixed << bits) | (mixed >>> (32 - bits))
  }
  const quarterRound = (a: number, b: number, c: number, d: number): void => {
    turn(a, b, d, 16)
    turn(c, d, b, 12)
    turn(a, b, d, 8)
    turn(c, d, b, 7)
  }
  for (let round = 0; round < 10; round++) {
    for (let i = 0; i < 4; i++) quarterRound(i, 4 + i, 8 + i, 12 + i)
    for (let i = 0; i < 4; i++) quarterRound(i, 4 + ((i + 1) & 3), 8 + ((i + 2) & 3), 12 + ((i + 3) & 3))
  }
  const out = new DataView(new ArrayBuffer(64))
  for (const [i, word] of state.entries()) out.setUint32(4 * i, word + start[i]!, true)
  return new Uint8Array(out.buffer)
}

function words(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  return Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(4 * i, true))
}

/** The tag by a one-time key (RFC 8439 §2.5). */
function poly1305(key: Uint8Array, message: readonly number[]): number[] {
  const p = (1n << 130n) - 5n
  const r = little([...key.subarray(0, 16)]) & 0x0ffffffc0ffffffc0ffffffc0fffffffn
  let sum = 0n
  for (let i = 0; i < message.length; i += 16)
    sum = ((sum + little([...message.slice(i, i + 16), 1])) * r) % p
  const tag = sum + little([...key.subarray(16, 32)])
  return Array.from({ length: 16 }, (_, i) => Number((tag >> BigInt(8 * i)) & 255n))
}

function little(bytes: readonly number[]): bigint {
  return bytes.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n)
}
