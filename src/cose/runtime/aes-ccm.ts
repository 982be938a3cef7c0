import { equalBytes } from '../equal-bytes.ts'
import { type RuntimeKey, webCrypto } from './runtime-key.ts'

/**
 * AES-CCM (RFC 3610) with a length field of two bytes, as COSE has it with nonces of 13 bytes (RFC 9053 §4.2), made of WebCrypto's AES-CTR
 * and AES-CBC: WebCrypto has no AES-CCM.
 *
 * The plaintext has at most 65,535 bytes, the nonce 13.
 */
export async function sealCcm(
  key: RuntimeKey,
  tagBytes: number,
  nonce: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
): Promise<Uint8Array> {
  const tag = await tagOf(key, tagBytes, nonce, aad, plaintext)
  const [encryptedTag, ciphertext] = await xorWithKeystream(key, nonce, tag, plaintext)
  const sealed = new Uint8Array(plaintext.length + tagBytes)
  sealed.set(ciphertext)
  sealed.set(encryptedTag, plaintext.length)
  return sealed
}

/** Decrypts; undefined where the tag is wrong. */
export async function unsealCcm(
  key: RuntimeKey,
  tagBytes: number,
  nonce: Uint8Array,
  aad: Uint8Array,
  sealed: Uint8Array,
): Promise<Uint8Array | undefined> {
  const length = sealed.length - tagBytes
  const [tag, plaintext] = await xorWithKeystream(
    key,
    nonce,
    sealed.subarray(length),
    sealed.subarray(0, length),
  )
  if (equalBytes(await tagOf(key, tagBytes, nonce, aad, plaintext), tag)) return plaintext
  plaintext.fill(0)
  return undefined
}

const blockBytes = 16

/** The tag and the message, each combined with its part of the keystream: the tag with block 0, the message with the rest (RFC 3610 §2.3). */
async function xorWithKeystream(
  key: RuntimeKey,
  nonce: Uint8Array,
  tag: Uint8Array,
  message: Uint8Array,
): Promise<[tag: Uint8Array, message: Uint8Array]> {
  const cryptoKey = await key.cryptoKey({ name: 'AES-CTR' }, 'encrypt')
  const counter = new Uint8Array(blockBytes)
  counter[0] = 1
  counter.set(nonce, 1)
  const input = new Uint8Array(blockBytes + message.length)
  input.set(tag)
  input.set(message, blockBytes)
  // Two bytes count, but Deno takes 32, 64 or 128 bits. The message is too short for the counter to overflow them.
  const parameters = { name: 'AES-CTR', counter, length: 64 }
  const output = new Uint8Array(await webCrypto().encrypt(parameters, cryptoKey, input))
  input.fill(0)
  return [output.slice(0, tag.length), output.slice(blockBytes)]
}

/** The CBC-MAC over the nonce, the AAD and the message (RFC 3610 §2.2), cut to its length and not encrypted yet. */
async function tagOf(
  key: RuntimeKey,
  tagBytes: number,
  nonce: Uint8Array,
  aad: Uint8Array,
  message: Uint8Array,
): Promise<Uint8Array> {
  const cryptoKey = await key.cryptoKey({ name: 'AES-CBC' }, 'encrypt')
  const lengthBytes = aad.length === 0 ? 0 : aad.length < 0xff00 ? 2 : 6
  const aadEnd = blockBytes + wholeBlocks(lengthBytes + aad.length)
  const input = new Uint8Array(aadEnd + wholeBlocks(message.length))
  const view = new DataView(input.buffer)
  // Whether there is AAD, the length of the tag, and two bytes for the length of the message.
  input[0] = (aad.length > 0 ? 64 : 0) + ((tagBytes - 2) / 2) * 8 + 1
  input.set(nonce, 1)
  view.setUint16(14, message.length)
  if (lengthBytes === 2) view.setUint16(blockBytes, aad.length)
  if (lengthBytes === 6) {
    view.setUint16(blockBytes, 0xfffe)
    view.setUint32(blockBytes + 2, aad.length)
  }
  input.set(aad, blockBytes + lengthBytes)
  input.set(message, aadEnd)
  const parameters = { name: 'AES-CBC', iv: new Uint8Array(blockBytes) }
  const output = new Uint8Array(await webCrypto().encrypt(parameters, cryptoKey, input))
  input.fill(0)
  // The last block is padding, which WebCrypto adds.
  const end = output.length - blockBytes
  return output.slice(end - blockBytes, end - blockBytes + tagBytes)
}

function wholeBlocks(length: number): number {
  return Math.ceil(length / blockBytes) * blockBytes
}
