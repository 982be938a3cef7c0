/**
 * The boundary of the private-use range that the ACE, CWT and COSE registries share: integers strictly less than
 * this one are for private use (RFC 9200, Section 8.4; RFC 8392, Section 9.1.1). The boundary itself is not.
 */
export const PRIVATE_USE_BELOW = -65536

/**
 * Tells whether an integer is in the private-use range, which reaches down to the least integer that CBOR can
 * hold, -2^64.
 *
 * Not every registry has that range: those that do have {@link Registry.privateUseBelow}.
 *
 * @param value an integer; a bigint where it is beyond 2^53-1
 *
 * @example
 * isPrivateUse(-65537) // true
 * isPrivateUse(-65536) // false
 * isPrivateUse(-(2n ** 64n)) // true
 */
export function isPrivateUse(value: number | bigint): boolean {
  return value < PRIVATE_USE_BELOW
}

/** What a registry says about an integer: it has a name, it is for private use, or neither. */
export type RegistryStatus = 'registered' | 'private-use' | 'unassigned'

/**
 * Tells what a registry says about an integer.
 *
 * Meant for the registries with a private-use range ({@link Registry.privateUseBelow}) that are complete here
 * (not {@link Registry.subset}).
 *
 * @param values one of the name-to-integer constants, such as `errorCodes`
 * @param value an integer; a bigint where it is beyond 2^53-1
 *
 * @example
 * statusOf(errorCodes, 1) // 'registered'
 * statusOf(errorCodes, -70001) // 'private-use'
 * statusOf(errorCodes, 418) // 'unassigned'
 */
export function statusOf(values: Readonly<Record<string, number>>, value: number | bigint): RegistryStatus {
  if (nameOf(values, value) !== undefined) return 'registered'
  return isPrivateUse(value) ? 'private-use' : 'unassigned'
}

/** The constants turned around, each on its first use. */
const namesByValue: WeakMap<object, Map<number | bigint, string>> = /* @__PURE__ */ new WeakMap()

/**
 * Finds the name of an integer in a registry.
 *
 * @param values one of the name-to-integer constants, such as `errorCodes`; it must not change afterwards
 * @param value an integer; a bigint where it is beyond 2^53-1
 * @returns the registered name, or undefined where the integer has none
 *
 * @example
 * nameOf(errorCodes, 4) // 'unauthorized_client'
 * nameOf(errorCodes, 418) // undefined
 */
export function nameOf<Name extends string>(
  values: Readonly<Record<Name, number>>,
  value: number | bigint,
): Name | undefined {
  return namesOf(values).get(Number(value))
}

/** The constants turned around. */
export function namesOf<Name extends string>(
  values: Readonly<Record<Name, number>>,
): ReadonlyMap<number | bigint, Name> {
  let names = namesByValue.get(values) as Map<number | bigint, Name> | undefined
  if (names === undefined) {
    names = new Map()
    for (const name in values) names.set(values[name], name)
    namesByValue.set(values, names)
  }
  return names
}

/**
 * A registry in full: where it is defined, who may register what, and its rows.
 *
 * @example
 * const { title, reference, rows } = registries.errorCodes
 */
export interface Registry {
  /** What the registry holds, in a few words. */
  readonly title: string
  /** The name that IANA gives it; absent where an RFC fixes the values itself. */
  readonly ianaName?: string
  /** The IANA registry group that it belongs to. */
  readonly ianaGroup?: string
  /** The revision of the IANA registry that the rows were taken from, as YYYY-MM-DD. */
  readonly revision?: string
  /** The RFC section that establishes it. */
  readonly reference: string
  /** Integers strictly less than this are for private use; absent where the registry has no such range. */
  readonly privateUseBelow?: typeof PRIVATE_USE_BELOW
  /** Present where only the rows that ACE needs are listed here. */
  readonly subset?: true
  /** Which values are registered under which policy (RFC 8126). */
  readonly ranges: readonly { readonly range: string; readonly policy: string }[]
  /** What a user of the registry should know. */
  readonly notes: readonly string[]
  /** The assigned values, without reserved and unassigned ranges. */
  readonly rows: readonly RegistryRow[]
}

/**
 * One assignment in a {@link Registry}.
 *
 * @example
 * registries.errorCodes.rows[0] // { name: 'invalid_request', value: 1, references: ['RFC 9200'], ... }
 */
export interface RegistryRow {
  /** The registered name: for a CoAP response code its `c.dd` form, for a Content-Format its media type. */
  readonly name: string
  /** The integer: a CBOR value, map key, label or tag, a Content-Format, or a CoAP code byte; absent without one. */
  readonly value?: number
  /** The type of the values under this key, in the words of the registry. */
  readonly valueType?: string
  /** The registry that the values under this key come from. */
  readonly valueRegistry?: string
  /** What it is for. */
  readonly description?: string
  /** The name of the corresponding JWT claim or JWT confirmation method. */
  readonly jwtName?: string
  /** The COSE key type that a curve is used with. */
  readonly keyType?: string
  /** Whether the IETF recommends a COSE algorithm or curve. */
  readonly recommended?: 'Yes' | 'No' | 'Deprecated'
  /** Where an OAuth error name is used. */
  readonly usage?: readonly string[]
  /** The specification or extension that an OAuth error name belongs to. */
  readonly protocolExtension?: string
  /** The HTTP status codes that an OAuth error name is sent with. */
  readonly httpStatus?: readonly number[]
  /** The HTTP status code that OAuth sends where ACE sends this CoAP response code. */
  readonly oauthHttpStatus?: number
  /** The HTTP status codes that a cross-proxy makes of this CoAP response code (RFC 8075, Table 2). */
  readonly rfc8075HttpStatus?: readonly number[]
  /** The documents that register it. */
  readonly references: readonly string[]
  /** The document that defines the OAuth name which this integer abbreviates. */
  readonly originalSpecification?: string
  /** What to watch out for. */
  readonly note?: string
}
