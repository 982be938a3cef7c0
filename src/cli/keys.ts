import { DecodeError } from '../cbor/decode-error.ts'
import { array } from '../cbor/major.ts'
import { readKeySet } from '../cose/key-set.ts'
import { TokenKey } from '../cose/token-key.ts'
import { Exit } from './exit.ts'
import { readKeyMaterial } from './input/source.ts'
import { withoutSelfDescription } from './recognize.ts'
import { printable } from './show/text.ts'

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
      return [await told('PEM', () => TokenKey.fromPem(material.text))]
    case 'json': {
      const { json } = material
      return Array.isArray(Object(json).keys)
        ? usable(json)
        : [await told('JWK', () => TokenKey.fromJwk(json))]
    }
    case 'bytes': {
      const { bytes } = withoutSelfDescription(material.bytes)
      return isArray(bytes) ? usable(bytes) : [await told('COSE_Key', () => TokenKey.fromCose(bytes))]
    }
  }
}

/** The one key of an input. */
export async function readKey(argument: string | undefined, file?: string): Promise<TokenKey> {
  const [key, ...rest] = await readKeys(argument, file)
  if (!key || rest.length > 0) throw new Exit(1, 'expected one key')
  return key
}

/** Whether bytes are an array of CBOR, as a COSE_KeySet is. */
function isArray(bytes: Uint8Array): boolean {
  return bytes[0] !== undefined && bytes[0] >> 5 === array
}

/** Those keys of a set that can be used. */
async function usable(set: unknown): Promise<TokenKey[]> {
  const { keys, skipped } = await told('key set', () => readKeySet(set))
  const [first] = skipped
  if (keys.length === 0 && first)
    throw new Exit(
      1,
      `no key of the set can be used: ${printable(`${first.reason}: expected ${first.expected}`)}`,
    )
  return [...keys]
}

/** Reads keys, and tells in words why there are none. Neither the bytes nor the JSON of a key are shown. */
async function told<Read>(form: string, read: () => Promise<Read>): Promise<Read> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof DecodeError) throw new Exit(1, `the ${form} is refused: ${printable(error.message)}`)
    throw error
  }
}
