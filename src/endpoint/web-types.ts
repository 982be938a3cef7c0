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
