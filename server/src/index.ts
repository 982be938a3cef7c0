/**
 * The durable store of an ACE-OAuth authorization server, on SQLite or PostgreSQL.
 *
 * @module
 */
export * from './store/contract.ts'
export { openStore } from './store/open-store.ts'
