import type { Command } from 'commander'
import type { Store, TokenRecord } from '../../store/contract.ts'
import { quoted } from '../../text.ts'
import { type ListOptions, type ResultOptions, withExamples, withPages, withResult } from '../options.ts'
import { CommandError, show } from '../output.ts'
import { pagesOf, showPages } from '../pages.ts'
import { Progress } from '../progress.ts'
import { revokeMany } from '../revoke-many.ts'
import { actorOf, now, withStore } from '../with-store.ts'
import { noClient } from './client.ts'
import type { Context } from './context.ts'

/** Which tokens. */
interface TokenOptions {
  readonly client?: string
  readonly audience?: string
  readonly family?: string
}

/** `ace-oauth-server token`: the tokens that were issued. */
export function configureTokens(token: Command, context: Context): void {
  const { output, signals } = context
  token.description('The tokens that were issued and have not been swept yet, never the tokens themselves.')

  withExamples(
    withPages(token.command('list'), 'id')
      .description('List tokens, never the tokens themselves. Their ids are the cti or jti that they carry.')
      .option('--client <client>', 'those of a client alone')
      .option('--audience <name>', 'those for a resource server alone')
      .option('--live', 'those alone that are neither expired nor revoked'),
    ['token list --client sensor1 --live', 'what sensor1 can do at the moment'],
    ['token list --json --limit 1000 --after 1b4e28ba-2fa1-4d2b-883f-0016d3cca427', 'the next thousand'],
  ).action((options: ListOptions & TokenOptions & { readonly live?: true }) =>
    withStore(options, (store) => {
      const { client, audience, live } = options
      const query = {
        ...(client !== undefined && { clientId: client }),
        ...(audience !== undefined && { audience }),
        ...(live && { isLiveAt: now() }),
      }
      return showPages(
        output,
        pagesOf(
          (page) => store.tokens.list({ ...query, ...page }),
          ({ id }) => id,
          { after: options.after ?? '', limit: options.limit, signal: signals.end },
        ),
        (record) => rowOf(record, client === undefined),
        [
          'id',
          ...(client === undefined ? ['client_id'] : []),
          'audience',
          'scope',
          'issued_at',
          'expires_at',
          'revoked_at',
        ],
        options.json === true,
      )
    }),
  )

  withExamples(
    withResult(token.command('show'))
      .argument('<id>', 'its id, as the list tells it')
      .description('Show what is known of a token, but for the token and its key.'),
    ['token show 1b4e28ba-2fa1-4d2b-883f-0016d3cca427', 'its session, and the family of its refresh tokens'],
  ).action((id: string, options: ResultOptions) =>
    withStore(options, async (store) => {
      const record = await store.tokens.find(id)
      if (!record) throw new CommandError(1, `there is no token ${quoted(id)}`)
      show(output, detailsOf(record), options.json === true)
    }),
  )

  withExamples(
    withResult(token.command('revoke'))
      .argument('[id]', 'the id of a token, as the list tells it')
      .description(
        'Revoke a token, or all of a client, for a resource server or of a family, with their refresh tokens. Revoked tokens stand in the token revocation list until they end.',
      )
      .option('--client <client>', 'all tokens of a client')
      .option('--audience <name>', 'all tokens for a resource server')
      .option('--family <id>', 'all tokens of a family: of one grant and what was refreshed from it'),
    ['token revoke 1b4e28ba-2fa1-4d2b-883f-0016d3cca427', 'one token, and its family'],
    ['token revoke --client sensor1', 'all that sensor1 has; disable it first, or it gets new ones'],
  ).action((id: string | undefined, options: ResultOptions & TokenOptions) =>
    withStore(options, async (store) =>
      show(output, await revoke(store, id, options, context), options.json === true),
    ),
  )
}

async function revoke(
  store: Store,
  id: string | undefined,
  { client, audience, family }: TokenOptions,
  { output, signals }: Context,
): Promise<object> {
  const given = [id, client, audience, family].filter((each) => each !== undefined)
  if (given.length !== 1)
    throw new CommandError(2, 'expected the id of a token, or one of --client, --audience and --family')
  const actor = actorOf('token revoke')
  const all = (query: { readonly clientId: string } | { readonly audience: string }): Promise<number> =>
    revokeMany(store, query, actor, new Progress(output, 'tokens revoked'), signals.end)
  if (client !== undefined) {
    const revoked = await all({ clientId: client })
    if (revoked === 0 && !(await store.clients.find(client))) throw await noClient(store, client)
    return { client_id: client, revoked }
  }
  if (audience !== undefined) return { audience, revoked: await all({ audience }) }
  if (family !== undefined)
    return { family_id: family, revoked: await store.tokens.revokeFamily(family, actor, now()) }
  const record = await store.tokens.find(id!)
  if (!record) throw new CommandError(1, `there is no token ${quoted(id!)}`)
  const { familyId } = record
  // As at the endpoint: else its refresh token would give the next one.
  const revoked =
    familyId === null
      ? await store.tokens.revokeById(record.id, actor, now())
      : await store.tokens.revokeFamily(familyId, actor, now())
  return { id, revoked: revoked ?? 0 }
}

/** A token as it is listed: of a client, or with the client that it is of. */
function rowOf(record: TokenRecord, hasClient: boolean): Readonly<Record<string, unknown>> {
  const { id, clientId, audiences, scope, issuedAt, expiresAt, revokedAt } = record
  return {
    id,
    ...(hasClient && { client_id: clientId }),
    audience: audiences.length === 1 ? audiences[0] : audiences,
    scope: scope instanceof Uint8Array ? Buffer.from(scope).toString('base64url') : scope,
    issued_at: issuedAt,
    expires_at: expiresAt,
    ...(revokedAt !== null && { revoked_at: revokedAt }),
  }
}

function detailsOf(record: TokenRecord): Readonly<Record<string, unknown>> {
  const base64url = (bytes: Uint8Array | null): string | null =>
    bytes && Buffer.from(bytes).toString('base64url')
  return {
    ...rowOf(record, true),
    revoked_at: record.revokedAt,
    family_id: record.familyId,
    session_id: record.sessionId,
    key_thumbprint: base64url(record.keyThumbprint),
    key_id: base64url(record.keyId),
    list_hash: base64url(record.listHash),
  }
}
