import { writeBytes } from '../cbor/byte-string.ts'
import { encode } from '../cbor/writer.ts'
import { type Algorithm, algorithmOf, supportedAlgorithms } from './algorithms.ts'
import { coveredBytes } from './authenticated-structure.ts'
import { type CoseHeader, encodeProtected } from './headers.ts'

/**
 * The protected bucket that holds an algorithm and nothing else, as that of nearly every token does: encoded once, and
 * known again by its bytes.
 */
export interface AlgorithmBucket {
  readonly header: CoseHeader
  readonly bytes: Uint8Array
  /** What is covered before the payload, where there is no external AAD. */
  readonly covered: Uint8Array
}

/** One of each algorithm, made when the first is asked for, so that importing this file has no side effect. */
const buckets: Map<unknown, AlgorithmBucket> = /* @__PURE__ */ new Map()
/** Their headers by what {@link numberOf} makes of their bytes. */
const headers: Map<unknown, CoseHeader> = /* @__PURE__ */ new Map()

/** The bucket of an algorithm. */
export function bucketOf({ name }: Algorithm): AlgorithmBucket {
  if (buckets.size === 0)
    for (const alg of supportedAlgorithms) buckets.set(alg, madeBucket(algorithmOf(alg)!))
  return buckets.get(name)!
}

function madeBucket({ name, structure }: Algorithm): AlgorithmBucket {
  const header = Object.freeze({ alg: name })
  const bytes = encodeProtected(header)
  return { header, bytes, covered: coveredBytes(structure, bytes, nothing, undefined) }
}

const nothing = /* @__PURE__ */ new Uint8Array(0)

/** The header in these protected bytes, where it is an algorithm of the library alone. */
export function knownHeader(bytes: Uint8Array): CoseHeader | undefined {
  if (headers.size === 0)
    for (const alg of supportedAlgorithms) {
      const bucket = bucketOf(algorithmOf(alg)!)
      headers.set(numberOf(bucket.bytes), bucket.header)
    }
  return headers.get(numberOf(bytes))
}

/** What tells apart byte strings of up to five bytes. */
function numberOf(bytes: Uint8Array): number | undefined {
  if (bytes.length > 5) return undefined
  let number = 1
  for (let i = 0; i < bytes.length; i++) number = number * 256 + bytes[i]!
  return number
}

/** What is covered beside the payload, and the payload with it unless it is undefined; see {@link coveredBytes}. */
export function coveredWith(
  algorithm: Algorithm,
  header: CoseHeader | undefined,
  protectedBytes: Uint8Array,
  externalAad: Uint8Array,
  payload: Uint8Array | undefined,
): Uint8Array {
  const bucket = bucketOf(algorithm)
  if (header !== bucket.header || externalAad.length > 0)
    return coveredBytes(algorithm.structure, protectedBytes, externalAad, payload)
  if (!payload) return bucket.covered
  return encode((writer) => {
    writer.raw(bucket.covered)
    writeBytes(writer, payload)
  })
}
