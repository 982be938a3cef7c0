import { Argument, type Command } from 'commander'
import { supportedAlgorithms } from '../../cose/algorithms.ts'
import { TokenKey } from '../../cose/token-key.ts'
import type { CoseAlgorithmName } from '../../registry/generated/cose-algorithms.ts'
import { type KeyOutput, withKeyOutput, writeKey } from '../key-format.ts'
import { refusing } from '../protection-refusal.ts'
import { withExamples } from './examples.ts'
import { oneOf } from './options.ts'

const algorithms: readonly string[] = [...supportedAlgorithms, 'X25519']

/** `ace-oauth key generate`: a new key, its private part included. */
export function addKeyGenerate(key: Command): void {
  const command = key
    .command('generate')
    .summary('make a new private or symmetric key')
    .description(
      'Make a new private or symmetric key for an algorithm. What it prints has to be kept secret.',
    )
    .addArgument(
      new Argument('<algorithm>', 'an algorithm, or X25519').choices(algorithms).argParser(oneOf(algorithms)),
    )
    .option('--kid <text>', 'its key identifier')
  withExamples(withKeyOutput(command), [
    [
      'key generate ES256 --kid as-2026 --out-file as.jwk',
      'a signing key in a file that only its owner may read',
    ],
    ['key generate AES-CCM-16-64-128 --to cose', 'a symmetric key as a COSE_Key in hex'],
  ]).action(generate)
}

async function generate(
  algorithm: CoseAlgorithmName | 'X25519',
  { kid, ...output }: KeyOutput & { readonly kid?: string },
): Promise<void> {
  await refusing(async () => {
    const key = await TokenKey.generate(algorithm, kid === undefined ? {} : { kid })
    await writeKey(key, output, true)
  })
}
