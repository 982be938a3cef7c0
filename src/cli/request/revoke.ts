import type { Command } from 'commander'
import type { Exchange } from '../../client/exchange.ts'
import { processRevocationResponse, sendRevocationRequest } from '../../client/revocation.ts'
import type { RevocationRequest } from '../../message/revocation-request.ts'
import { withExamples } from '../commands/examples.ts'
import { facts } from '../show/table.ts'
import { type RequestOptions, sendOptionsOf, serverOf, withRequest } from './options.ts'
import { asUsage, runRequest } from './run.ts'
import { readSecret, secretSources } from './secret.ts'

interface Options extends RequestOptions {
  readonly token: string
  readonly tokenTypeHint?: string
}

/** `ace-oauth request revoke`: revokes a token. */
export function addRequestRevoke(request: Command): void {
  const command = withRequest(
    request
      .command('revoke')
      .summary('revoke a token')
      .description('Have an authorization server revoke an access token or a refresh token (RFC 7009).'),
  )
    .requiredOption('--token <token>', `the token: ${secretSources}`)
    .option('--token-type-hint <hint>', 'what kind of token it is: access_token, refresh_token')
  withExamples(command, [
    [
      'request revoke https://as.example.com/revoke --client-id sensor1 --client-secret @secret --token @token.cwt',
      'the token is no longer good for anything',
    ],
  ]).action(revoke)
}

async function revoke(url: string | undefined, options: Options): Promise<void> {
  const { tokenTypeHint: token_type_hint } = options
  const token = await readSecret('--token', options.token)
  const how = await sendOptionsOf(options).catch((error) => {
    throw asUsage(error)
  })
  const members = { token, ...(token_type_hint !== undefined && { token_type_hint }) }
  await runRequest<void>(
    {
      send: async () => sendRevocationRequest(await serverOf(url, 'revocation', options), members, how),
      process: (exchange) => processRevocationResponse(exchange as Exchange<RevocationRequest>),
      isSafeToRepeat: true,
      tell: (_, style) =>
        `${style.green('revoked')}\n\n${facts([['next', 'delete the token; resource servers see it in the token revocation list, or by introspection']])}`,
      toJson: () => ({ revoked: true }),
    },
    options,
  )
}
