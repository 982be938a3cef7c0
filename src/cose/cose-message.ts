import { DecodeError } from '../cbor/decode-error.ts'
import { array, tag } from '../cbor/major.ts'
import type { DecodeOptions } from '../cbor/options.ts'
import { copy } from '../cbor/pool.ts'
import { argument, decode, each, fail, head, inMember, major } from '../cbor/read.ts'
import { takeNull, writeBytes, writeNull } from '../cbor/values.ts'
import { begin, finish, writeHead } from '../cbor/write.ts'
import { cborTags } from '../registry/generated/cbor-tags.ts'
import { knownHeader } from './algorithm-bucket.ts'
import type { CoseStructure } from './algorithms.ts'
import { CoseError } from './cose-error.ts'
import { type CoseHeader, decodeProtected, labelsOf, readHeader, writeHeader } from './headers.ts'
import { viewBytes } from './view-bytes.ts'

/**
 * A COSE message as it is on the wire, before anything of it is verified (RFC 9052 §2). Its byte strings, but for the
 * payload, share memory with the input.
 */
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
 * @param untagged what a message without a tag is
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
  untagged?: CoseStructure,
  options?: DecodeOptions,
): CoseMessage {
  const decoded = viewCoseMessage(message, untagged, options)
  const { content } = decoded
  if (content && decoded.structure !== 'encrypt0') decoded.content = copy(content, 0, content.length)
  return decoded
}

/** The same with a payload that shares memory with the input, too. */
export function viewCoseMessage(
  message: Uint8Array,
  untagged: CoseStructure | undefined,
  given: DecodeOptions | undefined,
): CoseMessage & { content: Uint8Array | undefined } {
  // Whatever its getters do, they do it before the state is set.
  const options = given && { ...given }
  structure = untagged
  isTagged = isCwt = false
  authentication = nothing
  decode(message, options, readMessage)
  const decoded = {
    structure: structure!,
    isTagged,
    isCwt,
    protectedBytes,
    protected: knownHeader(protectedBytes) ?? decodeProtected(protectedBytes, options),
    unprotected,
    content,
    authentication,
  }
  checkBuckets(decoded)
  return decoded
}

// The message that is read: there is one at a time, as reading is synchronous.
let structure: CoseStructure | undefined
let isTagged: boolean
let isCwt: boolean
let protectedBytes: Uint8Array
let unprotected: CoseHeader
let content: Uint8Array | undefined
let authentication: Uint8Array
let elementsRead: number

const nothing = /* @__PURE__ */ new Uint8Array(0)

function readMessage(): void {
  head()
  if (major !== tag || argument !== cborTags.CWT) return readStructure()
  isCwt = true
  each(readInCwt)
}

function readInCwt(): void {
  head()
  readStructure()
}

function readStructure(): void {
  if (major !== tag) {
    if (isCwt) fail('unexpected_type', 'a COSE tag')
    return readElements()
  }
  const found = structureOfTag(argument)
  if (!found) throw new CoseError('wrong_structure', 'COSE_Sign1, COSE_Mac0 or COSE_Encrypt0')
  structure = found
  isTagged = true
  each(readInStructure)
}

function readInStructure(): void {
  head()
  readElements()
}

function readElements(): void {
  if (!structure) throw new CoseError('wrong_structure', 'a tag')
  const expected = elements[structure]
  if (major !== array) fail('unexpected_type', 'an array')
  if (argument >= 0 && argument !== expected) fail('invalid_value', `${expected} elements`)
  elementsRead = 0
  each(readElement)
  if (elementsRead !== expected) fail('invalid_value', `${expected} elements`)
}

function readElement(): void {
  elementsRead++
  if (elementsRead === 1) protectedBytes = inMember('protected', viewBytes)
  else if (elementsRead === 2) unprotected = inMember('unprotected', readHeader)
  else if (elementsRead === 3) content = inMember('payload', readContent)
  else if (elementsRead === 4 && structure !== 'encrypt0') authentication = inMember('signature', viewBytes)
  else fail('invalid_value', `${elements[structure!]} elements`)
}

/** Reads the payload, or null in its place. */
function readContent(): Uint8Array | undefined {
  return takeNull() ? undefined : viewBytes()
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
function checkBuckets({ protected: inside, unprotected: outside }: CoseMessage): void {
  for (const name in outside)
    if (name !== 'unknown' && Object.hasOwn(inside, name))
      throw new DecodeError('duplicate_key', `unprotected.${name}`)
  if (inside.unknown && outside.unknown) {
    const labels = labelsOf(inside)
    const second = labelsOf(outside).find((label) => labels.includes(label))
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
): Uint8Array {
  begin()
  if (cwtTag) writeHead(tag, cborTags.CWT)
  if (tagged || cwtTag) writeHead(tag, structureTags[structure])
  writeHead(array, elements[structure])
  writeBytes(protectedBytes)
  writeHeader(unprotected)
  if (content) writeBytes(content)
  else writeNull()
  if (structure !== 'encrypt0') writeBytes(authentication)
  return finish()
}
