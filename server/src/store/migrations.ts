import { type Kysely, sql } from 'kysely'
import type { Database } from './database.ts'
import type { Tables } from './schema.ts'

/** A statement that both engines take, or what each takes in its own words. */
type Step = string | Readonly<Record<Database['engine'], readonly string[]>>

/** The statements of each version, in their order: a version is never changed once it was published, a new one is added. */
const versions: readonly (readonly Step[])[] = [
  [
    `create table clients (
      client_id text primary key, channel_identity text unique, is_enabled integer not null, secret_hash text,
      record text not null, created_at bigint not null)`,
    `create table resource_servers (
      audience text primary key, introspection_client_id text not null unique, introspection_secret_hash text,
      record text not null, next_sequence bigint not null, created_at bigint not null)`,
    `create table keys (
      kid text primary key, algorithm text not null, jwk text not null, state text not null, created_at bigint not null,
      retired_at bigint, verifies_until bigint)`,
    `create table sessions (
      session_id text primary key, client_id text not null, opened_at bigint not null, expires_at bigint not null,
      closed_at bigint, lifetime bigint not null, budget bigint, used bigint not null, per_minute bigint,
      minute bigint not null, used_in_minute bigint not null, audiences text, scopes text)`,
    'create index sessions_of_client on sessions (client_id, expires_at)',
    'create index sessions_by_end on sessions (expires_at)',
    `create table tokens (
      id text primary key, hash BLOB not null unique, list_hash BLOB not null, client_id text not null,
      audiences text not null, scope text, scope_bytes BLOB, introspection text not null, family_id text, session_id text, key_thumbprint BLOB, key_id BLOB,
      cnf text, issued_at bigint not null, expires_at bigint not null, revoked_at bigint)`,
    'create index tokens_of_client on tokens (client_id, id)',
    'create index tokens_of_family on tokens (family_id) where family_id is not null',
    'create index tokens_by_key on tokens (client_id, key_id) where key_id is not null',
    'create index tokens_by_thumbprint on tokens (key_thumbprint) where key_thumbprint is not null',
    'create index tokens_by_end on tokens (expires_at)',
    'create index tokens_revoked on tokens (expires_at) where revoked_at is not null',
    `create table token_audiences (
      audience text not null, token_id text not null, primary key (audience, token_id)) WITHOUT ROWID`,
    `create table refresh_tokens (
      hash BLOB primary key, family_id text not null, client_id text not null, channel_identity text, audiences text not null,
      scope text, scope_bytes BLOB, cnf text, profile text, subject text, session_id text, issued_at bigint not null,
      expires_at bigint not null, used_at bigint, successor BLOB, sealed_answer BLOB, repeat_until bigint,
      revoked_at bigint)`,
    'create index refresh_tokens_of_family on refresh_tokens (family_id)',
    'create index refresh_tokens_by_end on refresh_tokens (expires_at)',
    'create index refresh_tokens_sealed on refresh_tokens (repeat_until) where sealed_answer is not null',
    `create table assertions (
      issuer text not null, jti text not null, expires_at bigint not null, primary key (issuer, jti))`,
    'create index assertions_by_end on assertions (expires_at)',
    `create table revocation_updates (
      requester text not null, position bigint not null, list_hash BLOB not null, is_added integer not null,
      primary key (requester, position))`,
    'create table counters (name text primary key, value bigint not null)',
    `create table audit (
      id SERIAL, at bigint not null, actor text not null, action text not null, subject text not null,
      details text not null)`,
    'create index audit_of_subject on audit (subject, id)',
    // The audit trail is appended to, and nothing else.
    {
      sqlite: [
        `create trigger audit_is_not_changed before update on audit
          begin select raise(abort, 'the audit trail is never changed'); end`,
        `create trigger audit_is_not_removed before delete on audit
          begin select raise(abort, 'the audit trail is never changed'); end`,
      ],
      postgres: [
        `create function refuse_change_of_audit() returns trigger language plpgsql as
          $$ begin raise exception 'the audit trail is never changed'; end $$`,
        `create trigger audit_is_not_changed before update or delete or truncate on audit
          for each statement execute function refuse_change_of_audit()`,
      ],
    },
  ],
]

/** The version that this program has. */
export const currentVersion: number = versions.length

/**
 * Brings a database to the version of this program. Two processes may do so at once.
 *
 * @throws RangeError for a database that a newer program has written: it is left as it is
 */
export async function migrate(database: Database): Promise<void> {
  await database.alter(async (transaction) => {
    if (database.engine === 'postgres') await sql`select pg_advisory_xact_lock(4660)`.execute(transaction)
    await sql`create table if not exists schema_version (version integer not null)`.execute(transaction)
    const found = await sql<{ version: number }>`select version from schema_version`.execute(transaction)
    const version = found.rows[0]?.version ?? 0
    if (version > currentVersion)
      throw new RangeError(
        `the store has version ${version}, this program knows versions up to ${currentVersion}: use a newer ace-oauth-server`,
      )
    for (const steps of versions.slice(version))
      for (const step of steps) await run(transaction, database.engine, step)
    if (found.rows.length === 0)
      await sql`insert into schema_version (version) values (${currentVersion})`.execute(transaction)
    else await sql`update schema_version set version = ${currentVersion}`.execute(transaction)
  })
}

/** Runs a step with the words that the engines have for byte strings and for growing numbers. */
async function run(transaction: Kysely<Tables>, engine: Database['engine'], step: Step): Promise<void> {
  const texts = typeof step === 'string' ? [inWordsOf(engine, step)] : step[engine]
  for (const text of texts) await sql.raw(text).execute(transaction)
}

function inWordsOf(engine: Database['engine'], statement: string): string {
  return engine === 'postgres'
    ? statement
        .replaceAll('BLOB', 'bytea')
        .replaceAll('SERIAL', 'bigint generated always as identity primary key')
        .replaceAll(' WITHOUT ROWID', '')
    : statement.replaceAll('SERIAL', 'integer primary key autoincrement')
}
