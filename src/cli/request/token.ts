import { existsSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { followCreationHints } from '../../client/creation-hints.ts'
import type { Exchange } from '../../client/exchange.ts'
import type { ObtainedToken } from '../../client/obtained-token.ts'
import { tokenToJson } from '../../client/stored-token.ts'
import { isSafeToRepeat, processTokenResponse, sendTokenRequest } from '../../client/token.ts'
import type { AccessTokenRequest, AccessTokenRequestMembers } from '../../message/access-token-request.ts'
import { CreationHints } from '../../message/creation-hints.ts'
import { accessTokenTypes } from '../../registry/generated/access-token-types.ts'
import { aceProfiles } from '../../registry/generated/ace-profiles.ts'
import { opaqueFromText } from '../../table/types/opaque.ts'
import { withExamples } from '../commands/examples.ts'
import { integerOption, oneOf } from '../commands/options.ts'
import { deliver } from '../deliver.ts'
import { Exit, wrongUsage } from '../exit.ts'
import { hexDigits } from '../input/hex.ts'
import { readCbor } from '../input/source.ts'
import { readKey } from '../keys.ts'
import { remark } from '../show/output.ts'
import { facts } from '../show/table.ts'
import { printable } from '../show/text.ts'
import { type RequestOptions, sendOptionsOf, serverOf, withRequest } from './options.ts'
import { asUsage, runRequest } from './run.ts'
import { readSecret, secretSources } from './secret.ts'

interface Options extends RequestOptions {
  readonly audience?: string
  readonly scope?: string
  readonly grantType?: string
  readonly refreshToken?: string
  readonly code?: string
  readonly redirectUri?: string
  readonly username?: string
  readonly password?: string
  readonly profile?: string | true
  readonly cnonce?: string
  readonly key?: string
  readonly kid?: string
  readonly hints?: string
  readonly resource?: readonly string[]
  readonly expiresIn?: number
  readonly outFile?: string
}

const profiles = Object.keys(aceProfiles)

/** `ace-oauth request token`: asks for an access token. */
export function addRequestToken(request: Command): void {
  const command = withRequest(
    request
      .command('token', { isDefault: true })
      .summary('ask for an access token (where no other is named)')
      .description(
        'Ask a token endpoint for an access token (RFC 9200 section 5.8), and check the answer as a client does.',
      ),
  )
    .option('--audience <audience>', 'the resource server that the token is for')
    .option('--scope <scope>', 'what it is to allow')
    .option('--grant-type <name>', 'on the strength of what (default: client_credentials)')
    .option('--refresh-token <token>', `refresh with this: ${secretSources}`)
    .option('--code <code>', 'an authorization code: as above')
    .option('--redirect-uri <uri>', 'the redirection URI that the code was asked for with')
    .option('--username <name>', "the resource owner's name")
    .option('--password <password>', "the resource owner's password: as above")
    .addOption(
      new Option('--profile [name]', 'the ACE profile; without a name, the server is to say which').argParser(
        oneOf(profiles),
      ),
    )
    .option('--cnonce <hex>', 'the client-nonce that the resource server gave')
    .option('--key <key>', 'the key that the token is to be bound to: a JWK or a COSE_Key, or @file')
    .option('--kid <id>', 'the identifier of a key that the server knows')
    .option('--hints <hints>', 'the creation hints of the resource server, or @file')
    .option('--resource <uri...>', 'the resource (RFC 8707), in a form')
    .option('--expires-in <seconds>', 'how long a token without expires_in is valid', integerOption)
    .option(
      '--out-file <path>',
      'write the token, or with --json all of it, into a new file that only its owner may read',
    )
  withExamples(command, [
    [
      'request token https://as.example.com/token --client-id sensor1 --client-secret @secret --audience rs1 --scope read',
      'both sides byte by byte',
    ],
    [
      'request token --issuer https://as.example.com --client-id sensor1 --client-secret env:SECRET --out-file token.cwt',
      'the endpoint is found by the metadata of the server, and the token goes into a file',
    ],
  ]).action(requestToken)
}

async function requestToken(url: string | undefined, options: Options): Promise<void> {
  const { outFile, json, expiresIn: defaultExpiresIn, resource = [] } = options
  // Before there is a token that would be lost.
  if (outFile !== undefined && existsSync(outFile))
    throw new Exit(1, `${printable(outFile)} is there already: it is not overwritten`)
  const members = await membersOf(url, options)
  const how = await sendOptionsOf(options).catch((error) => {
    throw asUsage(error)
  })
  const unknown = resource.map((uri) => ({ name: 'resource', json: uri }))
  const tokenTypes = Object.keys(accessTokenTypes)
  await runRequest<ObtainedToken>(
    {
      send: async () => sendTokenRequest(await serverOf(url, 'token', options), members, { ...how, unknown }),
      process: (exchange) =>
        processTokenResponse(exchange as Exchange<AccessTokenRequest>, { tokenTypes, defaultExpiresIn }),
      isSafeToRepeat: isSafeToRepeat(members),
      tell: (token, style) => `${style.green('a token')}\n\n${tell(token, options)}`,
      toJson: (token) => ({ token: tokenToJson(token) }),
      keep: async ({ access_token }, told) => {
        if (json) await deliver(told, outFile)
        else if (outFile !== undefined) await deliver(access_token, outFile)
        if (outFile !== undefined) remark(`\nwritten into ${printable(outFile)}\n`)
      },
    },
    options,
  )
}

async function membersOf(url: string | undefined, options: Options): Promise<AccessTokenRequestMembers> {
  const { audience, scope, redirectUri, username, profile, key, kid, cnonce, hints } = options
  if (key !== undefined && kid !== undefined) wrongUsage('--key and --kid: give one of them')
  const secret = async (name: string, given: string | undefined): Promise<Uint8Array | undefined> =>
    given === undefined ? undefined : readSecret(name, given)
  const refresh_token = await secret('--refresh-token', options.refreshToken)
  const code = await secret('--code', options.code)
  const password = await secret('--password', options.password)
  const grant_type =
    options.grantType ?? (refresh_token ? 'refresh_token' : code ? 'authorization_code' : undefined)
  const req_cnf =
    key !== undefined
      ? { COSE_Key: (await readKey(key)).toCose() }
      : kid !== undefined
        ? { kid: opaqueFromText(kid) }
        : undefined
  const nonce = cnonce === undefined ? undefined : hexDigits(cnonce)
  if (cnonce !== undefined && nonce === undefined) wrongUsage('--cnonce is not hex')
  const given = {
    grant_type,
    audience,
    scope,
    redirect_uri: redirectUri,
    username,
    password: password && new TextDecoder().decode(password),
    refresh_token,
    code,
    req_cnf,
    cnonce: nonce === undefined ? undefined : Buffer.from(nonce, 'hex'),
    ace_profile: profile === true ? null : profile,
  }
  const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  return { ...(hints !== undefined && (await hinted(hints, url, options))), ...present }
}

/** What a resource server advises to ask for: of the server that the command names, for it is the one that is trusted. */
async function hinted(
  given: string,
  url: string | undefined,
  { issuer, audience }: Options,
): Promise<AccessTokenRequestMembers> {
  const hints = CreationHints.fromCbor((await readCbor(given)).bytes)
  const audiences = [audience ?? hints.audience].filter((one) => one !== undefined)
  return followCreationHints(hints, [{ token_endpoint: url, issuer, audiences }]).members
}

function tell(
  { token_type, scope, ace_profile, expiresAt, refresh_token, cnf, rs_cnf }: ObtainedToken,
  { outFile, showSecrets }: Options,
): string {
  const isHidden = outFile === undefined && !showSecrets
  return facts([
    ['type', `${token_type}`],
    ['scope', typeof scope === 'string' ? printable(scope) : scope && 'bytes'],
    ['profile', ace_profile === undefined ? undefined : printable(`${ace_profile}`)],
    ['expires', timeOf(expiresAt)],
    ['bound to', cnf && Object.keys(cnf).join(', ')],
    ['server key', rs_cnf && Object.keys(rs_cnf).join(', ')],
    ['refresh', refresh_token ? 'by the refresh token, which is good for one refresh' : 'none: ask again'],
    ['token', isHidden ? 'not shown: --out-file writes it into a file, --show-secrets shows it' : undefined],
    [
      'next',
      'keep token and key together, and hand the token to the resource server at authz-info, or as the profile says',
    ],
  ])
}

/** A time in words: of one that no calendar has, the number. */
function timeOf(seconds: number): string {
  const date = new Date(seconds * 1_000)
  return Number.isNaN(date.getTime()) ? `${seconds} seconds after 1970` : date.toISOString()
}
