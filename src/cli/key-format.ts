import { type Command, Option } from 'commander'
import type { TokenKey } from '../cose/token-key.ts'
import { hex } from '../table/hex.ts'
import { deliver } from './deliver.ts'
import { encodeBytes } from './input/encoding.ts'
import { toJson } from './show/text.ts'

const formats = ['jwk', 'cose', 'bytes'] as const

/** How a key is written: a JWK, a COSE_Key in hex, or the bare key in hex. */
export type KeyFormat = (typeof formats)[number]

/** How a command is to write a key. */
export interface KeyOutput {
  readonly to: KeyFormat
  readonly outFile?: string
  readonly json?: boolean
}

/** Lets a command write keys. */
export function withKeyOutput(command: Command): Command {
  return command
    .addOption(
      new Option('--to <format>', 'JWK, COSE_Key in hex, or the bare key in hex')
        .choices(formats)
        .default('jwk'),
    )
    .option('--out-file <path>', 'write the key into a new file that only its owner may read')
    .option('--json', 'print {"hex"} for a COSE_Key or a bare key; a JWK is JSON by itself')
}

/** Writes a key: its public part, or all of it. */
export async function writeKey(key: TokenKey, output: KeyOutput, isPrivate: boolean): Promise<void> {
  const { to, outFile, json } = output
  if (to === 'jwk') return deliver(`${toJson(isPrivate ? key.toPrivateJwk() : key.toJwk())}\n`, outFile)
  const bytes = bytesOf(key, to, isPrivate)
  return deliver(json ? `${toJson({ hex: hex(bytes) })}\n` : encodeBytes(bytes, 'hex'), outFile)
}

function bytesOf(key: TokenKey, format: 'cose' | 'bytes', isPrivate: boolean): Uint8Array {
  if (format === 'cose') return isPrivate ? key.toPrivateCbor() : key.toCbor()
  return isPrivate ? key.toPrivateBytes() : key.toPublicBytes()
}
