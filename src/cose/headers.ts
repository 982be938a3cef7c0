import { array, negativeInteger, textString } from '../cbor/major.ts'
import type { DecodeOptions } from '../cbor/options.ts'
import {
  decode,
  each,
  fail,
  head,
  headOf,
  inMember,
  integer,
  type Key,
  major,
  readMap,
  readRaw,
  text,
} from '../cbor/read.ts'
import { readBytes, writeBytes } from '../cbor/values.ts'
import { begin, beginMap, endMap, finish, write, writeHead, writeMember } from '../cbor/write.ts'
import { type CoseAlgorithmName, coseAlgorithms } from '../registry/generated/cose-algorithms.ts'
import { coseHeaderParameters } from '../registry/generated/cose-header-parameters.ts'
import { nameOf } from '../registry/registry.ts'
import type { UnknownCborMember } from '../table/unknown-member.ts'
import { viewBytes } from './view-bytes.ts'

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
export function readHeader(): CoseHeader {
  const header: Mutable = {}
  readMap((label) => readParameter(label, header))
  return header
}

function readParameter(label: Key, header: Mutable): void {
  switch (label) {
    case coseHeaderParameters.alg:
      header.alg = inMember('alg', readAlgorithm)
      break
    case coseHeaderParameters.crit:
      header.crit = inMember('crit', readCritical)
      break
    case coseHeaderParameters['content type']:
      header['content type'] = inMember('content type', readLabel)
      break
    case coseHeaderParameters.kid:
      header.kid = inMember('kid', readBytes)
      break
    case coseHeaderParameters.IV:
      header.IV = inMember('IV', viewBytes)
      break
    case coseHeaderParameters['Partial IV']:
      header['Partial IV'] = inMember('Partial IV', viewBytes)
      break
    default:
      header.unknown ??= []
      header.unknown.push({ key: label, cbor: readRaw() })
  }
}

function readLabel(): CoseLabel {
  head()
  if (major <= negativeInteger) return integer()
  return major === textString ? text() : fail('unexpected_type', 'an integer or a text')
}

function readAlgorithm(): string | number | bigint {
  const value = readLabel()
  return typeof value === 'string' ? value : (nameOf(coseAlgorithms, value) ?? value)
}

function readCritical(): CoseLabel[] {
  headOf(array, 'an array of labels')
  const labels: CoseLabel[] = []
  each(() => labels.push(readLabel()))
  if (labels.length === 0) fail('invalid_value', 'one label at least')
  return labels
}

/** The protected bucket: a map in a byte string, or an empty byte string for an empty one. */
export function decodeProtected(bytes: Uint8Array, options: DecodeOptions | undefined): CoseHeader {
  return bytes.length === 0 ? {} : decode(bytes, options, readProtected)
}

function readProtected(): CoseHeader {
  return inMember('protected', readHeader)
}

/** The encoding of the protected bucket, empty for an empty one (RFC 9052 §3). */
export function encodeProtected(header: CoseHeader): Uint8Array {
  begin()
  writeHeader(header)
  const bytes = finish()
  return bytes.length === 1 ? bytes.subarray(1) : bytes
}

/** Writes a header map. */
export function writeHeader(header: CoseHeader): void {
  const { alg, crit, kid, IV } = header
  const type = header['content type']
  const partial = header['Partial IV']
  const map = beginMap()
  if (alg !== undefined)
    writeMember(
      coseHeaderParameters.alg,
      Object.hasOwn(coseAlgorithms, String(alg)) ? coseAlgorithms[alg as CoseAlgorithmName] : alg,
    )
  if (crit) {
    writeMember(coseHeaderParameters.crit)
    writeLabels(crit)
  }
  if (type !== undefined) writeMember(coseHeaderParameters['content type'], type)
  if (kid) {
    writeMember(coseHeaderParameters.kid)
    writeBytes(kid)
  }
  if (IV) {
    writeMember(coseHeaderParameters.IV)
    writeBytes(IV)
  }
  if (partial) {
    writeMember(coseHeaderParameters['Partial IV'])
    writeBytes(partial)
  }
  for (const { key, cbor } of header.unknown ?? []) writeMember(key, cbor)
  endMap(map, header.unknown === undefined)
}

function writeLabels(labels: readonly CoseLabel[]): void {
  writeHead(array, labels.length)
  for (const label of labels) write(label)
}

/** The labels of the parameters of a bucket. */
export function labelsOf(header: CoseHeader): CoseLabel[] {
  const labels: CoseLabel[] = []
  for (const name in header)
    if (name !== 'unknown') labels.push(coseHeaderParameters[name as keyof typeof coseHeaderParameters])
  for (const { key } of header.unknown ?? []) labels.push(key)
  return labels
}
