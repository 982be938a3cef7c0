import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { DecodeError } from '../cbor/decode-error.ts'
import { array } from '../cbor/major.ts'
import { TokenKey } from '../cose/token-key.ts'
import { Exit } from './exit.ts'
import { readKeyMaterial } from './input/source.ts'
import { parseItem } from './item.ts'
import { withoutSelfDescription } from './recognize.ts'
import { printable } from './text.ts'

/**
 * The keys of an input: a JWK, a JWK Set, a COSE_Key or a COSE_KeySet in any notation of bytes, or PEM. Keys of a set that cannot
 * be used here are left out (RFC 7517 section 5, RFC 9052 section 7).
 *
 * @throws Exit 1 for what is no key, and for a set without any that can be used
 */
export async function readKeys(argument: string | undefined, file?: string): Promise<TokenKey[]> {
  const material = await readKeyMaterial(argument, file)
  switch (material.is) {
    case 'pem':
      return [await fromPem(material.text)]
    case 'json': {
      const { keys } = Object(material.json) as { readonly keys?: unknown }
      const read = (jwk: unknown): Promise<TokenKey> => TokenKey.fromJwk(jwk)
      return Array.isArray(keys) ? usable(keys, read) : [await told('JWK', () => read(material.json))]
    }
    case 'bytes': {
      const { bytes } = withoutSelfDescription(material.bytes)
      const set = keySet(bytes)
      const read = (key: Uint8Array): Promise<TokenKey> => TokenKey.fromCose(key)
      return set ? usable(set, read) : [await told('COSE_Key', () => read(bytes))]
    }
  }
}

/** The one key of an input. */
export async function readKey(argument: string | undefined, file?: string): Promise<TokenKey> {
  const [key, ...rest] = await readKeys(argument, file)
  if (!key || rest.length > 0) throw new Exit(1, 'expected one key')
  return key
}

/** The COSE_Keys of a COSE_KeySet; undefined for bytes that are no array. */
function keySet(bytes: Uint8Array): Uint8Array[] | undefined {
  try {
    const item = parseItem(bytes)
    return item.major === array ? item.items.map(({ start, end }) => bytes.slice(start, end)) : undefined
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

/** Those keys of a set that can be used. */
async function usable<Key>(keys: readonly Key[], read: (key: Key) => Promise<TokenKey>): Promise<TokenKey[]> {
  const results = await Promise.all(keys.map((key) => attempt(() => read(key))))
  const found = results.flatMap((result) => (result instanceof TokenKey ? [result] : []))
  const [first] = results
  if (found.length === 0 && first) throw new Exit(1, `no key of the set can be used: ${why(first)}`)
  return found
}

/** The key, or what was thrown in its place. */
async function attempt(read: () => Promise<TokenKey>): Promise<unknown> {
  try {
    return await read()
  } catch (error) {
    return error
  }
}

/** Reads a key, and tells in words why it is none. Neither the bytes nor the JSON of a key are shown. */
async function told(form: string, read: () => Promise<TokenKey>): Promise<TokenKey> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof DecodeError) throw new Exit(1, `the ${form} is refused: ${why(error)}`)
    throw error
  }
}

function why(error: unknown): string {
  return printable(error instanceof Error ? error.message : String(error))
}

function fromPem(pem: string): Promise<TokenKey> {
  let key: KeyObject
  try {
    key = /PRIVATE KEY/.test(pem) ? createPrivateKey(pem) : createPublicKey(pem)
  } catch {
    // What OpenSSL says of it helps nobody, and may quote the key.
    throw new Exit(1, 'the PEM holds no key that can be read: an encrypted one has to be decrypted first')
  }
  if (key.asymmetricKeyType === 'rsa' || key.asymmetricKeyType === 'rsa-pss')
    throw new Exit(1, 'RSA keys are not supported: tokens of ACE are signed with EC and OKP keys')
  return TokenKey.fromKeyObject(key)
}
