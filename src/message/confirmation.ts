import { join } from '../cbor/decode-error.ts'
import { array, tag } from '../cbor/major.ts'
import { type Reader, readRaw, skip } from '../cbor/reader.ts'
import { type CoseKey, coseKey } from '../cose/cose-key.ts'
import { fromJwk, toJwk } from '../cose/jwk.ts'
import { keyTypes, secretParameters } from '../cose/key-types.ts'
import { labelOrName } from '../cose/label.ts'
import { cborTags } from '../registry/generated/cbor-tags.ts'
import { confirmationMethods } from '../registry/generated/confirmation-methods.ts'
import { coseAlgorithms } from '../registry/generated/cose-algorithms.ts'
import { oscoreParameters } from '../registry/generated/oscore-parameters.ts'
import { EncodeError } from '../table/encode-error.ts'
import { hideSecrets } from '../table/hidden-secret.ts'
import { jsonEntries, refuse } from '../table/json.ts'
import type { Fault, Rows } from '../table/table.ts'
import { bytes, fromCborInJson } from '../table/types/bytes.ts'
import { type MapInputOf, type MapOf, mapType } from '../table/types/map.ts'
import { unsigned } from '../table/types/number.ts'
import { opaque } from '../table/types/opaque.ts'
import { text } from '../table/types/text.ts'
import type { ValueType } from '../table/types/value-type.ts'
import { oneItem } from '../table/unknown-input.ts'
import type { UnknownMember } from '../table/unknown-member.ts'
import { expectedFor } from '../table/violation-sentences.ts'

const algorithm = /* @__PURE__ */ labelOrName(coseAlgorithms)

const oscoreRows = {
  /** The identifier of this input material. */
  id: { key: oscoreParameters.id, type: bytes, section: 'RFC 9203 section 3.2.1' },
  /** The version of OSCORE. */
  version: { key: oscoreParameters.version, type: unsigned, section: 'RFC 9203 section 3.2.1' },
  /** The OSCORE Master Secret. */
  ms: { key: oscoreParameters.ms, type: bytes, secret: true, section: 'RFC 9203 section 3.2.1' },
  /** The HKDF algorithm. */
  hkdf: { key: oscoreParameters.hkdf, type: algorithm, section: 'RFC 9203 section 3.2.1' },
  /** The AEAD algorithm. */
  alg: { key: oscoreParameters.alg, type: algorithm, section: 'RFC 9203 section 3.2.1' },
  /** An input to the Master Salt. */
  salt: { key: oscoreParameters.salt, type: bytes, section: 'RFC 9203 section 3.2.1' },
  /** The OSCORE ID Context. */
  contextId: { key: oscoreParameters.contextId, type: bytes, section: 'RFC 9203 section 3.2.1' },
} as const satisfies Rows

/** What an OSCORE security context is derived from (RFC 9203 §3.2.1). */
export type OscoreInputMaterial = MapOf<typeof oscoreRows>

/** A COSE_Encrypt or COSE_Encrypt0 structure, tagged or not, as its CBOR came; in JSON the base64url of that. */
const encryptedCoseKey: ValueType<Uint8Array> = {
  ...bytes,
  cbor: 'COSE_Encrypt or COSE_Encrypt0 structure',
  decode: (reader) => readRaw(reader, skipEncrypted),
  encode: (writer, value) => writer.raw(value),
  fromJson: (json, path, report) => fromCborInJson(json, path, encryptedCoseKey.decode, report),
  accept: (input, path) =>
    input instanceof Uint8Array ? oneItem(input, path, encryptedCoseKey.decode) : undefined,
}

/** Moves over an array, under the tag of one of the two structures or under none. */
function skipEncrypted(reader: Reader): void {
  reader.head()
  const { major, argument } = reader
  if (major === array) return reader.each(skip)
  const expected = 'COSE_Encrypt or COSE_Encrypt0'
  if (major !== tag || (argument !== cborTags.COSE_Encrypt0 && argument !== cborTags.COSE_Encrypt))
    reader.fail('unexpected_type', expected)
  reader.each(() => {
    reader.headOf(array, expected)
    reader.each(skip)
  })
}

const rows = {
  /** The key itself; in JSON a JWK. */
  COSE_Key: { key: confirmationMethods.COSE_Key, type: coseKey, section: 'RFC 8747 section 3.2' },
  /** The key, encrypted for the recipient. */
  Encrypted_COSE_Key: {
    key: confirmationMethods.Encrypted_COSE_Key,
    type: encryptedCoseKey,
    section: 'RFC 8747 section 3.3',
  },
  /** The identifier of a key that the recipient has. */
  kid: { key: confirmationMethods.kid, type: opaque, section: 'RFC 8747 section 3.4' },
  /** OSCORE input material, whose Master Secret is the key. */
  osc: { key: confirmationMethods.osc, type: mapType(oscoreRows), section: 'RFC 9203 section 3.2.1' },
  /** The thumbprint of a COSE key. */
  ckt: { key: confirmationMethods.ckt, type: bytes, section: 'RFC 9679 section 5.6' },
  /** The thumbprint of a JWK. */
  jkt: { key: confirmationMethods.jkt, type: bytes, section: 'RFC 9449 section 6.1' },
  /** The thumbprint of a certificate, in JSON only. */
  'x5t#S256': { type: bytes, section: 'RFC 8705 section 3.1' },
  /** The key as an encrypted JWK, in JSON only. */
  jwe: { type: text, secret: true, section: 'RFC 7800 section 3.3' },
} as const satisfies Rows

/** How the holder of a token proves that it is the one: exactly one proof-of-possession key (RFC 8747 §3.1). */
export type Confirmation = MapOf<typeof rows>

/** What a confirmation may be given as. */
export type ConfirmationInput = MapInputOf<typeof rows>

const keys = ['COSE_Key', 'Encrypted_COSE_Key', 'osc', 'jwe'] as const

function check(cnf: Confirmation): Fault | undefined {
  const { COSE_Key, kid, Encrypted_COSE_Key, osc, jwe } = cnf
  // By far the commonest.
  if ((COSE_Key || kid) && !Encrypted_COSE_Key && !osc && !jwe) return undefined
  const [first, second] = keys.filter((name) => cnf[name] !== undefined)
  if (second)
    return { reason: 'conflicting_members', path: second, expected: `no second key beside ${first}` }
  return Object.keys(cnf).length > 0
    ? undefined
    : { reason: 'invalid_value', path: '', expected: 'one confirmation method' }
}

const map = /* @__PURE__ */ mapType(rows, check)

/** The confirmation of a message, under cnf, req_cnf or rs_cnf (RFC 8747 §3.1, RFC 9201; in JSON RFC 7800 §3.1). */
export const confirmation: ValueType<Confirmation, ConfirmationInput> = {
  ...map,
  toJson: (cnf) => {
    const { COSE_Key, ...rest } = cnf
    const json = map.toJson(rest as Confirmation) as Record<string, never>
    if (COSE_Key === undefined) return json
    const jwk = toJwk(publicPart(COSE_Key))
    return jwk ? { jwk, ...json } : { COSE_Key: coseKey.toJson(publicPart(COSE_Key)), ...json }
  },
  accept: (input, path) => {
    const cnf = map.accept(input, path)
    if (cnf?.COSE_Key && isPrivate(cnf.COSE_Key))
      throw new EncodeError('violation', join(path, 'COSE_Key'), expectedFor('private_key'))
    return cnf
  },
  violation: (cnf) => (cnf.COSE_Key && isPrivate(cnf.COSE_Key) ? 'private_key' : map.violation?.(cnf)),
  fromJson: (json, path, report) => {
    const members = jsonEntries(json, path)
    const jwk = members.find(([name]) => name === 'jwk')
    const rest = Object.fromEntries(members.filter(([name]) => name !== 'jwk'))
    if (!jwk) return map.fromJson(rest, path, report)
    if (keys.some((name) => name in rest)) refuse('conflicting_members', join(path, 'jwk'), 'one key')
    const COSE_Key: CoseKey = fromJwk(jwk[1], join(path, 'jwk'))
    const cnf: Confirmation =
      Object.keys(rest).length > 0 ? { COSE_Key, ...map.fromJson(rest, path, report) } : { COSE_Key }
    return Object.freeze(hideSecrets(cnf, () => map.redact!(cnf)))
  },
}

/** What is private in a JWK of the types that are known here, but for `oct` (RFC 7518 §6.2.2, §6.3.2). */
const privateNames: readonly string[] = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'priv']

function isPrivateMember(member: UnknownMember): boolean {
  return 'name' in member && privateNames.includes(member.name)
}

/** Whether a key has a private part. A symmetric key has none: it is sent on purpose. */
function isPrivate(key: CoseKey): boolean {
  if (key.kty === 'Symmetric' || !Object.hasOwn(keyTypes, String(key.kty))) return false
  return secretParameters({ ...key }).length > 0 || key.unknown?.some(isPrivateMember) === true
}

/** The key without its private part: one that was received with it by mistake is not told to anybody else. */
function publicPart(key: CoseKey): CoseKey {
  if (!isPrivate(key)) return key
  const secret = secretParameters({ ...key })
  const unknown = key.unknown?.filter((member) => !isPrivateMember(member))
  return {
    ...(Object.fromEntries(
      Object.entries(key).filter(([name]) => name !== 'unknown' && !secret.includes(name)),
    ) as unknown as CoseKey),
    ...(unknown && unknown.length > 0 && { unknown }),
  }
}
