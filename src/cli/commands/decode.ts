import type { Command } from 'commander'
import { DecodeError } from '../../cbor/decode-error.ts'
import { type Aif, aifToJson } from '../../message/aif.ts'
import type { Json } from '../../table/json.ts'
import { Exit } from '../exit.ts'
import { type Bytes, type InputOptions, notationRemark, readCbor } from '../input/source.ts'
import type { MessageKind, ReadMessage } from '../messages.ts'
import { identify, type ReadOptions, readAs, renderKind } from '../read-message.ts'
import { hintOf, recognize, withoutSelfDescription } from '../recognize.ts'
import { aifText, aifTitle, renderAif } from '../show/aif.ts'
import { diagnosticNotation } from '../show/diagnostic-notation.ts'
import { parseItem } from '../show/item.ts'
import { print, remark, type Style, styleFor } from '../show/output.ts'
import { hintFor, renderRefusal, tellRefusal } from '../show/refusal.ts'
import { columns } from '../show/table.ts'
import { printable, toJson } from '../show/text.ts'
import { tellAllUnknown } from '../show/unknown-members.ts'
import { withExamples } from './examples.ts'
import { withBytes, withMessage } from './options.ts'

interface Options extends InputOptions, ReadOptions {
  readonly json?: boolean
  readonly diag?: boolean
}

/** `ace-oauth decode`: a message for people, as its JSON twin, or in diagnostic notation. */
export function configureDecode(command: Command): void {
  command
    .description(
      'Show a message. Bytes are taken in any notation in which people and programs print them: hex with whatever is\n' +
        'between the bytes, hex dumps, base64, diagnostic notation, string literals, lists of numbers.\n' +
        'Without --message it is guessed by the keys that only one message has. A token that stands alone is taken for\n' +
        'introspection rather than revocation, an audience or scope alone for a token request rather than hints.',
    )
    .option('--json', 'print the JSON twin')
    .option('--diag', 'print diagnostic notation (RFC 8949 section 8)')
  withExamples(withMessage(withBytes(command)), [
    ['decode a1181e03', 'an error response from the command line'],
    ["decode '{30: 3}'", 'the same in diagnostic notation'],
    ['decode --json --message token-response @response.cbor', 'the JSON twin of a message in a file'],
    [
      'encode token-request \'{"scope":"read"}\' | ace-oauth decode -m token-request',
      'a message from a pipe',
    ],
  ]).action(decode)
}

async function decode(argument: string | undefined, options: Options): Promise<void> {
  const input = await readCbor(argument, options)
  const { bytes } = withoutSelfDescription(input.bytes)
  let kindLine = ''
  try {
    const item = parseItem(bytes)
    if (options.diag) return print(`${diagnosticNotation(bytes, item)}\n`)
    const recognized = recognize(bytes, item)
    if (!options.message && recognized.is === 'aif') return printAif(recognized.aif, options.json)
    const hint = options.message ? undefined : hintOf(recognized)
    if (hint) throw new Exit(1, hint)
    const identified = identify(bytes, options)
    kindLine = renderKind(identified, styleFor(process.stderr))
    const message = readAs(identified, bytes, options)
    const names = identified.kind.rows.map(({ name }) => name)
    if (options.json) {
      print(`${toJson(message.toJson())}\n`)
      remark(renderRest(message, names, styleFor(process.stderr)))
      return
    }
    const style = styleFor(process.stdout)
    const taken = notationRemark({ ...input, word: undefined })
    print(
      `${renderKind(identified, style)}${taken && style.dim(`${taken}\n`)}` +
        `${renderMembers(identified.kind, message)}${renderRest(message, names, style)}`,
    )
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    remark(options.json ? `${toJson(tellRefusal(error))}\n` : `${kindLine}${refusalOf(error, input, bytes)}`)
    process.exitCode = 1
  }
}

function printAif(aif: Aif, json = false): void {
  const style = styleFor(process.stdout)
  print(json ? `${toJson(aifToJson(aif))}\n` : `${style.bold(aifTitle)}\n\n${renderAif(aif)}`)
}

function refusalOf(error: DecodeError, input: Bytes, bytes: Uint8Array): string {
  const note = [hintFor(error, bytes), notationRemark(input)].filter(Boolean).join('; ')
  return renderRefusal(error, styleFor(process.stderr), bytes, note, input)
}

function renderMembers({ rows }: MessageKind, message: ReadMessage): string {
  const values = message as unknown as Readonly<Record<string, unknown>>
  const cells = Object.entries(message.toJson()).map(([name, value]) => {
    const key = rows.find((row) => row.name === name)?.key
    const aif = name === 'scope' ? aifText(values['scope']) : undefined
    return [key === undefined ? '' : `${key}`, name, aif ?? show(value)]
  })
  return cells.length > 0 ? `\n${columns(cells)}` : ''
}

function show(value: Json): string {
  return toJson(value, 2).replaceAll(/\n */g, ' ')
}

/** What was beside the known members: unknown ones, and what the sender should not have done. */
function renderRest(message: ReadMessage, names: readonly string[], style: Style): string {
  const unknown = tellAllUnknown(message, names).map(({ key, value }) => [printable(key), show(value)])
  const violations = message.violations.map(({ rule, path }) => [rule, `in ${path}`])
  return (
    (unknown.length > 0 ? `\n${style.yellow('not known here')}\n${columns(unknown)}` : '') +
    (violations.length > 0 ? `\n${style.yellow('the sender should not have')}\n${columns(violations)}` : '')
  )
}
