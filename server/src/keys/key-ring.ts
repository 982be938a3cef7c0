import { Failure } from 'ace-oauth/failure'
import { TokenKey } from 'ace-oauth/token'
import type { ResourceServerRecord, Store } from '../store/contract.ts'

/** The keys of the authorization server, ready for use. */
export class KeyRing {
  readonly #store: Store
  readonly #own: readonly TokenKey[]
  #signing: ReadonlyMap<string, TokenKey> = new Map()
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

  /** Takes the keys anew, after one was added. The old ones stay until the new ones are there. */
  async reload(): Promise<void> {
    const records = await this.#store.keys.list()
    const keys = await Promise.all(
      records.map(async ({ algorithm, state, jwk }) => ({
        algorithm,
        state,
        key: await TokenKey.fromJwk(jwk),
      })),
    )
    this.#signing = new Map([
      ...keys.flatMap(({ algorithm, state, key }) => (state === 'active' ? [[algorithm, key] as const] : [])),
      ...this.#own.map((key) => [String(key.alg), key] as const),
    ])
    this.#public = [...keys.map(({ key }) => key), ...this.#own].map((key) => key.publicKey())
  }

  /** The public keys of those that sign, will sign, or signed tokens that are still good. */
  get publicKeys(): readonly TokenKey[] {
    return this.#public
  }

  /**
   * The key that signs with an algorithm.
   *
   * @throws Failure `token_key_store_unavailable` where there is none
   */
  signing(algorithm: string): TokenKey {
    const key = this.#signing.get(algorithm)
    if (key) return key
    throw new Failure('token_key_store_unavailable', {
      details: { algorithm, reason: 'no key signs with it' },
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
