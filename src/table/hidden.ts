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
