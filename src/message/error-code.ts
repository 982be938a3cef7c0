import { isCborInteger, narrow } from '../cbor/integer.ts'
import { type ErrorCodeName, errorCodes } from '../registry/generated/error-codes.ts'
import { PRIVATE_USE_BELOW, type RegistryStatus } from '../registry/registry.ts'
import { integerToJson } from '../table/integer-json.ts'
import type { ViolationRule } from '../table/violation.ts'

const errorCharacters = /^[ !#-[\]-~]*$/

/** What is wrong about an error name or a description (RFC 6749 §5.2), if anything. */
export function textRule(text: string | undefined): ViolationRule | undefined {
  if (text === '') return 'empty_text'
  if (text !== undefined && !errorCharacters.test(text)) return 'forbidden_character'
  return undefined
}

/** What the constructor asks for, and only the library has. */
const fromLibrary: unique symbol = /* @__PURE__ */ Symbol('from the library')

/** The registered codes by their integers and by their names. */
const registered: Map<unknown, ErrorCode> = /* @__PURE__ */ new Map()

/**
 * What went wrong, as the `error` of an error response says it: a name in JSON, an integer in CBOR.
 *
 * Codes are immutable. The registered ones are constants, one object each, so that they can be compared by `===`;
 * {@link ErrorCode.equals} compares any two.
 *
 * @see RFC 6749 §5.2, RFC 9200 §5.8.3 and §8.4
 *
 * @example
 * ```ts
 * import { ErrorCode } from 'ace-oauth/error-response'
 *
 * ErrorCode.InvalidGrant.value // 3
 * ErrorCode.other(-99999).status // 'private-use'
 * ErrorCode.define({ name: 'quota_exceeded', value: -70001 }).name // 'quota_exceeded'
 * ```
 */
export class ErrorCode {
  /** The request lacks a parameter, repeats one, has an unsupported value, or is malformed otherwise (RFC 6749 §5.2). */
  declare static readonly InvalidRequest: ErrorCode
  /** The client is unknown, did not authenticate, or not in a supported way (RFC 6749 §5.2). */
  declare static readonly InvalidClient: ErrorCode
  /** The grant or refresh token is invalid, expired, revoked, or another client's (RFC 6749 §5.2). */
  declare static readonly InvalidGrant: ErrorCode
  /** The client is authenticated but may not use this grant type (RFC 6749 §5.2). */
  declare static readonly UnauthorizedClient: ErrorCode
  /** The authorization server does not support the grant type (RFC 6749 §5.2). */
  declare static readonly UnsupportedGrantType: ErrorCode
  /** The scope is invalid, unknown, malformed, or exceeds what was granted (RFC 6749 §5.2). */
  declare static readonly InvalidScope: ErrorCode
  /** The client asked for an asymmetric key that the resource server cannot process (RFC 9200 §5.8.3). */
  declare static readonly UnsupportedPopKey: ErrorCode
  /** The client and the resource server share no profile (RFC 9200 §5.8.3). */
  declare static readonly IncompatibleAceProfiles: ErrorCode

  /** The OAuth name; undefined for an integer that has none. */
  readonly name: string | undefined
  /** The CBOR integer, a bigint beyond 2^53-1; undefined for a name that has none. */
  readonly value: number | bigint | undefined
  /** What the registry of RFC 9200 §8.4 says of the integer. */
  readonly status: RegistryStatus

  private constructor(key: typeof fromLibrary, name: string | undefined, value?: number | bigint) {
    if (key !== fromLibrary) throw new TypeError('use ErrorCode.define()')
    this.name = name
    this.value = value
    // What has both is registered: a name of one's own is for a private-use integer only.
    this.status = value! < PRIVATE_USE_BELOW ? 'private-use' : name && value ? 'registered' : 'unassigned'
    Object.freeze(this)
  }

  static {
    for (const name in errorCodes) {
      const value = errorCodes[name as ErrorCodeName]
      const code = new ErrorCode(fromLibrary, name, value)
      registered.set(value, code).set(name, code)
      // invalid_request is InvalidRequest
      ;(ErrorCode as unknown as Record<string, ErrorCode>)[
        name.replace(/(?:^|_)(.)/g, (_, letter) => letter.toUpperCase())
      ] = code
    }
    Object.freeze(ErrorCode)
  }

  /**
   * A code by its integer: one for private use, or a registered one.
   *
   * @param value any integer below -65536, down to -2^64
   * @throws RangeError for an integer that is neither registered nor private use (RFC 9200 §8.4), or that CBOR has not
   */
  static other(value: number | bigint): ErrorCode {
    const code = ErrorCode.fromCbor(value)
    if (code.status === 'unassigned') throw new RangeError(`${value} is not for private use`)
    return code
  }

  /**
   * A private-use code with a name of its own, which stands for it in JSON. Give it to the `codes` option of
   * `ErrorResponse.fromCbor` and `fromJson` to have it recognized.
   *
   * @throws RangeError for an integer that is not for private use, for a name that is registered with another integer,
   * for one of digits, which JSON takes for the
   * integer, and for one with characters that RFC 6749 §5.2 does not allow
   */
  static define({ name, value }: { readonly name: string; readonly value: number | bigint }): ErrorCode {
    const code = ErrorCode.other(value)
    if (code.name || ErrorCode.named(name).value) throw new RangeError(`${name} is registered`)
    return new ErrorCode(fromLibrary, name, code.value)
  }

  /**
   * A code by its OAuth name. One that has no CBOR integer, such as `slow_down` of RFC 8628, can be sent in JSON only.
   *
   * @throws TypeError for a name that is no string
   * @throws RangeError for a name that RFC 6749 §5.2 does not allow, and for one of digits, which JSON takes for the integer
   */
  static named(name: ErrorCodeName | (string & {})): ErrorCode {
    if (typeof name !== 'string') throw new TypeError('the name of an error is a string')
    if (/^-?\d+$/.test(name)) throw new RangeError(`${name} is an integer, and names no error`)
    return ErrorCode.fromName(name)
  }

  /**
   * The code that a name off the wire stands for.
   *
   * @throws RangeError for a name that RFC 6749 §5.2 does not allow
   * @internal
   */
  static fromName(name: string): ErrorCode {
    const known = registered.get(name)
    if (known) return known
    if (textRule(name)) throw new RangeError(`${JSON.stringify(name)} names no error`)
    return new ErrorCode(fromLibrary, name)
  }

  /**
   * The code that an integer off the wire stands for, registered or not: a newer registry may know it.
   *
   * @throws RangeError for what is no integer from -2^64 to 2^64-1
   */
  static fromCbor(value: number | bigint): ErrorCode {
    const number = narrow(value)
    const known = registered.get(number)
    if (known) return known
    if (!isCborInteger(number)) throw new RangeError(`${value} is no integer`)
    return new ErrorCode(fromLibrary, undefined, number)
  }

  /** Whether both stand for the same: the same integer, or the same name where there is no integer. */
  equals(other: unknown): boolean {
    return other instanceof ErrorCode && (this.value ?? this.name) === (other.value ?? other.name)
  }

  /** As an error is in JSON: its name, or the integer, in decimal digits beyond 2^53-1. */
  toJSON(): string | number {
    return this.name ?? integerToJson(this.value!)
  }

  /** The name, or the digits of the integer. */
  toString(): string {
    return `${this.name ?? this.value}`
  }
}
