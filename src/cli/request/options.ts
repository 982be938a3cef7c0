import { type Command, Option } from 'commander'
import type { AuthorizationServer } from '../../client/authorization-server.ts'
import {
  bearerToken,
  type ClientAuthentication,
  channelAuthentication,
  clientSecretBasic,
  clientSecretPost,
  privateKeyJwt,
  publicClient,
} from '../../client/client-authentication.ts'
import { discoverAuthorizationServer } from '../../client/discovery.ts'
import type { PayloadEncoding, SendOptions } from '../../client/exchange.ts'
import { integerOption } from '../commands/options.ts'
import { wrongUsage } from '../exit.ts'
import { readKey } from '../keys.ts'
import { readSecret, secretSources } from './secret.ts'

/** The options that every request has. */
export interface RequestOptions {
  readonly issuer?: string
  readonly clientId?: string
  readonly clientSecret?: string
  readonly clientKey?: string
  readonly basic?: boolean
  readonly bearer?: string
  readonly encoding?: PayloadEncoding
  readonly timeout: number
  readonly attempts: number
  readonly insecurePlainHttp?: boolean
  readonly showSecrets?: boolean
  readonly json?: boolean
}

/** Lets a command send a request: whom to, as whom, and how. */
export function withRequest(command: Command): Command {
  return command
    .argument('[url]', 'the URL of the endpoint; without it, --issuer says whose metadata tells it')
    .option('--issuer <url>', 'the identifier of the authorization server')
    .option('--client-id <id>', 'who asks')
    .option('--client-secret <secret>', `what it authenticates with: ${secretSources}`)
    .option('--basic', 'send the secret in the Authorization header, not in the body')
    .option('--client-key <key>', 'a private key to authenticate with (private_key_jwt): a JWK, or @file')
    .addOption(
      new Option('--encoding <encoding>', 'CBOR both ways, or a form that is answered in JSON').choices([
        'cbor',
        'json',
      ]),
    )
    .option('--timeout <ms>', 'how long the server may take for an answer', integerOption, 10_000)
    .option('--attempts <n>', 'how often to try where that helps and does no harm', integerOption, 1)
    .option(
      '--insecure-plain-http',
      'send over http to other machines too, where everybody on the way reads secrets',
    )
    .option('--show-secrets', 'show secrets byte by byte too')
    .option('--json', 'print the result, with its secrets, as JSON')
}

/** The authorization server that a request goes to. */
export async function serverOf(
  url: string | undefined,
  endpoint: 'token' | 'introspection' | 'revocation',
  options: RequestOptions,
): Promise<AuthorizationServer> {
  const { issuer, insecurePlainHttp, timeout: timeoutMs } = options
  if (url !== undefined) return { [`${endpoint}_endpoint`]: url, issuer }
  if (issuer === undefined) wrongUsage('whom to ask: give a URL, or --issuer')
  return discoverAuthorizationServer(issuer, { insecurePlainHttp, timeoutMs, retry: { maxAttempts: 1 } })
}

/** How the library is to send a request. */
export async function sendOptionsOf(options: RequestOptions): Promise<SendOptions> {
  const { timeout: timeoutMs, insecurePlainHttp, clientKey } = options
  const authentication = await authenticationOf(options)
  const encoding = options.encoding ?? (clientKey === undefined ? 'cbor' : 'json')
  return { authentication, encoding, timeoutMs, insecurePlainHttp }
}

async function authenticationOf(options: RequestOptions): Promise<ClientAuthentication> {
  const { clientId, clientSecret, clientKey, basic, bearer } = options
  const ways = [clientSecret, clientKey, bearer].filter((way) => way !== undefined)
  if (ways.length > 1) wrongUsage('several ways to authenticate: give one of them')
  if (bearer !== undefined) return bearerToken(await readSecret('--bearer', bearer))
  if (clientId === undefined) {
    if (ways.length > 0) wrongUsage('who authenticates: give --client-id')
    return channelAuthentication()
  }
  if (clientKey !== undefined) return privateKeyJwt(clientId, await readKey(clientKey))
  if (clientSecret === undefined) return publicClient(clientId)
  const secret = await readSecret('--client-secret', clientSecret)
  return basic ? clientSecretBasic(clientId, secret) : clientSecretPost(clientId, secret)
}
