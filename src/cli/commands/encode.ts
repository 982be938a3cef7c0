import { Argument, type Command, Option } from 'commander'
import { MessageError } from '../../cbor/decode-error.ts'
import { encodeMessage } from '../encode-message.ts'
import { type Encoding, encodeBytes, encodings } from '../encoding.ts'
import { wrongUsage } from '../exit.ts'
import { readJson } from '../input.ts'
import { type MessageName, messageKind, messageNames } from '../messages.ts'
import { print, remark, styleFor } from '../output.ts'
import { renderRefusal } from '../refusal.ts'
import { withAceErrorKey, withExamples } from './options.ts'

/** `ace-oauth encode`: the CBOR of a JSON twin. */
export function addEncode(program: Command): void {
  const command = program
    .command('encode')
    .summary('write a message')
    .description(
      'Write a message from its JSON twin in deterministic CBOR: OAuth names, byte strings in base64url, codes without\n' +
        'a name as integers, integers beyond 2^53-1 as decimal strings.',
    )
    .addArgument(new Argument('<message>', 'which message').choices(messageNames))
    .argument('[json]', 'the JSON, @file, or - for standard input (the default)')
    .option('--file <path>', 'read the JSON from a file')
    .addOption(new Option('--out <encoding>', 'how to write the bytes').choices(encodings).default('hex'))
  withExamples(withAceErrorKey(command), [
    ['encode error-response \'{"error":"invalid_grant"}\'', 'an error response in hex'],
    ['encode token-request --file request.json --out raw > request.cbor', 'bytes in a file'],
    ['encode error-response \'{"error":-99999}\' --out base64url', 'a private-use code'],
  ]).action(encode)
}

async function encode(
  message: MessageName,
  input: string | undefined,
  options: { readonly file?: string; readonly out: Encoding; readonly aceErrorKey?: number },
): Promise<void> {
  if (options.out === 'raw' && process.stdout.isTTY)
    wrongUsage('raw bytes are not for a terminal: redirect them')
  const json = await readJson(input, options)
  try {
    print(encodeBytes(encodeMessage(messageKind(message, options.aceErrorKey), json), options.out))
  } catch (error) {
    if (!(error instanceof MessageError)) throw error
    remark(renderRefusal(error, styleFor(process.stderr)))
    process.exitCode = 1
  }
}
