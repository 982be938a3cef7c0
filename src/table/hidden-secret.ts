import { toBase64url } from './base64url.ts'

/** Stands in the place of a secret when a message is shown. */
export class Hidden {
  readonly #value: unknown

  constructor(value: unknown) {
    this.#value = value
  }

  /** How long it is, where that is all that may be told. */
  toString(): string {
    return this.#value instanceof Uint8Array ? `<${this.#value.length} secret bytes>` : '<secret>'
  }
}

/**
 * Makes a plain object hide its secrets where it is printed by `console.log` or `util.inspect` of Node, and where it is put into
 * `JSON.stringify`. Everything else sees the plain object: the methods are not enumerable, and a copy by spreading does not have them.
 *
 * @param shown the members as they may be shown, with {@link Hidden} in the place of each secret
 */
export function hideSecrets<T extends object>(target: T, shown: () => unknown): T {
  return defineShown(target, shown)
}

/**
 * The prototype of objects that hide their secrets in the same way, for those that are made often: defining the methods on each object takes
 * twenty times as long as making it. It is a copy of Object.prototype, so that its objects are plain to everything that asks for
 * their constructor or for a prototype that has none itself; `isDeepStrictEqual` of Node alone tells them from others.
 *
 * @param shownOf the members of one of them as they may be shown
 */
export function shieldOf<T extends object>(shownOf: (target: T) => unknown): object {
  const plain = Object.create(null, Object.getOwnPropertyDescriptors(Object.prototype)) as object
  return defineShown(plain, shownOf)
}

/** Defines what tells the members as they may be shown, on an object or on the prototype of many. */
function defineShown<T extends object>(target: T, shownOf: (target: never) => unknown): T {
  return Object.defineProperties(target, {
    toJSON: {
      configurable: true,
      value(this: never): unknown {
        return withTexts(shownOf(this), toBase64url)
      },
    },
    [Symbol.for('nodejs.util.inspect.custom')]: {
      configurable: true,
      value(this: never): unknown {
        return withTexts(shownOf(this), (bytes) => bytes)
      },
    },
  })
}

function withTexts(shown: unknown, told: (bytes: Uint8Array) => unknown): unknown {
  if (shown instanceof Hidden) return String(shown)
  if (shown instanceof Uint8Array) return told(shown)
  if (typeof shown === 'bigint') return `${shown}`
  if (typeof shown !== 'object' || shown === null) return shown
  if (Array.isArray(shown)) return shown.map((one) => withTexts(one, told))
  return Object.fromEntries(Object.entries(shown).map(([name, value]) => [name, withTexts(value, told)]))
}
