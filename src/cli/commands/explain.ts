import type { Command } from 'commander'
import { DecodeError } from '../../cbor/decode-error.ts'
import { map } from '../../cbor/major.ts'
import { aifToJson } from '../../message/aif.ts'
import { Exit } from '../exit.ts'
import { type InputOptions, notationRemark, readCbor } from '../input/source.ts'
import type { MessageKind, ReadMessage } from '../messages.ts'
import { identify, type ReadOptions, readAs, renderKind } from '../read-message.ts'
import { hintOf, recognize, withoutSelfDescription } from '../recognize.ts'
import { renderAdvice } from '../show/advice.ts'
import { aifText, aifTitle, renderAif } from '../show/aif.ts'
import { annotate } from '../show/annotate.ts'
import { diagnosticNotation } from '../show/diagnostic-notation.ts'
import { parseItem } from '../show/item.ts'
import { meaningOf } from '../show/meanings.ts'
import { print, remark, type Style, styleFor } from '../show/output.ts'
import { hintFor, renderRefusal, tellRefusal } from '../show/refusal.ts'
import { toJson, wrap } from '../show/text.ts'
import { aifWord, claimsWord, coseKeyWord, coseWord, vocabularyOf, type Word } from '../show/vocabulary.ts'
import { withExamples } from './examples.ts'
import { withBytes, withMessage } from './options.ts'

interface Options extends InputOptions, ReadOptions {
  readonly json?: boolean
}

/** `ace-oauth explain`: a message byte by byte, its members, and what to do about it. */
export function configureExplain(command: Command): void {
  command
    .description(
      'Explain a message byte by byte: what each member means, where it is specified, and what a client should do.\n' +
        'CBOR that is no valid message is shown as well, beside the refusal, unless a map in it has a key twice, ' +
        'a text in it is not UTF-8, or it is beyond the limits.',
    )
    .option('--json', 'print the members with their meanings, and what the message is, as JSON')
  withExamples(withMessage(withBytes(command)), [
    ['explain a1181e03', 'what has gone wrong, and what to do about it'],
    ['explain --message creation-hints @hints.cbor', 'a message from a file'],
  ]).action(explain)
}

async function explain(argument: string | undefined, options: Options): Promise<void> {
  const input = await readCbor(argument, options)
  const { bytes } = withoutSelfDescription(input.bytes)
  const style = styleFor(process.stdout)
  try {
    const item = parseItem(bytes)
    const recognized = recognize(bytes, item)
    const hint = options.message ? undefined : hintOf(recognized)
    if (hint) {
      if (!options.json) print(annotate(bytes, item, style, wordFor(recognized)))
      throw new Exit(1, hint)
    }
    if (!options.message && recognized.is === 'aif') {
      const { aif } = recognized
      if (options.json)
        print(
          `${toJson({ title: aifTitle, diagnostic: diagnosticNotation(bytes, item), aif: aifToJson(aif) })}\n`,
        )
      else
        print(
          `${style.bold(aifTitle)}\n\n${annotate(bytes, item, style, wordFor(recognized))}\n${renderAif(aif)}`,
        )
      return
    }
    // Every message is a map: of anything else there is nothing to guess.
    if (item.major !== map && !options.message && !options.json) print(annotate(bytes, item, style))
    const identified = identify(bytes, options)
    const { kind } = identified
    if (!options.json)
      print(
        `${renderKind(identified, style)}\n${annotate(bytes, item, style, { name: '', inside: vocabularyOf(kind) })}`,
      )
    const message = readAs(identified, bytes, options)
    if (options.json) {
      const members = membersOf(kind, message)
      const { violations } = message
      print(
        `${toJson({ message: kind.name, title: kind.title, section: kind.section, diagnostic: diagnosticNotation(bytes, item), members, violations })}\n`,
      )
      return
    }
    print(`\n${renderMembers(kind, message, style)}${renderViolations(message, style)}`)
    print(renderAdvice(kind.name, message.toJson(), style))
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    const note = [hintFor(error, bytes), notationRemark(input)].filter(Boolean).join('; ')
    remark(
      options.json
        ? `${toJson(tellRefusal(error))}\n`
        : renderRefusal(error, styleFor(process.stderr), bytes, note, input),
    )
    process.exitCode = 1
  }
}

function wordFor(recognized: ReturnType<typeof recognize>): Word | undefined {
  switch (recognized.is) {
    case 'cose':
      return coseWord(recognized.name)
    case 'claims':
      return claimsWord
    case 'key':
      return coseKeyWord
    case 'key set':
      return { name: '', each: coseKeyWord }
    case 'aif':
      return aifWord
    default:
      return undefined
  }
}

function membersOf(kind: MessageKind, message: ReadMessage): Record<string, unknown>[] {
  return Object.entries(message.toJson()).map(([name, value]) => {
    const row = kind.rows.find((candidate) => candidate.name === name)
    return { key: row?.key, name, value, meaning: meaningOf(kind.name, name), section: row?.section }
  })
}

function renderMembers(kind: MessageKind, message: ReadMessage, style: Style): string {
  const known = Object.entries(message.toJson())
  const members = known.flatMap(([name, value]) => {
    const row = kind.rows.find((candidate) => candidate.name === name)
    const meaning = meaningOf(kind.name, name)
    if (!row || meaning === undefined) return []
    const aif = name === 'scope' ? aifText((message as { readonly scope?: unknown }).scope) : undefined
    return `${style.cyan(name)} = ${aif ?? toJson(value)}  ${style.dim(row.section)}\n${wrap(meaning, '  ')}\n`
  })
  return members.join('')
}

function renderViolations({ violations }: ReadMessage, style: Style): string {
  const lines = violations.map(
    ({ rule, path }) => `${style.yellow(path)}: the sender should not have: ${rule}\n\n`,
  )
  return lines.join('')
}
