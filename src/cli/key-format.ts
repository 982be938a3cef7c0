import { type Command, Option } from 'commander'
import type { TokenKey } from '../cose/token-key.ts'
import { encodeBytes } from './encoding.ts'
import { toJson } from './text.ts'

const formats = ['jwk', 'cose', 'bytes'] as const

/** How a key is written: a JWK, a COSE_Key in hex, or the bare key in hex. */
export type KeyFormat = (typeof formats)[number]

/** Lets a command write keys. */
export function withKeyFormat(command: Command): Command {
  return command.addOption(
    new Option('--to <format>', 'JWK, COSE_Key in hex, or the bare key in hex')
      .choices(formats)
      .default('jwk'),
  )
}

/** A key on a line: its public part, or all of it. */
export function writeKey(key: TokenKey, format: KeyFormat, isPrivate: boolean): string | Uint8Array {
  switch (format) {
    case 'jwk':
      return `${toJson(isPrivate ? key.toPrivateJwk() : key.toJwk())}\n`
    case 'cose':
      return encodeBytes(isPrivate ? key.toPrivateCbor() : key.toCbor(), 'hex')
    case 'bytes':
      return encodeBytes(isPrivate ? key.toPrivateBytes() : key.toPublicBytes(), 'hex')
  }
}
