/** Whether something is a Uint8Array, of this realm or another, or of a subclass such as Buffer. */
export function isBytes(value: unknown): value is Uint8Array {
  return (
    value instanceof Uint8Array ||
    (ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]')
  )
}

// As the language defines them: a subclass may override each.
const prototype = /* @__PURE__ */ Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array
const getBuffer = /* @__PURE__ */ getterOf('buffer')
const getOffset = /* @__PURE__ */ getterOf('byteOffset')
const getLength = /* @__PURE__ */ getterOf('length')

function getterOf<Name extends keyof Uint8Array>(name: Name): (bytes: Uint8Array) => Uint8Array[Name] {
  const { get } = Object.getOwnPropertyDescriptor(prototype, name) as { get: () => Uint8Array[Name] }
  return (bytes) => get.call(bytes)
}

/**
 * The same bytes in the same memory as a plain Uint8Array: a subclass such as Buffer has a slice and a subarray that do
 * something else.
 *
 * @throws TypeError for anything but a Uint8Array
 */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  if (!isBytes(bytes)) throw new TypeError('the bytes are no Uint8Array')
  if (Object.getPrototypeOf(bytes) === Uint8Array.prototype) return bytes
  return new Uint8Array(getBuffer(bytes), getOffset(bytes), getLength(bytes))
}
