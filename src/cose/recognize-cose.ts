import { DecodeError } from '../cbor/decode-error.ts'
import { array, byteString, map, simple, simpleNull, tag } from '../cbor/major.ts'
import { decode, type Reader } from '../cbor/reader.ts'
import { cborTags } from '../registry/generated/cbor-tags.ts'

/** The COSE messages (RFC 9052 §2), and what is inside each beside the buckets and the content. */
export type CoseMessageName =
  | 'COSE_Sign1'
  | 'COSE_Sign'
  | 'COSE_Mac0'
  | 'COSE_Mac'
  | 'COSE_Encrypt0'
  | 'COSE_Encrypt'

/** What bytes are by their shape; nothing of them is verified. */
export interface RecognizedCose {
  /** What it may be: one message by its tag; without a tag there may be two of the same shape. */
  readonly names: readonly CoseMessageName[]
  /** Whether it had the tag of its message. */
  readonly isTagged: boolean
  /** Whether it had the tag of a CWT (RFC 8392 §6). */
  readonly isCwt: boolean
}

const namesByTag: ReadonlyMap<number, CoseMessageName> = /* @__PURE__ */ new Map([
  [cborTags.COSE_Sign1, 'COSE_Sign1'],
  [cborTags.COSE_Sign, 'COSE_Sign'],
  [cborTags.COSE_Mac0, 'COSE_Mac0'],
  [cborTags.COSE_Mac, 'COSE_Mac'],
  [cborTags.COSE_Encrypt0, 'COSE_Encrypt0'],
  [cborTags.COSE_Encrypt, 'COSE_Encrypt'],
])

/** What follows the buckets and the content, by message: a byte string (b) or an array (a) in each place. */
const shapes: Readonly<Record<string, readonly CoseMessageName[]>> = {
  '': ['COSE_Encrypt0'],
  b: ['COSE_Sign1', 'COSE_Mac0'],
  a: ['COSE_Sign', 'COSE_Encrypt'],
  ba: ['COSE_Mac'],
}

/**
 * Tells which COSE message bytes are, also one for several recipients, which the library does not open.
 *
 * @returns undefined for what has the shape of none
 *
 * @example
 * ```ts
 * import { recognizeCose } from 'ace-oauth/token'
 *
 * recognizeCose(Uint8Array.of(0xd8, 0x61, 0x85, 0x40, 0xa0, 0x40, 0x40, 0x80))?.names // ['COSE_Mac']
 * ```
 */
export function recognizeCose(bytes: Uint8Array): RecognizedCose | undefined {
  const most = bytes.length
  try {
    return decode(bytes, { maxBytes: most, maxMembers: most, maxStringBytes: most }, readMessage)
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

function readMessage(reader: Reader): RecognizedCose | undefined {
  let found: RecognizedCose | undefined
  reader.head()
  if (reader.major === tag && reader.argument === cborTags.CWT) {
    reader.each(() => {
      reader.head()
      found = readTagged(reader)
    })
    return found && { ...found, isCwt: true }
  }
  return readTagged(reader)
}

function readTagged(reader: Reader): RecognizedCose | undefined {
  if (reader.major !== tag) {
    const names = readShape(reader)
    return names && { names, isTagged: false, isCwt: false }
  }
  const name = namesByTag.get(reader.argument)
  let names: readonly CoseMessageName[] | undefined
  reader.each(() => {
    reader.head()
    names = readShape(reader)
  })
  return name && names?.includes(name) ? { names: [name], isTagged: true, isCwt: false } : undefined
}

/** The messages that have the shape of the array whose head was just read. */
function readShape(reader: Reader): readonly CoseMessageName[] | undefined {
  if (reader.major !== array) reader.fail('unexpected_type')
  let shape = ''
  let place = 0
  let isRight = true
  reader.each(() => {
    const initial = reader.input[reader.at]!
    const major = initial >> 5
    const isNull = initial === ((simple << 5) | simpleNull)
    if (place === 0) isRight &&= major === byteString
    else if (place === 1) isRight &&= major === map
    else if (place === 2) isRight &&= major === byteString || isNull
    else if (major === byteString) shape += 'b'
    else if (major === array) shape += 'a'
    else isRight = false
    place++
    reader.skip()
  })
  return isRight && place >= 3 && Object.hasOwn(shapes, shape) ? shapes[shape] : undefined
}
