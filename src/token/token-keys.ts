import { algorithmOf } from '../cose/algorithms.ts'
import { after } from '../cose/eventually.ts'
import type { KeySource } from '../cose/open-cose.ts'
import type { TokenKey } from '../cose/token-key.ts'
import type { CoseAlgorithmName } from '../registry/generated/cose-algorithms.ts'
import type { TokenLayer } from './cwt.ts'
import { ProtectionError } from './protection-error.ts'

/** The keys that a token may be opened with, by what they are trusted for. */
export interface TokenKeys<Source extends KeySource = KeySource> {
  /** The keys that vouch for a token: it is from whoever has one of them. */
  readonly keys: Source
  /** The keys that only decrypt, and vouch for nothing: a token that one of them opened needs another layer. Default: none. */
  readonly decryptWith?: TokenKey | readonly TokenKey[] | undefined
  /** The algorithms that are taken, by their names in COSE. Default: for each key the one that it names, or that its curve implies. */
  readonly algorithms?: readonly CoseAlgorithmName[] | undefined
}

/** Keys that are given as one or several. */
export function keyList(keys: TokenKey | readonly TokenKey[] | undefined): readonly TokenKey[] {
  if (keys === undefined) return []
  return Array.isArray(keys) ? (keys as readonly TokenKey[]) : [keys as TokenKey]
}

/** The keys for the layers of one token, and whether one that vouches was among those that opened it. */
export class KeyRing {
  readonly #source: KeySource
  readonly #decryptWith: readonly TokenKey[]
  readonly #vouching = new Set<TokenKey>()
  readonly #isApart: boolean

  /**
   * @param isApart whether a key that encrypts vouches only where no key signs or MACs: one that a group of resource servers
   * shares says nothing of who encrypted
   */
  constructor({ keys, decryptWith }: TokenKeys, isApart = false) {
    this.#source = keys
    this.#isApart = isApart
    this.#decryptWith = keyList(decryptWith)
    if (typeof keys !== 'function') this.#offer(keyList(keys))
  }

  /** The keys for a message that is encrypted or not. */
  keysFor(isEncrypted: boolean): KeySource {
    const source = this.#source
    const more = isEncrypted ? this.#decryptWith : []
    if (typeof source !== 'function') return more.length > 0 ? [...keyList(source), ...more] : source
    return (message) =>
      after(source(message), (keys) => {
        this.#offer(keys)
        return more.length > 0 ? [...keys, ...more] : keys
      }) as readonly TokenKey[] | Promise<readonly TokenKey[]>
  }

  /** @throws ProtectionError where nothing but the encryption says who made the token, and that is not enough */
  requireVouched(layers: readonly TokenLayer[]): void {
    const isSealedAlone = !this.#isApart || ![...this.#vouching].some(signsOrMacs)
    const isVouched = layers.some(
      ({ structure, key }) =>
        this.#vouching.has(key) &&
        !this.#decryptWith.includes(key) &&
        (structure !== 'encrypt0' || isSealedAlone),
    )
    if (!isVouched)
      throw new ProtectionError('verification_failed', 'a signature or MAC beside the encryption')
  }

  #offer(keys: readonly TokenKey[]): void {
    for (const key of keys) this.#vouching.add(key)
  }
}

function signsOrMacs({ alg }: TokenKey): boolean {
  const algorithm = algorithmOf(alg)
  return algorithm !== undefined && algorithm.structure !== 'encrypt0'
}
