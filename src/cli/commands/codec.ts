import { once } from 'node:events'
import type { Command } from 'commander'
import { answerLine } from '../codec.ts'
import { maxInputBytes } from '../input/source.ts'
import { linesOf } from '../lines.ts'
import { messageNames } from '../message-names.ts'
import { toJson } from '../show/text.ts'
import { withExamples } from './examples.ts'

/** `ace-oauth codec`: for scripts and other languages, a JSON answer for each JSON request. */
export function configureCodec(command: Command): void {
  command.description(
    `Answer one JSON request a line with one JSON answer a line, in their order, until the input ends.

  {"id", "op": "decode", "message", "hex"}     {"id", "ok": true, "value", "violations"?, "unknown"?}
  {"id", "op": "encode", "message", "value"}   {"id", "ok": true, "hex"}
  {"id", "op": "cose-open", "hex", "keys", "externalAad"?}
                                               {"id", "ok": true, "structure", "alg", "payload"}
  {"id", "op": "cose-protect", "key", "alg"?, "payload", "externalAad"?, "iv"?}
                                               {"id", "ok": true, "hex"}
  {"id", "op": "describe"}                     {"id", "ok": true, "name", "version", "inputs"}
  a refusal                                    {"id", "ok": false, "reason", "offset"?, "message", "path"?}

In place of hex, decode takes json or form. Keys are JWKs. id is a string or a number. Requests may have strict, deterministic, aceErrorKey, codes, and the limits maxBytes,
maxDepth, maxMembers and maxStringBytes, in the request or in its options. A line may have ${maxInputBytes} bytes.
Messages: ${messageNames.join(', ')}; also aif,
cwt-claims, cose-key, and cbor for any item.`,
  )
  withExamples(command, [
    ['codec < requests.jsonl > answers.jsonl', 'a file of requests'],
    ['codec <<< \'{"id":"1","op":"decode","message":"error-response","hex":"a1181e03"}\'', 'one request'],
  ]).action(codec)
}

async function codec(): Promise<void> {
  for await (const lines of linesOf(process.stdin, maxInputBytes)) {
    let answers = ''
    for (const line of lines) answers += `${toJson(await answerLine(line))}\n`
    if (!process.stdout.write(answers)) await once(process.stdout, 'drain')
  }
}
