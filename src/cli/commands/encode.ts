import { Argument, type Command, Option } from 'commander'
import { MessageError } from '../../cbor/decode-error.ts'
import { encodeAif } from '../../message/aif.ts'
import { accessTokenTypes } from '../../registry/generated/access-token-types.ts'
import { aceProfiles } from '../../registry/generated/ace-profiles.ts'
import { errorCodes } from '../../registry/generated/error-codes.ts'
import { grantTypes } from '../../registry/generated/grant-types.ts'
import { hex } from '../../table/hex.ts'
import { violationSentences } from '../../table/violation-sentences.ts'
import { deliver } from '../deliver.ts'
import { messageOf } from '../encode-message.ts'
import { wrongUsage } from '../exit.ts'
import { type Encoding, encodeBytes, encodings } from '../input/encoding.ts'
import { readJson } from '../input/source.ts'
import { type MessageName, messageNames } from '../message-names.ts'
import { type MessageKind, messageKind } from '../messages.ts'
import { print, remark, styleFor } from '../show/output.ts'
import { renderRefusal, tellRefusal } from '../show/refusal.ts'
import { printable, toJson } from '../show/text.ts'
import { didYouMean } from '../suggestion.ts'
import { withExamples } from './examples.ts'
import { oneOf, withAceErrorKey } from './options.ts'

interface Options {
  readonly file?: string
  readonly out: Encoding
  readonly outFile?: string
  readonly json?: boolean
  readonly aceErrorKey?: number
}

/** What can be written: the messages, and what a scope may hold. */
const encodable = [...messageNames, 'aif'] as const

/** `ace-oauth encode`: the CBOR of a JSON twin. */
export function configureEncode(command: Command): void {
  command
    .description(
      'Write a message from its JSON twin in deterministic CBOR: OAuth names, byte strings in base64url, codes without\n' +
        'a name as integers, integers beyond 2^53-1 as decimal strings. A scope may be an array of paths with their\n' +
        'methods, which is written as AIF (RFC 9237).',
    )
    .addArgument(
      new Argument('<message>', 'which message, or aif for an authorization alone (RFC 9237)')
        .choices(encodable)
        .argParser(oneOf(encodable)),
    )
    .argument('[json]', 'the JSON, @file, or - for standard input (the default)')
    .option('--file <path>', 'read the JSON from a file')
    .addOption(new Option('--out <encoding>', 'how to write the bytes').choices(encodings).default('hex'))
    .option('--out-file <path>', 'write the bytes into a file')
    .option('--json', 'print {"hex"}, or a refusal, as JSON')
  withExamples(withAceErrorKey(command), [
    ['encode error-response \'{"error":"invalid_grant"}\'', 'an error response in hex'],
    ['encode token-request --file request.json --out raw > request.cbor', 'bytes in a file'],
    ['encode error-response \'{"error":-99999}\' --out base64url', 'a private-use code'],
    ['encode token-request \'{"scope":[["/s/temp","GET"]]}\'', 'an authorization in AIF as the scope'],
  ]).action(encode)
}

async function encode(
  message: MessageName | 'aif',
  input: string | undefined,
  options: Options,
): Promise<void> {
  const { out, outFile, json: asJson } = options
  if (out === 'raw' && process.stdout.isTTY && outFile === undefined && !asJson)
    wrongUsage('raw bytes are not for a terminal: redirect them, or give --out-file')
  const json = await readJson(input, options)
  const kind = message === 'aif' ? undefined : messageKind(message, options.aceErrorKey)
  try {
    const bytes = kind ? await messageBytes(kind, json) : await aifBytes(json)
    if (asJson) return print(`${toJson({ hex: hex(bytes) })}\n`)
    await deliver(encodeBytes(bytes, out), outFile)
  } catch (error) {
    if (!(error instanceof MessageError)) throw error
    const note = kind && misspelled(json, kind)
    remark(
      asJson
        ? `${toJson({ ...tellRefusal(error), ...(note && { note }) })}\n`
        : renderRefusal(error, styleFor(process.stderr), undefined, note),
    )
    process.exitCode = 1
  }
}

async function messageBytes(kind: MessageKind, json: unknown): Promise<Uint8Array> {
  const message = await messageOf(kind, json)
  const bytes = message.toCbor()
  for (const { rule, path } of message.violations)
    remark(`${printable(path)}: taken, but the JSON should have ${violationSentences[rule]}\n`)
  return bytes
}

async function aifBytes(json: unknown): Promise<Uint8Array> {
  const { readAif } = await import('../aif-scope.ts')
  return encodeAif(readAif(json))
}

/** What to say of members, and of the names of values, that are nearly those that there are. */
function misspelled(json: unknown, { rows }: MessageKind): string | undefined {
  const names = rows.map(({ name }) => name)
  const notes = Object.keys(Object(json)).flatMap((name) => {
    const meant = names.includes(name) ? '' : didYouMean(name, names)
    return meant ? [`there is no member ${printable(name)}${meant}`] : []
  })
  for (const [member, registry] of Object.entries(namedValues)) {
    const value = (Object(json) as Readonly<Record<string, unknown>>)[member]
    const meant =
      typeof value === 'string' && !(value in registry) && didYouMean(value, Object.keys(registry))
    if (meant) notes.push(`${member} has no value ${printable(toJson(value))} in CBOR${meant}`)
  }
  return notes.length > 0 ? notes.join(' ') : undefined
}

/** The members whose values have names that stand for integers. */
const namedValues = {
  error: errorCodes,
  grant_type: grantTypes,
  token_type: accessTokenTypes,
  ace_profile: aceProfiles,
} as const
