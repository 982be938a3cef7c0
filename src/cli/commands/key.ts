import type { Command } from 'commander'
import { addKeyConvert } from './key-convert.ts'
import { addKeyGenerate } from './key-generate.ts'
import { addKeyThumbprint } from './key-thumbprint.ts'

/** `ace-oauth key`: keys, for people who debug. */
export function configureKey(key: Command): void {
  key.description('Generate and convert keys, and tell their thumbprints.')
  for (const add of [addKeyGenerate, addKeyConvert, addKeyThumbprint]) add(key)
}
