import { Argument, type Command, Option } from 'commander'
import { MessageError } from '../../cbor/decode-error.ts'
import { hex } from '../../table/hex.ts'
import { deliver } from '../deliver.ts'
import { encodeMessage } from '../encode-message.ts'
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

/** `ace-oauth encode`: the CBOR of a JSON twin. */
export function configureEncode(command: Command): void {
  command
    .description(
      'Write a message from its JSON twin in deterministic CBOR: OAuth names, byte strings in base64url, codes without\n' +
        'a name as integers, integers beyond 2^53-1 as decimal strings.',
    )
    .addArgument(
      new Argument('<message>', 'which message').choices(messageNames).argParser(oneOf(messageNames)),
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
  ]).action(encode)
}

async function encode(message: MessageName, input: string | undefined, options: Options): Promise<void> {
  const { out, outFile, json: asJson } = options
  if (out === 'raw' && process.stdout.isTTY && outFile === undefined && !asJson)
    wrongUsage('raw bytes are not for a terminal: redirect them, or give --out-file')
  const json = await readJson(input, options)
  const kind = messageKind(message, options.aceErrorKey)
  try {
    const bytes = encodeMessage(kind, json)
    if (asJson) return print(`${toJson({ hex: hex(bytes) })}\n`)
    await deliver(encodeBytes(bytes, out), outFile)
  } catch (error) {
    if (!(error instanceof MessageError)) throw error
    const note = misspelled(json, kind)
    remark(
      asJson
        ? `${toJson(tellRefusal(error))}\n`
        : renderRefusal(error, styleFor(process.stderr), undefined, note),
    )
    process.exitCode = 1
  }
}

/** What to say of the members that the message does not know, where one that it knows has nearly the same name. */
function misspelled(json: unknown, { rows }: MessageKind): string | undefined {
  const names = rows.map(({ name }) => name)
  const notes = Object.keys(Object(json)).flatMap((name) => {
    const meant = names.includes(name) ? '' : didYouMean(name, names)
    return meant ? [`there is no member ${printable(name)}${meant}`] : []
  })
  return notes.length > 0 ? notes.join(' ') : undefined
}
