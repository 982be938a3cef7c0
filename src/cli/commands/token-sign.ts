import { type Command, Option } from 'commander'
import { supportedAlgorithms } from '../../cose/algorithms.ts'
import type { CoseAlgorithmName } from '../../registry/generated/cose-algorithms.ts'
import { issueCwt } from '../../token/cwt.ts'
import { issueJwt } from '../../token/jwt.ts'
import { TokenClaims } from '../../token/token-claims.ts'
import { refuseJsonOnly } from '../encode-message.ts'
import { type Encoding, encodeBytes, encodings } from '../encoding.ts'
import { wrongUsage } from '../exit.ts'
import { readJson } from '../input.ts'
import { readKey } from '../keys.ts'
import { print } from '../output.ts'
import { refusing } from '../protection-refusal.ts'
import { withExamples } from './options.ts'

interface Options {
  readonly file?: string
  readonly key: string
  readonly alg?: CoseAlgorithmName
  readonly encryptWith?: string
  readonly jwt?: boolean
  readonly out: Encoding
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
      new Option('--alg <name>', 'the algorithm, where the key does not say').choices(supportedAlgorithms),
    )
    .option('--encrypt-with <key>', 'a symmetric key to encrypt the signed token with')
    .option('--jwt', 'make a JWT')
    .addOption(new Option('--out <encoding>', 'how to write a CWT').choices(encodings).default('hex'))
  withExamples(command, [
    ['token sign \'{"aud":"rs1","scope":"read","exp":1900000000}\' --key @as.jwk', 'a CWT in hex'],
    ['token sign @claims.json --key @as.jwk --jwt', 'a JWT'],
  ]).action(sign)
}

async function sign(input: string | undefined, options: Options): Promise<void> {
  const { alg, encryptWith, jwt, out } = options
  if (!jwt && out === 'raw' && process.stdout.isTTY)
    wrongUsage('raw bytes are not for a terminal: redirect them')
  const json = await readJson(input, options)
  await refusing(async () => {
    const claims = TokenClaims.fromJson(json, { strict: true })
    if (!jwt) refuseJsonOnly(claims, TokenClaims.table)
    const key = await readKey(options.key)
    const how = { alg, encryptWith: encryptWith === undefined ? undefined : await readKey(encryptWith) }
    print(jwt ? `${await issueJwt(claims, key, how)}\n` : encodeBytes(await issueCwt(claims, key, how), out))
  })
}
