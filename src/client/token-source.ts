import { checkObject } from '../cbor/check-object.ts'
import { Failure } from '../failure/failure.ts'
import type { AccessTokenRequestMembers } from '../message/access-token-request.ts'
import { checkedNumber, systemTime, timeOf } from '../token/option-checks.ts'
import { type AuthorizationServer, endpointUrl } from './authorization-server.ts'
import { checkedHttp, type HttpOptions, interruption } from './http.ts'
import { isExpired, type ObtainedToken } from './obtained-token.ts'
import { type ObtainTokenOptions, obtainToken, refreshToken } from './token.ts'

/** How tokens are kept. */
export interface TokenSourceOptions extends Omit<ObtainTokenOptions, 'signal' | 'previous'> {
  /** The token of an earlier run, as `tokenFromJson` gives it. Default: none. */
  readonly token?: ObtainedToken | undefined
  /**
   * Stores each new token, before anybody gets it: with `tokenToJson`. What it throws is `client_store_unavailable`; the token is kept
   * in memory all the same.
   */
  readonly onToken?: ((token: ObtainedToken) => unknown) | undefined
  /** How long before its end a token is replaced, in seconds; half of its lifetime at the most. Default: 30. */
  readonly renewBeforeSeconds?: number | undefined
  /** The time in seconds since 1970. Default: that of the system. */
  readonly now?: (() => number) | undefined
}

/** A token request that is on its way, and how many wait for it. */
interface Running {
  readonly token: Promise<ObtainedToken>
  readonly stop: AbortController
  waiting: number
}

/** The failures of a refresh after which the client may begin anew: the refresh token is no longer good. */
const endsRefreshing: readonly string[] = [
  'client_invalid_grant',
  'client_unauthorized_client',
  'client_unsupported_grant_type',
]

/**
 * Keeps a token and renews it: by its refresh token, or where that is no longer good by the first request again, if that is one by
 * client credentials. Whoever asks at the same time shares one request. A refresh whose answer was lost is repeated as it was, also by
 * a later call, until the authorization server has answered it.
 *
 * @example
 * ```ts
 * import { clientSecretPost, TokenSource } from 'ace-oauth/client'
 *
 * const server = { token_endpoint: 'https://as.example.com/token' }
 * const authentication = clientSecretPost('sensor1', 'VerySecret')
 * const source = new TokenSource(server, { audience: 'rs1', scope: 'read' }, { authentication })
 * const use = async () => {
 *   const token = await source.get()
 *   // ... and where the resource server answers 4.01:
 *   source.discard(token)
 * }
 * ```
 */
export class TokenSource {
  readonly #server: AuthorizationServer
  readonly #members: AccessTokenRequestMembers
  readonly #options: TokenSourceOptions
  #token: ObtainedToken | undefined
  #isDiscarded = false
  #running: Running | undefined
  /** The last failure, until when the server is left alone, in seconds since 1970, and whether it asked for that. */
  #refusal: { readonly failure: Failure; readonly until: number; readonly isAsked: boolean } | undefined

  /**
   * @param members what the first token is asked for with
   * @throws TypeError, RangeError for wrong options
   */
  constructor(server: AuthorizationServer, members: AccessTokenRequestMembers, options: TokenSourceOptions) {
    checkObject('options', options)
    endpointUrl(server, 'token_endpoint', options)
    checkedHttp(options)
    checkedNumber('renewBeforeSeconds', options.renewBeforeSeconds ?? 0)
    if (typeof options.authentication !== 'function') throw new TypeError('authentication must be a function')
    this.#server = server
    this.#members = members
    this.#options = options
    this.#token = options.token
  }

  /**
   * A token that is good for now. Where it is to be renewed, that is tried once, and if it fails for a time the token that there is does
   * as long as it is valid.
   *
   * @throws Failure as `obtainToken`; while the server wants to be left alone, the failure in which it said so, at once
   */
  async get({ signal }: Pick<HttpOptions, 'signal'> = {}): Promise<ObtainedToken> {
    if (signal?.aborted) throw interruption(signal.reason)
    const now = timeOf(this.#options.now ?? systemTime)
    const token = this.#isDiscarded ? undefined : this.#token
    if (token && !this.#isDue(token, now)) return token
    const spare = token && !isExpired(token, now) ? token : undefined
    if (!this.#running && this.#refusal && now < this.#refusal.until) {
      if (spare) return spare
      if (this.#refusal.isAsked) throw this.#refusal.failure
    }
    this.#running ??= this.#start(spare !== undefined)
    try {
      return await this.#wait(this.#running, signal)
    } catch (error) {
      if (spare && error instanceof Failure && error.kind.isTransient) return spare
      throw error
    }
  }

  /** Says that a token is no longer good: the resource server refused it, or it is on the token revocation list. */
  discard(token: ObtainedToken): void {
    if (token === this.#token) this.#isDiscarded = true
  }

  #isDue({ expiresAt, response }: ObtainedToken, now: number): boolean {
    const { renewBeforeSeconds = 30 } = this.#options
    const half = response.expires_in === undefined ? renewBeforeSeconds : Number(response.expires_in) / 2
    return now >= expiresAt - Math.min(renewBeforeSeconds, half)
  }

  #start(hasSpare: boolean): Running {
    const stop = new AbortController()
    const running: Running = { token: this.#renew(stop.signal, hasSpare), stop, waiting: 0 }
    const end = (): void => {
      if (this.#running === running) this.#running = undefined
    }
    running.token.then(end, end)
    return running
  }

  /** Waits for a request that others may wait for too: it is stopped once nobody does. */
  async #wait(running: Running, signal: HttpOptions['signal']): Promise<ObtainedToken> {
    running.waiting++
    let leave: (() => void) | undefined
    try {
      if (!signal) return await running.token
      const left = new Promise<never>((_, reject) => {
        leave = () => reject(interruption(signal.reason))
        signal.addEventListener('abort', leave)
      })
      return await Promise.race([running.token, left])
    } finally {
      if (leave) signal?.removeEventListener('abort', leave)
      running.waiting--
      if (running.waiting === 0 && signal?.aborted) {
        if (this.#running === running) this.#running = undefined
        running.stop.abort()
      }
    }
  }

  async #renew(signal: AbortSignal, hasSpare: boolean): Promise<ObtainedToken> {
    const { retry } = this.#options
    const options = { ...this.#options, signal, ...(hasSpare && { retry: { ...retry, maxAttempts: 1 } }) }
    try {
      const token = await this.#next(options)
      this.#token = token
      this.#isDiscarded = false
      this.#refusal = undefined
      await this.#store(token)
      return token
    } catch (error) {
      if (error instanceof Failure) {
        const { retryAfterMs, kind } = error
        const until =
          timeOf(this.#options.now ?? systemTime) + (retryAfterMs ?? kind.baseBackoffMs ?? 0) / 1_000
        this.#refusal = { failure: error, until, isAsked: retryAfterMs !== undefined }
      }
      throw error
    }
  }

  async #next(options: ObtainTokenOptions): Promise<ObtainedToken> {
    const token = this.#token
    const { grant_type = 'client_credentials' } = this.#members
    const canBegin = !token || grant_type === 'client_credentials'
    if (token?.refresh_token)
      try {
        return await refreshToken(this.#server, token, options)
      } catch (error) {
        const isOver = error instanceof Failure && endsRefreshing.includes(error.code)
        if (!isOver || !canBegin) throw error
      }
    if (!canBegin)
      throw new Failure('client_no_credentials', { details: { expected: 'a grant that is not used up' } })
    return obtainToken(this.#server, this.#members, options)
  }

  async #store(token: ObtainedToken): Promise<void> {
    try {
      await this.#options.onToken?.(token)
    } catch (cause) {
      throw new Failure('client_store_unavailable', { cause })
    }
  }
}
