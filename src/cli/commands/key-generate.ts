import { Argument, type Command } from 'commander'
import { supportedAlgorithms } from '../../cose/algorithms.ts'
import { TokenKey } from '../../cose/token-key.ts'
import type { CoseAlgorithmName } from '../../registry/generated/cose-algorithms.ts'
import { type KeyFormat, withKeyFormat, writeKey } from '../key-format.ts'
import { print } from '../output.ts'
import { refusing } from '../protection-refusal.ts'
import { withExamples } from './options.ts'

/** `ace-oauth key generate`: a new key, its private part included. */
export function addKeyGenerate(key: Command): void {
  const command = key
    .command('generate')
    .summary('make a new private or symmetric key')
    .description(
      'Make a new private or symmetric key for an algorithm. What it prints has to be kept secret.',
    )
    .addArgument(
      new Argument('<algorithm>', 'an algorithm, or X25519').choices([...supportedAlgorithms, 'X25519']),
    )
    .option('--kid <text>', 'its key identifier')
  withExamples(withKeyFormat(command), [
    ['key generate ES256 --kid as-2026 > as.jwk', 'a signing key'],
    ['key generate AES-CCM-16-64-128 --to cose', 'a symmetric key as a COSE_Key in hex'],
  ]).action(generate)
}

async function generate(
  algorithm: CoseAlgorithmName | 'X25519',
  { kid, to }: { readonly kid?: string; readonly to: KeyFormat },
): Promise<void> {
  await refusing(async () => {
    const key = await TokenKey.generate(algorithm, kid === undefined ? {} : { kid })
    print(writeKey(key, to, true))
  })
}
