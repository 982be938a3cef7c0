import { isSynchronous } from '#runtime/crypto'

/** What may be there now or later: node:crypto is done at once, and waiting for a promise costs as much as a MAC does. */
export type Eventually<T> = T | Promise<T>

/** Goes on with what is there now, or once it is. */
export function after<T, U>(value: Eventually<T>, use: (value: T) => Eventually<U>): Eventually<U> {
  return value instanceof Promise ? value.then(use) : use(value)
}

/**
 * Bytes that stay the same until an operation is done: a copy where the operation is not done at once, since a caller may use its
 * memory for something else meanwhile.
 *
 * @param waits whether something besides the cryptography has to be waited for
 */
export function lasting(bytes: Uint8Array, waits = false): Uint8Array {
  return waits || !isSynchronous ? new Uint8Array(bytes) : bytes
}
