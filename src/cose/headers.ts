import { readBytes, writeBytes } from '../cbor/byte-string.ts'
import { join } from '../cbor/decode-error.ts'
import { isCborInteger } from '../cbor/integer.ts'
import { array } from '../cbor/major.ts'
import type { DecodeOptions } from '../cbor/options.ts'
import { decode, type Key, type Reader, readRaw } from '../cbor/reader.ts'
import { encode, type Writer, write } from '../cbor/writer.ts'
import { type CoseAlgorithmName, coseAlgorithms } from '../registry/generated/cose-algorithms.ts'
import { coseHeaderParameters } from '../registry/generated/cose-header-parameters.ts'
import { EncodeError } from '../table/encode-error.ts'
import { isText } from '../table/json.ts'
import { bytes } from '../table/types/bytes.ts'
import { unknownFromInput } from '../table/unknown-input.ts'
import type { UnknownCborMember } from '../table/unknown-member.ts'
import { CoseError } from './cose-error.ts'
import { label, readLabel } from './label.ts'
import { viewBytes } from './view-bytes.ts'

// A text is no registered algorithm, whatever it says (RFC 9052 §3.1).
const algorithm = /* @__PURE__ */ label(coseAlgorithms)

/** A label of COSE: an integer, a bigint beyond 2^53-1, or a text (RFC 9052 §1.5). */
export type CoseLabel = Key

/** One bucket of header parameters, under their registered names (RFC 9052 §3.1). */
export interface CoseHeader {
  /** The algorithm: its name, or what came where it has none here. */
  readonly alg?: CoseAlgorithmName | (string & {}) | number | bigint
  /** The labels of the protected parameters that a receiver must understand. */
  readonly crit?: readonly CoseLabel[]
  /** The content type of the payload: a Content-Format or a media type. */
  readonly 'content type'?: number | bigint | string
  /** The key identifier: a hint. */
  readonly kid?: Uint8Array
  /** The initialization vector. */
  readonly IV?: Uint8Array
  /** What changes of the initialization vector from message to message. */
  readonly 'Partial IV'?: Uint8Array
  /** The other parameters, with their values in CBOR. */
  readonly unknown?: readonly UnknownCborMember[]
}

type Mutable = { -readonly [Name in keyof CoseHeader]: CoseHeader[Name] } & { unknown?: UnknownCborMember[] }

/** The labels of the parameters that the library processes itself. */
export const processedLabels: readonly number[] = /* @__PURE__ */ (() => [
  coseHeaderParameters.alg,
  coseHeaderParameters.crit,
  coseHeaderParameters['content type'],
  coseHeaderParameters.kid,
  coseHeaderParameters.IV,
  coseHeaderParameters['Partial IV'],
])()

/** Reads the header map that stands next. */
export function readHeader(reader: Reader): CoseHeader {
  const header: Mutable = {}
  reader.readMap((label) => readParameter(reader, label, header))
  return header
}

function readParameter(reader: Reader, label: Key, header: Mutable): void {
  switch (label) {
    case coseHeaderParameters.alg:
      header.alg = reader.inMember('alg', algorithm.decode)
      break
    case coseHeaderParameters.crit:
      header.crit = reader.inMember('crit', readCritical)
      break
    case coseHeaderParameters['content type']:
      header['content type'] = reader.inMember('content type', readLabel)
      break
    case coseHeaderParameters.kid:
      header.kid = reader.inMember('kid', readBytes)
      break
    case coseHeaderParameters.IV:
      header.IV = reader.inMember('IV', viewBytes)
      break
    case coseHeaderParameters['Partial IV']:
      header['Partial IV'] = reader.inMember('Partial IV', viewBytes)
      break
    default:
      header.unknown ??= []
      header.unknown.push({ key: label, cbor: readRaw(reader) })
  }
}

function readCritical(reader: Reader): CoseLabel[] {
  reader.headOf(array, 'an array of labels')
  const labels: CoseLabel[] = []
  reader.each(() => labels.push(readLabel(reader)))
  if (labels.length === 0) reader.fail('invalid_value', 'one label at least')
  return labels
}

/** The protected bucket: a map in a byte string, or an empty byte string for an empty one. */
export function decodeProtected(bytes: Uint8Array, options: DecodeOptions | undefined): CoseHeader {
  return bytes.length === 0 ? {} : decode(bytes, options, readProtected)
}

function readProtected(reader: Reader): CoseHeader {
  return reader.inMember('protected', readHeader)
}

/**
 * A bucket that a caller gave, checked and copied.
 *
 * @param path what the bucket is called
 * @throws EncodeError for a parameter of a wrong type, and for one that there is not
 */
export function headerFromInput(given: CoseHeader, path: string): CoseHeader {
  const header: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue
    const at = join(path, name)
    const accepted =
      name === 'unknown' && Array.isArray(value)
        ? unknownFromInput(value, path, (key) => processedLabels.includes(key as number))
        : Object.hasOwn(accepting, name)
          ? accepting[name]!(value, at)
          : undefined
    if (accepted === undefined) throw new EncodeError('unexpected_type', at, 'a value of the parameter')
    header[name] = accepted
  }
  return header
}

const accepting: Readonly<Record<string, (value: unknown, path: string) => unknown>> = {
  alg: (value, path) => algorithm.accept(value, path),
  crit: (value) =>
    Array.isArray(value) && value.length > 0 && value.every(isLabel) ? [...value] : undefined,
  'content type': (value) => (isLabel(value) ? value : undefined),
  kid: bytes.accept,
  IV: bytes.accept,
  'Partial IV': bytes.accept,
}

function isLabel(value: unknown): boolean {
  return isText(value) || isCborInteger(value)
}

/** The encoding of the protected bucket, empty for an empty one (RFC 9052 §3). */
export function encodeProtected(header: CoseHeader): Uint8Array {
  const bytes = encode((writer) => writeHeader(writer, header))
  return bytes.length === 1 ? new Uint8Array(0) : bytes
}

/** Writes a header map. */
export function writeHeader(writer: Writer, header: CoseHeader): void {
  const { alg, crit, kid, IV } = header
  const type = header['content type']
  const partial = header['Partial IV']
  const map = writer.beginMap()
  if (alg !== undefined) {
    writer.member(coseHeaderParameters.alg)
    algorithm.encode(writer, alg, 'alg')
  }
  if (crit) {
    writer.member(coseHeaderParameters.crit)
    writeLabels(writer, crit)
  }
  if (type !== undefined) {
    writer.member(coseHeaderParameters['content type'])
    write(writer, type)
  }
  if (kid) {
    writer.member(coseHeaderParameters.kid)
    writeBytes(writer, kid)
  }
  if (IV) {
    writer.member(coseHeaderParameters.IV)
    writeBytes(writer, IV)
  }
  if (partial) {
    writer.member(coseHeaderParameters['Partial IV'])
    writeBytes(writer, partial)
  }
  for (const { key, cbor } of header.unknown ?? []) {
    writer.member(key)
    writer.raw(cbor)
  }
  writer.endMap(map, header.unknown === undefined)
}

function writeLabels(writer: Writer, labels: readonly CoseLabel[]): void {
  writer.head(array, labels.length)
  for (const label of labels) write(writer, label)
}

/** The labels of the parameters of a bucket. */
export function labelsOf(header: CoseHeader): CoseLabel[] {
  const labels: CoseLabel[] = []
  for (const name in header)
    if (name !== 'unknown') labels.push(coseHeaderParameters[name as keyof typeof coseHeaderParameters])
  for (const { key } of header.unknown ?? []) labels.push(key)
  return labels
}

/**
 * Refuses critical parameters that are not protected, not there, or not understood (RFC 9052 §3.1).
 *
 * @throws CoseError `header_not_understood`
 */
export function checkCritical(
  message: { readonly protected: CoseHeader; readonly unprotected: CoseHeader },
  understood: readonly CoseLabel[],
): void {
  const { crit } = message.protected
  if (message.unprotected.crit)
    throw new CoseError('header_not_understood', 'crit among the protected parameters')
  if (!crit) return
  const there = new Set(labelsOf(message.protected))
  const known = new Set([...processedLabels, ...understood])
  for (const label of crit) {
    if (!there.has(label))
      throw new CoseError('header_not_understood', 'each critical parameter among the protected ones')
    if (!known.has(label))
      throw new CoseError('header_not_understood', 'critical parameters that are understood')
  }
}
