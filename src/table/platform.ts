/**
 * What a global class of the platform makes, where its types are loaded (by the DOM library or by Node's types); otherwise an
 * object with the members given. So the declarations of this library need neither.
 */
export type PlatformObject<Name extends string, Members> =
  typeof globalThis extends Record<Name, { prototype: infer Instance }> ? Instance : Members

/** An AbortSignal. */
export type AbortSignalLike = PlatformObject<
  'AbortSignal',
  {
    readonly aborted: boolean
    readonly reason?: unknown
    throwIfAborted(): void
    addEventListener(type: 'abort', listener: () => void): void
    removeEventListener(type: 'abort', listener: () => void): void
  }
>

/** URLSearchParams: a form, in order. */
export type FormLike = PlatformObject<
  'URLSearchParams',
  Iterable<[string, string]> & {
    get(name: string): string | null
    getAll(name: string): string[]
    has(name: string): boolean
    toString(): string
  }
>

/** Headers of HTTP. */
export type HeadersLike = PlatformObject<'Headers', Iterable<[string, string]>>

/** SubtleCrypto, as far as it is used. */
export type SubtleCryptoLike = PlatformObject<'SubtleCrypto', object>
