import type { Command } from 'commander'
import { DecodeError } from '../../cbor/decode-error.ts'
import { map } from '../../cbor/major.ts'
import { renderAdvice } from '../advice.ts'
import { annotate } from '../annotate.ts'
import { type InputOptions, readBytes } from '../input.ts'
import { parseItem } from '../item.ts'
import { meaningOf } from '../meanings.ts'
import type { MessageKind, ReadMessage } from '../messages.ts'
import { print, remark, type Style, styleFor } from '../output.ts'
import { identify, type ReadOptions, readAs, renderKind } from '../read-message.ts'
import { renderRefusal } from '../refusal.ts'
import { toJson, wrap } from '../text.ts'
import { vocabularyOf } from '../vocabulary.ts'
import { withBytes, withExamples, withMessage } from './options.ts'

/** `ace-oauth explain`: a message byte by byte, its members, and what to do about it. */
export function addExplain(program: Command): void {
  const command = program
    .command('explain')
    .summary('explain a message byte by byte')
    .description(
      'Explain a message byte by byte: what each member means, where it is specified, and what a client should do.\n' +
        'CBOR that is no valid message is shown as well, beside the refusal, unless a map in it has a key twice, ' +
        'a text in it is not UTF-8, or it is beyond the limits.',
    )
  withExamples(withMessage(withBytes(command)), [
    ['explain a1181e03', 'what has gone wrong, and what to do about it'],
    ['explain --message creation-hints @hints.cbor', 'a message from a file'],
  ]).action(explain)
}

async function explain(input: string | undefined, options: InputOptions & ReadOptions): Promise<void> {
  const bytes = await readBytes(input, options)
  const style = styleFor(process.stdout)
  try {
    const item = parseItem(bytes)
    // Every message is a map: of anything else there is nothing to guess.
    if (item.major !== map && !options.message) print(annotate(bytes, item, style))
    const identified = identify(bytes, options)
    const { kind } = identified
    print(`${renderKind(identified, style)}\n${annotate(bytes, item, style, vocabularyOf(kind))}`)
    const message = readAs(identified, bytes, options)
    print(`\n${renderMembers(kind, message, style)}${renderViolations(message, style)}`)
    print(renderAdvice(kind.name, message.toJson(), style))
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    remark(renderRefusal(error, styleFor(process.stderr), bytes))
    process.exitCode = 1
  }
}

function renderMembers(kind: MessageKind, message: ReadMessage, style: Style): string {
  const known = Object.entries(message.toJson())
  const members = known.flatMap(([name, value]) => {
    const row = kind.rows.find((candidate) => candidate.name === name)
    const meaning = meaningOf(kind.name, name)
    if (!row || meaning === undefined) return []
    return `${style.cyan(name)} = ${toJson(value)}  ${style.dim(row.section)}\n${wrap(meaning, '  ')}\n`
  })
  return members.join('')
}

function renderViolations({ violations }: ReadMessage, style: Style): string {
  const lines = violations.map(
    ({ rule, path }) => `${style.yellow(path)}: the sender should not have: ${rule}\n\n`,
  )
  return lines.join('')
}
