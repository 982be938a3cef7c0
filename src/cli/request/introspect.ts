import type { Command } from 'commander'
import type { Exchange } from '../../client/exchange.ts'
import { processIntrospectionResponse, sendIntrospectionRequest } from '../../client/introspection.ts'
import type { IntrospectionRequest } from '../../message/introspection-request.ts'
import type { IntrospectionResponse } from '../../message/introspection-response.ts'
import { withExamples } from '../commands/examples.ts'
import { facts } from '../show/table.ts'
import { type RequestOptions, sendOptionsOf, serverOf, withRequest } from './options.ts'
import { asUsage, runRequest } from './run.ts'
import { readSecret, secretSources } from './secret.ts'

interface Options extends RequestOptions {
  readonly token: string
  readonly tokenTypeHint?: string
}

/** `ace-oauth request introspect`: asks about a token. */
export function addRequestIntrospect(request: Command): void {
  const command = withRequest(
    request
      .command('introspect')
      .summary('ask about a token, as a resource server does')
      .description(
        'Ask an introspection endpoint about a token (RFC 9200 section 5.9), and check the answer.',
      ),
  )
    .requiredOption('--token <token>', `the token: ${secretSources}`)
    .option('--token-type-hint <hint>', 'what kind of token it is: access_token, refresh_token')
    .option('--bearer <token>', 'authenticate with this access token: as above')
  withExamples(command, [
    [
      'request introspect https://as.example.com/introspect --client-id rs1 --client-secret env:SECRET --token @token.cwt',
      'whether a token is active, and what it allows',
    ],
  ]).action(introspect)
}

async function introspect(url: string | undefined, options: Options): Promise<void> {
  const { tokenTypeHint: token_type_hint } = options
  const token = await readSecret('--token', options.token)
  const how = await sendOptionsOf(options).catch((error) => {
    throw asUsage(error)
  })
  const members = { token, ...(token_type_hint !== undefined && { token_type_hint }) }
  await runRequest<IntrospectionResponse>(
    {
      send: async () => sendIntrospectionRequest(await serverOf(url, 'introspection', options), members, how),
      process: (exchange) => processIntrospectionResponse(exchange as Exchange<IntrospectionRequest>),
      isSafeToRepeat: true,
      tell: ({ active }, style) =>
        active
          ? `${style.green('active')}\n\n${facts([['next', 'grant what scope, audience, expiry and key allow']])}`
          : `${style.yellow('not active')}\n\n${facts([['next', 'grant nothing for it']])}`,
      toJson: (response) => ({ introspection: response.toJson() }),
    },
    options,
  )
}
