import {
  array,
  byteString,
  map,
  negativeInteger,
  simple,
  simpleFalse,
  simpleNull,
  simpleTrue,
  tag,
  textString,
  unsignedInteger,
} from '../../cbor/major.ts'
import { cborTags } from '../../registry/generated/cbor-tags.ts'
import { isPrivateUse, nameOf } from '../../registry/registry.ts'
import { hex } from '../../table/hex.ts'
import { type Item, isIndefinite, nestedItem } from './item.ts'
import { floatOf, integerOf, pairs, textOf } from './item-value.ts'
import type { Style } from './output.ts'
import { toJson } from './text.ts'
import type { Word } from './vocabulary.ts'

/** One line: bytes, and what they are. */
interface Line {
  readonly depth: number
  readonly hex: string
  readonly comment: string
}

const contentPerLine = 16

const majors: Readonly<Record<number, string>> = {
  [unsignedInteger]: 'unsigned',
  [negativeInteger]: 'negative',
  [byteString]: 'bytes',
  [textString]: 'text',
  [array]: 'array',
  [map]: 'map',
  [tag]: 'tag',
  [simple]: 'simple',
}

const simples: Readonly<Record<number, string>> = {
  [simpleFalse]: 'false',
  [simpleTrue]: 'true',
  [simpleNull]: 'null',
}

/**
 * An item head by head, each on a line with its bytes and what they are, as RFC 9200 prints its messages (Figure 3).
 *
 * The items that are known to be inside byte strings, such as protected headers, are told in the same way.
 *
 * @param bytes the outer bytes, which the places of the item refer to
 * @param word what the item is: what the keys of its map or the elements of its array stand for
 * @param hidesSecrets whether the bytes of secrets are shown as `**`
 */
export function annotate(
  bytes: Uint8Array,
  item: Item,
  style: Style,
  word?: Word,
  hidesSecrets = false,
): string {
  const lines: Line[] = []
  visit(item, 0, word)
  const width = Math.max(...lines.map((line) => 3 * line.depth + line.hex.length))
  return lines
    .map((line) => {
      const left = `${'   '.repeat(line.depth)}${line.hex}`
      return line.comment ? `${left.padEnd(width)}  ${style.dim(`# ${line.comment}`)}\n` : `${left}\n`
    })
    .join('')

  function add(depth: number, digits: string, comment: string): void {
    lines.push({ depth, hex: digits, comment })
  }

  /** An initial byte, and apart from it the argument that follows. */
  function headOf({ start, content }: Item): string {
    return `${hex(bytes.subarray(start, start + 1))} ${hex(bytes.subarray(start + 1, content))}`.trimEnd()
  }

  /** @param word what the item is the value of */
  function visit(at: Item, depth: number, word?: Word, role = ''): void {
    const { end, major } = at
    add(depth, headOf(at), `${describe(bytes, at)}${valueName(at, word)}${role}`)
    const isString = major === byteString || major === textString
    if (isString && !isIndefinite(at)) visitContent(at, depth + 1, word)
    else if (major === map) visitMembers(at, depth + 1, word)
    else for (const [i, child] of at.items.entries()) visitElement(child, depth + 1, word, i, major)
    if (isIndefinite(at)) add(depth, hex(bytes.subarray(end - 1, end)), 'break')
  }

  function visitElement(at: Item, depth: number, word: Word | undefined, i: number, major: number): void {
    if (major !== array) return visit(at, depth, word)
    const element = word?.elements?.[i]
    if (element) visit(at, depth, element, ` (=${element.name})`)
    else visit(at, depth, word?.each ?? (word?.elements ? undefined : word))
  }

  function visitContent(at: Item, depth: number, word: Word | undefined): void {
    const isHidden = hidesSecrets && word?.isSecret === true
    const nested = isHidden ? undefined : word?.content && nestedItem(bytes, at)
    const inner = nested && word?.content?.(bytes, nested)
    if (nested && inner) return visit(nested, depth, inner)
    const text = textOf(bytes, at)
    for (let from = at.content; from < at.end; from += contentPerLine) {
      const to = Math.min(from + contentPerLine, at.end)
      if (isHidden) add(depth, '**'.repeat(to - from), to === at.end ? 'secret' : '')
      else add(depth, hex(bytes.subarray(from, to)), text !== undefined && to === at.end ? toJson(text) : '')
    }
  }

  function visitMembers(at: Item, depth: number, word: Word | undefined): void {
    const known = word?.inside?.(at)
    for (const [key, value] of pairs(at)) {
      const integer = integerOf(key)
      const member = integer === undefined ? undefined : known?.get(integer)
      visit(key, depth, undefined)
      if (known && integer !== undefined) {
        const line = lines.pop()!
        lines.push({ ...line, comment: `${line.comment} (${keyName(integer, member)})` })
      }
      visit(value, depth, member)
    }
  }
}

function keyName(key: number | bigint, word: Word | undefined): string {
  if (word) return `=${word.name}`
  return isPrivateUse(key) ? 'private use' : 'not known here'
}

/** The registered name of a value, if the member has such names. */
function valueName(item: Item, word: Word | undefined): string {
  const integer = integerOf(item)
  if (integer !== undefined && word?.tell) return ` (=${word.tell(integer)})`
  if (integer === undefined || !word?.values) return ''
  const name = nameOf(word.values, integer)
  return ` (${name === undefined ? (isPrivateUse(integer) ? 'private use' : 'unassigned') : `=${name}`})`
}

function describe(bytes: Uint8Array, item: Item): string {
  const { major, argument, items } = item
  const name = majors[major]!
  const integer = integerOf(item)
  if (integer !== undefined) return `${name}(${integer})`
  if (isIndefinite(item)) return `${name}(*)`
  if (major === tag) {
    const known = nameOf(cborTags, argument)
    return `tag(${argument})${known ? ` (=${known})` : ''}`
  }
  if (major !== simple) return `${name}(${major === map ? items.length / 2 : argument})`
  const float = floatOf(bytes, item)
  if (float !== undefined) return `float(${Object.is(float, -0) ? '-0' : float})`
  return simples[Number(argument)] ?? `simple(${argument})`
}
