import type { Command } from 'commander'
import { type KeyOutput, withKeyOutput, writeKey } from '../key-format.ts'
import { readKey } from '../keys.ts'
import { refusing } from '../protection-refusal.ts'
import { withExamples } from './examples.ts'

/** `ace-oauth key convert`: a key in another form. */
export function addKeyConvert(key: Command): void {
  const command = key
    .command('convert')
    .summary('write a key in another form')
    .description(
      'Write a key as a JWK, as a COSE_Key or as bare bytes: its public part, unless the private one is asked for.',
    )
    .argument('[key]', 'a JWK, a COSE_Key or PEM, @file, or - for standard input (the default)')
    .option('--file <path>', 'read the key from a file')
    .option('--private', 'write the private part or the symmetric key as well')
  withExamples(withKeyOutput(command), [
    ['key convert @as.jwk > as-public.jwk', 'the public part of a key'],
    ['key convert @as.jwk --to cose --private', 'the whole key as a COSE_Key'],
  ]).action(convert)
}

async function convert(
  input: string | undefined,
  options: KeyOutput & { readonly file?: string; readonly private?: boolean },
): Promise<void> {
  await refusing(async () => {
    await writeKey(await readKey(input, options.file), options, options.private === true)
  })
}
