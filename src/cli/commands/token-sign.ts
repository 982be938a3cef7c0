import { type Command, Option } from 'commander'
import { supportedAlgorithms } from '../../cose/algorithms.ts'
import type { CoseAlgorithmName } from '../../registry/generated/cose-algorithms.ts'
import { hex } from '../../table/hex.ts'
import { issueCwt } from '../../token/cwt.ts'
import { issueJwt } from '../../token/jwt.ts'
import { TokenClaims } from '../../token/token-claims.ts'
import { deliver } from '../deliver.ts'
import { refuseJsonOnly } from '../encode-message.ts'
import { wrongUsage } from '../exit.ts'
import { type Encoding, encodeBytes, encodings } from '../input/encoding.ts'
import { readJson } from '../input/source.ts'
import { readKey } from '../keys.ts'
import { refusing } from '../protection-refusal.ts'
import { print } from '../show/output.ts'
import { toJson } from '../show/text.ts'
import { withExamples } from './examples.ts'
import { oneOf } from './options.ts'

interface Options {
  readonly file?: string
  readonly key: string
  readonly alg?: CoseAlgorithmName
  readonly encryptWith?: string
  readonly jwt?: boolean
  readonly out: Encoding
  readonly outFile?: string
  readonly json?: boolean
}

/** `ace-oauth token sign`: a token from its claims, for tests. */
export function addTokenSign(token: Command): void {
  const command = token
    .command('sign')
    .summary('make a token from its claims')
    .description(
      'Make a CWT, or a JWT, from claims in JSON. The key decides whether it is signed, MACed or encrypted.',
    )
    .argument('[claims]', 'the claims in JSON, @file, or - for standard input (the default)')
    .option('--file <path>', 'read the claims from a file')
    .requiredOption('--key <key>', 'a private or symmetric key: a JWK or a COSE_Key, or @file')
    .addOption(
      new Option('--alg <name>', 'the algorithm, where the key does not say')
        .choices(supportedAlgorithms)
        .argParser(oneOf(supportedAlgorithms)),
    )
    .option('--encrypt-with <key>', 'a symmetric key to encrypt the signed token with')
    .option('--jwt', 'make a JWT')
    .addOption(new Option('--out <encoding>', 'how to write a CWT').choices(encodings).default('hex'))
    .option('--out-file <path>', 'write the token into a new file that only its owner may read')
    .option('--json', 'print {"hex"} or {"jwt"}')
  withExamples(command, [
    ['token sign \'{"aud":"rs1","scope":"read","exp":1900000000}\' --key @as.jwk', 'a CWT in hex'],
    ['token sign @claims.json --key @as.jwk --jwt', 'a JWT'],
  ]).action(sign)
}

async function sign(input: string | undefined, options: Options): Promise<void> {
  const { alg, encryptWith, jwt, out, outFile, json: asJson } = options
  if (!jwt && out === 'raw' && process.stdout.isTTY && outFile === undefined && !asJson)
    wrongUsage('raw bytes are not for a terminal: redirect them, or give --out-file')
  const json = await readJson(input, options)
  await refusing(async () => {
    const claims = await claimsOf(json, jwt)
    if (!jwt) refuseJsonOnly(claims, TokenClaims.table)
    const key = await readKey(options.key)
    const how = { alg, encryptWith: encryptWith === undefined ? undefined : await readKey(encryptWith) }
    const token = jwt ? await issueJwt(claims, key, how) : await issueCwt(claims, key, how)
    if (asJson) print(`${toJson(typeof token === 'string' ? { jwt: token } : { hex: hex(token) })}\n`)
    else await deliver(typeof token === 'string' ? `${token}\n` : encodeBytes(token, out), outFile)
  })
}

/** The claims that JSON stands for. The scope of a CWT may be an array as well, an authorization in AIF. */
async function claimsOf(json: unknown, jwt = false): Promise<TokenClaims> {
  const fromJson = (value: unknown): TokenClaims => TokenClaims.fromJson(value, { strict: true })
  if (jwt || !Array.isArray((Object(json) as { readonly scope?: unknown }).scope)) return fromJson(json)
  const { readWithAif } = await import('../aif-scope.ts')
  return readWithAif(json, { fromJson, fromCbor: (cbor) => TokenClaims.fromCbor(cbor) }) ?? fromJson(json)
}
