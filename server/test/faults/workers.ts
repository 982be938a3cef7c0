import { createHash } from 'node:crypto'
import {
  AccessTokenRequest,
  type AccessTokenRequestMembers,
  AccessTokenResponse,
  ErrorResponse,
} from 'ace-oauth'
import { openCwt } from 'ace-oauth/token'
import { expect } from 'vitest'
import { basic, type Fixture, shared } from '../authorization-server/fixture.ts'

/** What a request was answered with. */
export interface Answer {
  readonly status: number
  readonly retryAfter: string | null
  readonly body: Uint8Array
}

/** Asks for a token, as a client that uses HTTP and CBOR. It rejects where the connection breaks. */
export async function ask(
  url: string,
  clientId: string,
  members: AccessTokenRequestMembers,
): Promise<Answer> {
  const response = await fetch(`${url}/token`, {
    method: 'POST',
    headers: {
      'content-type': 'application/ace+cbor',
      accept: 'application/ace+cbor',
      authorization: basic(clientId),
    },
    body: Uint8Array.from(new AccessTokenRequest(members).toCbor()),
    signal: AbortSignal.timeout(30_000),
  })
  const body = new Uint8Array(await response.arrayBuffer())
  return { status: response.status, retryAfter: response.headers.get('retry-after'), body }
}

/** Clients that ask for tokens all the time, on servers that may break at any moment, and remember each answer. */
export class Workers {
  /** The tokens that were answered, by client. */
  readonly tokens = new Map<string, Uint8Array[]>()
  /** Refusals and broken connections, by what they are, and how many. */
  readonly refusals = new Map<string, number>()
  /** The refresh token that each worker of a client has. */
  readonly #refreshTokens = new Map<number, Uint8Array>()
  #answers = 0

  /** How many tokens were answered. */
  get answered(): number {
    return this.#answers
  }

  /** Waits for so many more tokens to be answered. */
  async haveAnswered(more: number): Promise<void> {
    const until = this.#answers + more
    await this.#become(() => this.#answers >= until, `${more} more answers`)
  }

  /** Waits for a refusal that was not there before. */
  async haveRefused(what: string): Promise<void> {
    const before = this.refusals.get(what)
    await this.#become(() => this.refusals.get(what) !== before, what)
  }

  async #become(isSo: () => boolean, what: string): Promise<void> {
    const late = performance.now() + 60_000
    while (!isSo()) {
      if (performance.now() > late)
        throw new Error(
          `no ${what} in a minute: ${this.#answers} answers, ${JSON.stringify([...this.refusals])}`,
        )
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }

  /** Asks again and again, one worker for each client named, until it is enough or the connections break. */
  async run(
    urls: readonly string[],
    asking: readonly { readonly clientId: string; readonly audience: string }[],
    isEnough: () => boolean,
  ): Promise<void> {
    const one = async (clientId: string, audience: string, worker: number): Promise<void> => {
      for (let turn = worker; !isEnough(); turn++) {
        const refresh_token = this.#refreshTokens.get(worker)
        const members: AccessTokenRequestMembers = refresh_token
          ? { grant_type: 'refresh_token', refresh_token }
          : { audience, scope: 'read' }
        try {
          this.#remember(clientId, worker, await ask(urls[turn % urls.length]!, clientId, members))
        } catch (error) {
          if (!(error instanceof TypeError)) throw error
          this.#count('connection broken')
          return
        }
      }
    }
    await Promise.all(asking.map(({ clientId, audience }, worker) => one(clientId, audience, worker)))
  }

  #remember(clientId: string, worker: number, { status, body, retryAfter }: Answer): void {
    if (status !== 200) {
      const error = body.length > 0 ? ` ${ErrorResponse.fromCbor(body).error.name}` : ''
      this.#count(`${status}${error}${retryAfter === null ? '' : ' with Retry-After'}`)
      return
    }
    const { access_token, refresh_token } = AccessTokenResponse.fromCbor(body)
    const tokens = this.tokens.get(clientId) ?? []
    tokens.push(access_token)
    this.tokens.set(clientId, tokens)
    if (refresh_token) this.#refreshTokens.set(worker, refresh_token)
    this.#answers++
  }

  #count(what: string): void {
    this.refusals.set(what, (this.refusals.get(what) ?? 0) + 1)
  }
}

/** Holds that each token that was answered is in the store, as it was answered, and that none was answered twice. */
export async function expectAllStored({ tokens }: Workers, { store }: Fixture): Promise<void> {
  const answered = [...tokens.values()].flat()
  expect(new Set(answered.map(hex)).size).toBe(answered.length)
  for (const [clientId, own] of tokens)
    for (const token of own) {
      const found = await store.tokens.findByHash(createHash('sha256').update(token).digest())
      expect(found?.clientId).toBe(clientId)
    }
}

/** Holds that no sequence number of a resource server that uses exi was given twice. */
export async function expectSequenceNumbersOnce(tokens: readonly Uint8Array[]): Promise<void> {
  const identifiers = []
  for (const token of tokens) {
    const { claims } = await openCwt(token, { keys: shared })
    expect(claims.exi).toBeGreaterThan(0)
    identifiers.push(hex(claims.cti!))
  }
  expect(identifiers.length).toBeGreaterThan(0)
  expect(new Set(identifiers).size).toBe(identifiers.length)
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
