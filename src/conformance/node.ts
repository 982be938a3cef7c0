/**
 * What a conformance run needs of Node: the vectors from the package's files, and a codec process as implementation.
 *
 * @module
 */
export { codecImplementation } from './codec.ts'
export { loadVectors } from './load-vectors.ts'
