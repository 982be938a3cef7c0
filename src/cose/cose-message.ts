import { writeBytes } from '../cbor/byte-string.ts'
import { DecodeError } from '../cbor/decode-error.ts'
import { array, tag } from '../cbor/major.ts'
import type { DecodeOptions } from '../cbor/options.ts'
import { decode, type Reader } from '../cbor/reader.ts'
import { takeNull, writeNull } from '../cbor/simple-value.ts'
import { encode } from '../cbor/writer.ts'
import { cborTags } from '../registry/generated/cbor-tags.ts'
import { knownHeader } from './algorithm-bucket.ts'
import { algorithmOf, type CoseStructure } from './algorithms.ts'
import { CoseError } from './cose-error.ts'
import { type CoseHeader, decodeProtected, labelsOf, readHeader, writeHeader } from './headers.ts'
import { viewBytes } from './view-bytes.ts'

/** A COSE message as it is on the wire, before anything of it is verified (RFC 9052 §2). */
export interface CoseMessage {
  readonly structure: CoseStructure
  /** Whether it had the tag of its structure. */
  readonly isTagged: boolean
  /** Whether it had the tag of a CWT around that (RFC 8392 §6). */
  readonly isCwt: boolean
  /** The protected bucket as it came: what the signature, the tag or the encryption covers. */
  readonly protectedBytes: Uint8Array
  readonly protected: CoseHeader
  readonly unprotected: CoseHeader
  /** The payload, or the ciphertext with its tag; undefined where it is detached. */
  readonly content: Uint8Array | undefined
  /** The signature or the tag; empty for an encrypted message, which has it in the ciphertext. */
  readonly authentication: Uint8Array
}

/** The tag of each structure (RFC 9052 §2, Table 1). */
export const structureTags: Readonly<Record<CoseStructure, number>> = {
  sign1: cborTags.COSE_Sign1,
  mac0: cborTags.COSE_Mac0,
  encrypt0: cborTags.COSE_Encrypt0,
}

/** The number of elements of each structure. */
const elements: Readonly<Record<CoseStructure, number>> = { sign1: 4, mac0: 4, encrypt0: 3 }

/**
 * Reads a COSE_Sign1, COSE_Mac0 or COSE_Encrypt0 message without verifying it.
 *
 * @param untagged what a message without a tag is; `any` for what its elements and its algorithm say
 * @throws DecodeError for bytes that are none, also where a label is in both buckets (RFC 9052 §3)
 * @throws CoseError `wrong_structure` for another tag, or for none where `untagged` is not given
 *
 * @example
 * ```ts
 * import { decodeCoseMessage } from 'ace-oauth/token'
 *
 * const { structure, unprotected } = decodeCoseMessage(Uint8Array.of(0xd1, 0x84, 0x40, 0xa0, 0xf6, 0x40))
 * structure // 'mac0'
 * unprotected.kid // undefined
 * ```
 */
export function decodeCoseMessage(
  message: Uint8Array,
  untagged?: Untagged,
  options?: DecodeOptions,
): CoseMessage {
  const decoded = viewCoseMessage(message, untagged, options)
  decoded.protectedBytes = decoded.protectedBytes.slice()
  decoded.content = decoded.content?.slice()
  decoded.authentication = decoded.authentication.slice()
  return decoded
}

/** The same with byte strings that share memory with the input. */
export function viewCoseMessage(
  bytes: Uint8Array,
  untagged: Untagged | undefined,
  options: DecodeOptions | undefined,
): Draft {
  const message: Draft = {
    structure: 'sign1',
    isTagged: false,
    isCwt: false,
    protectedBytes: nothing,
    protected: {},
    unprotected: {},
    content: undefined,
    authentication: nothing,
  }
  decode(bytes, options, (reader) => readMessage(reader, message, untagged))
  const { protectedBytes } = message
  message.protected = knownHeader(protectedBytes) ?? decodeProtected(protectedBytes, options)
  checkBuckets(message)
  if (untagged === 'any' && !message.isTagged && message.structure === 'sign1') {
    // A signature and a MAC look alike.
    const { alg = message.unprotected.alg } = message.protected
    if (algorithmOf(alg)?.structure === 'mac0') message.structure = 'mac0'
  }
  return message
}

/** A message that is being read. */
type Draft = { -readonly [Member in keyof CoseMessage]: CoseMessage[Member] }

/** What a message without a tag is. With `any`, the number of its elements and its algorithm tell. */
export type Untagged = CoseStructure | 'any'

function readMessage(reader: Reader, message: Draft, untagged: Untagged | undefined): void {
  reader.head()
  if (reader.major !== tag || reader.argument !== cborTags.CWT)
    return readStructure(reader, message, untagged)
  message.isCwt = true
  reader.each(() => {
    reader.head()
    if (reader.major !== tag) reader.fail('unexpected_type', 'a COSE tag')
    readStructure(reader, message, undefined)
  })
}

function readStructure(reader: Reader, message: Draft, untagged: Untagged | undefined): void {
  if (reader.major !== tag) {
    if (!untagged) throw new CoseError('wrong_structure', 'a tag')
    message.structure = untagged !== 'any' ? untagged : reader.argument === 3 ? 'encrypt0' : 'sign1'
    return readElements(reader, message)
  }
  const structure = structureOfTag(reader.argument)
  if (!structure) throw new CoseError('wrong_structure', 'COSE_Sign1, COSE_Mac0 or COSE_Encrypt0')
  message.structure = structure
  message.isTagged = true
  reader.each(() => {
    reader.head()
    readElements(reader, message)
  })
}

const nothing: Uint8Array = /* @__PURE__ */ new Uint8Array(0)

function readElements(reader: Reader, message: Draft): void {
  const expected = elements[message.structure]
  const refuse = (): never => reader.fail('invalid_value', `${expected} elements`)
  if (reader.major !== array) reader.fail('unexpected_type', 'an array')
  if (reader.argument >= 0 && reader.argument !== expected) refuse()
  let read = 0
  reader.each(() => {
    read++
    if (read > expected) refuse()
    else if (read === 1) message.protectedBytes = reader.inMember('protected', viewBytes)
    else if (read === 2) message.unprotected = reader.inMember('unprotected', readHeader)
    else if (read === 3) message.content = reader.inMember('payload', readContent)
    else message.authentication = reader.inMember('signature', viewBytes)
  })
  if (read !== expected) refuse()
}

/** Reads the payload, or null in its place. */
function readContent(reader: Reader): Uint8Array | undefined {
  return takeNull(reader) ? undefined : viewBytes(reader)
}

const structuresByTag: ReadonlyMap<number, CoseStructure> = /* @__PURE__ */ new Map([
  [cborTags.COSE_Sign1, 'sign1'],
  [cborTags.COSE_Mac0, 'mac0'],
  [cborTags.COSE_Encrypt0, 'encrypt0'],
])

/** The structure that a tag stands for. */
export function structureOfTag(number: number): CoseStructure | undefined {
  return structuresByTag.get(number)
}

/** No label in both buckets, and no IV beside a partial one (RFC 9052 §3, §3.1). */
export function checkBuckets({
  protected: inside,
  unprotected: outside,
}: Pick<CoseMessage, 'protected' | 'unprotected'>): void {
  for (const name in outside)
    if (name !== 'unknown' && Object.hasOwn(inside, name))
      throw new DecodeError('duplicate_key', `unprotected.${name}`)
  if (inside.unknown && outside.unknown) {
    const labels = new Set(labelsOf(inside))
    const second = labelsOf(outside).find((label) => labels.has(label))
    if (second !== undefined) throw new DecodeError('duplicate_key', `unprotected.${second}`)
  }
  const { IV = outside.IV } = inside
  const partial = inside['Partial IV'] ?? outside['Partial IV']
  if (IV && partial) throw new DecodeError('conflicting_members', 'Partial IV', 'no second IV')
}

/** How a message is written. */
export interface CoseFraming {
  /** Whether the tag of the structure is put before it. Default: true. */
  readonly tagged?: boolean | undefined
  /** Whether the tag of a CWT is put before that, which needs the other one (RFC 8392 §6). Default: false. */
  readonly cwtTag?: boolean | undefined
}

/** The encoding of a message; content and authentication as they are. */
export function encodeCoseMessage(
  structure: CoseStructure,
  protectedBytes: Uint8Array,
  unprotected: CoseHeader,
  content: Uint8Array | undefined,
  authentication: Uint8Array,
  { tagged = true, cwtTag }: CoseFraming,
): Uint8Array<ArrayBuffer> {
  return encode((writer) => {
    if (cwtTag) writer.head(tag, cborTags.CWT)
    if (tagged || cwtTag) writer.head(tag, structureTags[structure])
    writer.head(array, elements[structure])
    writeBytes(writer, protectedBytes)
    writeHeader(writer, unprotected)
    if (content) writeBytes(writer, content)
    else writeNull(writer)
    if (structure !== 'encrypt0') writeBytes(writer, authentication)
  })
}
