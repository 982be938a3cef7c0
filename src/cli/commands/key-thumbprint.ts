import { type Command, Option } from 'commander'
import type { HashName } from '../../cose/runtime/runtime-key.ts'
import { toBase64url } from '../../table/base64url.ts'
import { readKey } from '../keys.ts'
import { refusing } from '../protection-refusal.ts'
import { print } from '../show/output.ts'
import { columns } from '../show/table.ts'
import { toJson } from '../show/text.ts'
import { withExamples } from './examples.ts'

const hashes = ['SHA-256', 'SHA-384'] as const satisfies readonly HashName[]

/** `ace-oauth key thumbprint`: what names a key by its content. */
export function addKeyThumbprint(key: Command): void {
  const command = key
    .command('thumbprint')
    .summary('tell the thumbprints of a key')
    .description(
      'Tell the thumbprints of a key in base64url: of its COSE_Key (RFC 9679) and of its JWK (RFC 7638).',
    )
    .argument('[key]', 'a JWK or a COSE_Key, @file, or - for standard input (the default)')
    .option('--file <path>', 'read the key from a file')
    .addOption(new Option('--hash <name>', 'the hash').choices(hashes).default('SHA-256'))
    .option('--json', 'print both as JSON')
  withExamples(command, [['key thumbprint @as.jwk', 'both thumbprints of a key']]).action(thumbprint)
}

async function thumbprint(
  input: string | undefined,
  { file, hash, json }: { readonly file?: string; readonly hash: HashName; readonly json?: boolean },
): Promise<void> {
  await refusing(async () => {
    const key = await readKey(input, file)
    const cose = toBase64url(await key.thumbprint(hash))
    const jwk = toBase64url(await key.jwkThumbprint(hash))
    if (json) print(`${toJson({ cose, jwk })}\n`)
    else
      print(
        columns(
          [
            ['COSE', cose],
            ['JWK', jwk],
          ],
          '',
        ),
      )
  })
}
