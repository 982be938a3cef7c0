import type { Command } from 'commander'
import { type KeyFormat, withKeyFormat, writeKey } from '../key-format.ts'
import { readKey } from '../keys.ts'
import { print } from '../output.ts'
import { refusing } from '../protection-refusal.ts'
import { withExamples } from './options.ts'

/** `ace-oauth key convert`: a key in another form. */
export function addKeyConvert(key: Command): void {
  const command = key
    .command('convert')
    .summary('write a key in another form')
    .description(
      'Write a key as a JWK, as a COSE_Key or as bare bytes: its public part, unless the private one is asked for.',
    )
    .argument('[key]', 'a JWK or a COSE_Key, @file, or - for standard input (the default)')
    .option('--file <path>', 'read the key from a file')
    .option('--private', 'write the private part or the symmetric key as well')
  withExamples(withKeyFormat(command), [
    ['key convert @as.jwk > as-public.jwk', 'the public part of a key'],
    ['key convert @as.jwk --to cose --private', 'the whole key as a COSE_Key'],
  ]).action(convert)
}

async function convert(
  input: string | undefined,
  options: { readonly file?: string; readonly private?: boolean; readonly to: KeyFormat },
): Promise<void> {
  await refusing(async () => {
    print(writeKey(await readKey(input, options.file), options.to, options.private === true))
  })
}
