import type { AbortSignalLike, PlatformObject } from '../table/platform.ts'

/** The header fields of a response. */
export type ResponseHeaders = PlatformObject<'Headers', { get(name: string): string | null }>

/** Bytes that come one chunk after another. */
export type ResponseBody = PlatformObject<
  'ReadableStream',
  {
    getReader(): {
      read(): Promise<{ readonly done: boolean; readonly value?: unknown }>
      cancel(): Promise<void>
    }
  }
>

/** The parts of a Web Response that are read. */
export interface WebResponse {
  readonly status: number
  readonly headers: ResponseHeaders
  readonly body: ResponseBody | null
}

/** What `fetch` is called with. */
export interface FetchInit {
  readonly method: 'GET' | 'POST'
  readonly headers: Record<string, string>
  readonly body?: Uint8Array<ArrayBuffer>
  /** Never followed: a server could send the secret elsewhere. */
  readonly redirect: 'manual'
  readonly signal: AbortSignalLike
}

/** `fetch`, or what stands in its place: a proxy, client certificates, a test. */
export type Fetch = (url: string, init: FetchInit) => Promise<WebResponse>
