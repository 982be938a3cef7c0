/** Whether something is a Uint8Array, of this realm or another, or of a subclass such as Buffer. */
export function isBytes(value: unknown): value is Uint8Array {
  return (
    value instanceof Uint8Array ||
    (ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]')
  )
}

/**
 * Bytes as a plain Uint8Array: those of a subclass are copied, since it may have a length, a slice and a subarray that do
 * something else, as those of Buffer do.
 *
 * @throws TypeError for anything but a Uint8Array
 */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  if (!isBytes(bytes)) throw new TypeError('the bytes are not a Uint8Array')
  return Object.getPrototypeOf(bytes) === Uint8Array.prototype ? bytes : new Uint8Array(bytes)
}
