// This library, as built.
export {
  libraryImplementation,
  runConformance,
  valueToJson,
} from '../../dist/conformance/index.js'
export { CodecFault, codecImplementation, loadVectors } from '../../dist/conformance/node.js'
export { protectCose, TokenKey } from '../../dist/token/index.js'
