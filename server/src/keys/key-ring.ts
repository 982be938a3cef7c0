import { Failure } from 'ace-oauth/failure'
import { TokenKey } from 'ace-oauth/token'
import type { ResourceServerRecord, Store } from '../store/contract.ts'

/** What stands in the store in the place of a key. */
interface UnusableKey {
  readonly cause: unknown
}

/** The keys of the authorization server, ready for use. */
export class KeyRing {
  readonly #store: Store
  readonly #own: readonly TokenKey[]
  #signing: ReadonlyMap<string, TokenKey | UnusableKey> = new Map()
  #public: readonly TokenKey[] = []
  readonly #shared = new Map<string, { readonly jwk: string; readonly key: Promise<TokenKey> }>()

  private constructor(store: Store, own: readonly TokenKey[]) {
    this.#store = store
    this.#own = own
  }

  /** @param own keys that sign in the place of those of the store, each for its algorithm */
  static async load(store: Store, own: readonly TokenKey[] = []): Promise<KeyRing> {
    const ring = new KeyRing(store, own)
    await ring.reload()
    return ring
  }

  /**
   * Takes the keys anew, after one was added. The old ones stay until the new ones are there. One that is no key keeps nobody from using the
   * others.
   */
  async reload(): Promise<void> {
    const records = await this.#store.keys.list()
    const keys = await Promise.all(
      records.map(async ({ algorithm, state, jwk }) => ({ algorithm, state, key: await keyOf(jwk) })),
    )
    this.#signing = new Map([
      ...keys.flatMap(({ algorithm, state, key }) => (state === 'active' ? [[algorithm, key] as const] : [])),
      ...this.#own.map((key) => [String(key.alg), key] as const),
    ])
    this.#public = [...keys.map(({ key }) => key), ...this.#own].flatMap((key) =>
      key instanceof TokenKey ? [key.publicKey()] : [],
    )
  }

  /** The public keys of those that sign, will sign, or signed tokens that are still good. */
  get publicKeys(): readonly TokenKey[] {
    return this.#public
  }

  /**
   * The key that signs with an algorithm.
   *
   * @throws Failure `token_key_store_unavailable` where there is none, or none that is a key
   */
  signing(algorithm: string): TokenKey {
    const key = this.#signing.get(algorithm)
    if (key instanceof TokenKey) return key
    throw new Failure('token_key_store_unavailable', {
      cause: key?.cause,
      details: {
        algorithm,
        reason: key ? 'the key that signs with it cannot be used' : 'no key signs with it',
      },
    })
  }

  /**
   * The key that the server shares with a resource server.
   *
   * @throws Failure `token_key_store_unavailable` where there is none, or none that is a key
   */
  async shared({ audience, key: jwk }: ResourceServerRecord): Promise<TokenKey> {
    const text = JSON.stringify(jwk)
    const known = this.#shared.get(audience)
    const entry = known?.jwk === text ? known : { jwk: text, key: TokenKey.fromJwk(jwk) }
    if (entry !== known) {
      // More than a process ever needs at once: the oldest goes.
      if (this.#shared.size >= 10_000) this.#shared.delete(this.#shared.keys().next().value!)
      this.#shared.set(audience, entry)
    }
    try {
      return await entry.key
    } catch (cause) {
      this.#shared.delete(audience)
      throw new Failure('token_key_store_unavailable', { cause, details: { audience } })
    }
  }
}

async function keyOf(jwk: unknown): Promise<TokenKey | UnusableKey> {
  try {
    return await TokenKey.fromJwk(jwk)
  } catch (cause) {
    return { cause }
  }
}
