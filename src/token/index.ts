/**
 * Access tokens: COSE keys and messages, CWT, JWT and references, and what a resource server does with them (RFC 9052,
 * RFC 9053, RFC 8392, RFC 8747, RFC 9068, RFC 9200 §5.10).
 *
 * What is thrown for a COSE message or key is a DecodeError or a CoseError; for a token it is a DecodeError or a Failure, of which
 * ProtectionError is one.
 *
 * It runs on every runtime with WebCrypto. ChaCha20/Poly1305 needs node:crypto: elsewhere an error says `algorithm_unavailable`.
 *
 * @module
 */
export { type CoseStructure, supportedAlgorithms } from '../cose/algorithms.ts'
export { type CoseBlame, CoseError, type CoseReason } from '../cose/cose-error.ts'
export { type CoseFraming, type CoseMessage, decodeCoseMessage, type Untagged } from '../cose/cose-message.ts'
export { decryptKey, encryptKey } from '../cose/encrypted-key.ts'
export { equalBytes } from '../cose/equal-bytes.ts'
export type { CoseHeader, CoseLabel } from '../cose/headers.ts'
export { type KeySet, readKeySet, type SkippedKey } from '../cose/key-set.ts'
export { type KeySource, type OpenedMessage, type OpenOptions, openCose } from '../cose/open-cose.ts'
export { type CoseOpenAnswer, type CoseOpenQuestion, coseOpen } from '../cose/open-with-jwks.ts'
export {
  type DetachedMessage,
  type ProtectOptions,
  protectCose,
  protectDetached,
} from '../cose/protect-cose.ts'
export { type CoseMessageName, type RecognizedCose, recognizeCose } from '../cose/recognize-cose.ts'
export type {
  CryptoKeyLike,
  HashName,
  KeyObjectLike,
  KeyPart,
  WebAlgorithm,
  WebKeyUsage,
} from '../cose/runtime/runtime-key.ts'
export { type KeyLabels, TokenKey } from '../cose/token-key.ts'
export {
  type CwtOptions,
  issueCwt,
  type OpenCwtOptions,
  type OpenedCwt,
  openCwt,
  type TokenLayer,
} from './cwt.ts'
export { issueJwt, type JwtOptions, type OpenJwtOptions, openJwt } from './jwt.ts'
export { ProtectionError, type ProtectionReason } from './protection-error.ts'
export { createReference, hashReference } from './reference.ts'
export { TokenClaims, type TokenClaimsMembers } from './token-claims.ts'
export { type ResponseEncoding, tokenHash, tokenHashes } from './token-hash.ts'
export type { TokenKeys } from './token-keys.ts'
