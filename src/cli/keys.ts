import { DecodeError } from '../cbor/decode-error.ts'
import { TokenKey } from '../cose/token-key.ts'
import { Exit } from './exit.ts'
import { readKeyMaterial } from './input.ts'

/**
 * The keys of an input: a JWK, a JWK Set, or a COSE_Key in hex, base64, base64url or as it is.
 *
 * @throws CoseError for a key that is none
 */
export async function readKeys(argument: string | undefined, file?: string): Promise<TokenKey[]> {
  const material = await readKeyMaterial(argument, file)
  try {
    if (material instanceof Uint8Array) return [await TokenKey.fromCose(material)]
    const { keys } = Object(material)
    const jwks: readonly unknown[] = Array.isArray(keys) ? keys : [material]
    return await Promise.all(jwks.map((jwk) => TokenKey.fromJwk(jwk)))
  } catch (error) {
    // Neither the bytes nor the JSON of a key are shown.
    if (error instanceof DecodeError)
      throw new Exit(1, `the key is neither a JWK nor a COSE_Key: ${error.message}`)
    throw error
  }
}

/** The one key of an input. */
export async function readKey(argument: string | undefined, file?: string): Promise<TokenKey> {
  const [key, ...rest] = await readKeys(argument, file)
  if (!key || rest.length > 0) throw new Exit(1, 'expected one key')
  return key
}
