import { randomUUID } from 'node:crypto'

/**
 * A new identifier of a token, a UUID of version 7 (RFC 9562 section 5.7): those made one after another lie side by side in the indexes of
 * the store, so that writing one costs the same however many there are.
 */
export function newTokenId(): string {
  const milliseconds = Date.now().toString(16).padStart(12, '0')
  return `${milliseconds.slice(0, 8)}-${milliseconds.slice(8)}-7${randomUUID().slice(15)}`
}
