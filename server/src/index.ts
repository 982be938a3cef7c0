/**
 * The authorization server made of `ace-oauth`: its endpoints on a durable store, to be mounted in any HTTP or CoAP server.
 *
 * @module
 */
export type { AuthenticatedClient } from './authentication.ts'
export {
  type AuthorizationServer,
  type AuthorizationServerOptions,
  createAuthorizationServer,
} from './authorization-server.ts'
export { hashChosenSecret, hashNewSecret, newSecret } from './client-secret.ts'
export type { RevocationQuery, ServerAnswer } from './endpoints/revocation-list.ts'
export type {
  Answered,
  GrantBounds,
  Granted,
  GrantOutcome,
  GrantServices,
  GrantSettings,
  Started,
} from './grant/context.ts'
export type { Grant } from './grant/grant.ts'
export type { Policy, PolicyDecision, PolicyQuestion } from './grant/policy.ts'
export { GuessLimiter, type GuessLimits } from './guess-limits.ts'
export * from './store/contract.ts'
export { openStore } from './store/open-store.ts'
