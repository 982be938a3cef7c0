/**
 * Types of the Web platform in the declarations. Where a program has the types of the DOM, of Node, Deno, Bun or Workers, they are
 * those; elsewhere they are what is used of them, so that the declarations compile without any library.
 */

/** Aborts work: `AbortSignal`. */
export type WebAbortSignal = typeof globalThis extends { AbortSignal: { prototype: infer Signal } }
  ? Signal
  : { readonly aborted: boolean; readonly reason: unknown }

/** Bytes that come one chunk after another, as a `ReadableStream` gives them. */
export interface WebStream {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>
    cancel(): Promise<void>
  }
  cancel(): Promise<void>
}

/** What a handler of requests gives: `Response`. */
export type WebResponse = typeof globalThis extends { Response: { prototype: infer Answer } }
  ? Answer
  : { readonly status: number }

/** A JSON Web Key (RFC 7517), as far as the endpoints look at it. Other members may stand beside these. */
export interface Jwk {
  readonly kty?: string | undefined
  readonly kid?: string | undefined
  readonly use?: string | undefined
  readonly alg?: string | undefined
  readonly key_ops?: readonly string[] | undefined
  readonly crv?: string | undefined
  readonly x?: string | undefined
  readonly y?: string | undefined
  readonly n?: string | undefined
  readonly e?: string | undefined
  readonly d?: string | undefined
  readonly k?: string | undefined
  readonly x5c?: readonly string[] | undefined
  readonly 'x5t#S256'?: string | undefined
}
