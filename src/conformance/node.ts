/**
 * What a conformance run needs of Node: the vectors from the package's files, and a codec process as implementation.
 *
 * @module
 */
export { type CodecImplementation, type CodecOptions, codecImplementation } from './codec.ts'
export type { CodecAnswer } from './codec-answer.ts'
export { CodecFault } from './codec-fault.ts'
export { loadVectors } from './load-vectors.ts'
