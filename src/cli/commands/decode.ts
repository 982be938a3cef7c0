import type { Command } from 'commander'
import { DecodeError } from '../../cbor/decode-error.ts'
import type { Json } from '../../table/json.ts'
import { type InputOptions, readBytes } from '../input.ts'
import type { MessageKind, ReadMessage } from '../messages.ts'
import { print, remark, type Style, styleFor } from '../output.ts'
import { identify, type ReadOptions, readAs, renderKind } from '../read-message.ts'
import { renderRefusal, tellRefusal } from '../refusal.ts'
import { columns } from '../table.ts'
import { printable, toJson } from '../text.ts'
import { tellUnknown } from '../unknown-members.ts'
import { withBytes, withExamples, withMessage } from './options.ts'

/** `ace-oauth decode`: a message for people, or as its JSON twin. */
export function addDecode(program: Command): void {
  const command = program
    .command('decode')
    .summary('show a message')
    .description(
      'Show a message: hex (spaces, colons and # comments may be in it), base64, base64url or raw bytes.\n' +
        'Without --message it is guessed by the keys that only one message has. A token that stands alone is taken for\n' +
        'introspection rather than revocation, an audience or scope alone for a token request rather than hints.',
    )
    .option('--json', 'print the JSON twin')
  withExamples(withMessage(withBytes(command)), [
    ['decode a1181e03', 'an error response from the command line'],
    ['decode --json --message token-response @response.cbor', 'the JSON twin of a message in a file'],
    [
      'encode token-request \'{"scope":"read"}\' | ace-oauth decode -m token-request',
      'a message from a pipe',
    ],
  ]).action(decode)
}

async function decode(
  input: string | undefined,
  options: InputOptions & ReadOptions & { readonly json?: boolean },
): Promise<void> {
  const bytes = await readBytes(input, options)
  try {
    const identified = identify(bytes, options)
    const message = readAs(identified, bytes, options)
    if (options.json) {
      print(`${toJson(message.toJson())}\n`)
      remark(renderRest(message, styleFor(process.stderr)))
      return
    }
    const style = styleFor(process.stdout)
    print(
      `${renderKind(identified, style)}${renderMembers(identified.kind, message)}${renderRest(message, style)}`,
    )
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    remark(
      options.json
        ? `${toJson(tellRefusal(error))}\n`
        : renderRefusal(error, styleFor(process.stderr), bytes),
    )
    process.exitCode = 1
  }
}

function renderMembers({ rows }: MessageKind, message: ReadMessage): string {
  const cells = Object.entries(message.toJson()).map(([name, value]) => {
    const key = rows.find((row) => row.name === name)?.key
    return [key === undefined ? '' : `${key}`, name, show(value)]
  })
  return cells.length > 0 ? `\n${columns(cells)}` : ''
}

function show(value: Json): string {
  return toJson(value, 2).replaceAll(/\n */g, ' ')
}

/** What was beside the known members: unknown ones, and what the sender should not have done. */
function renderRest(message: ReadMessage, style: Style): string {
  const unknown = tellUnknown(message.unknown).map(({ key, value }) => [printable(key), show(value)])
  const violations = message.violations.map(({ rule, path }) => [rule, `in ${path}`])
  return (
    (unknown.length > 0 ? `\n${style.yellow('not known here')}\n${columns(unknown)}` : '') +
    (violations.length > 0 ? `\n${style.yellow('the sender should not have')}\n${columns(violations)}` : '')
  )
}
