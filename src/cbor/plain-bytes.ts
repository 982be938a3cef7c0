/** Whether something is a Uint8Array, of this realm or another, or of a subclass such as Buffer. */
export function isBytes(value: unknown): value is Uint8Array {
  return (
    value instanceof Uint8Array ||
    (ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]')
  )
}

/**
 * The same bytes in the same memory as a plain Uint8Array: a subclass may have a length, a slice and a subarray that do
 * something else, as those of Buffer do.
 *
 * @throws TypeError for anything but a Uint8Array
 */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  if (!isBytes(bytes)) throw new TypeError('the bytes are not a Uint8Array')
  if (Object.getPrototypeOf(bytes) === Uint8Array.prototype) return bytes
  const builtIn = (name: string) => Reflect.get(Uint8Array.prototype, name, bytes)
  return new Uint8Array(builtIn('buffer'), builtIn('byteOffset'), builtIn('length'))
}
