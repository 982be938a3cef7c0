import { hidden, type MaskedText, maxTextLength, readText, showText } from './hide-secrets.ts'
import { secrecyOf } from './secret-names.ts'

/** A value that a log can hold: JSON, with its secrets hidden. */
export type LogValue = string | number | boolean | null | readonly LogValue[] | LogObject

/** The members of a log, by their names. */
export interface LogObject {
  readonly [name: string]: LogValue | undefined
}

const omitted = '[omitted]'

/** What of a value a log shows: levels, members of one value, values in all, and characters of all texts. */
const maxDepth = 8
const maxMembers = 64
const maxValues = 500
const maxCharacters = 131_072

/** What is shorter is no secret, and would be found everywhere. */
const minSecretLength = 4
const minSecretBytes = 8
/** From so many numbers below 256 on, a list is bytes. */
const minByteList = 5
/** How many secrets are looked for in texts. */
const maxSecrets = 100

/** The members whose text names what stands in the members beside them: `{ name: 'password', value: 'x' }`. */
const naming = /^(?:name|key|header|field|param(?:eter)?|property|option|flag|path|instancePath)$/i
const named = /^(?:val(?:ue)?s?|v|content|contents|data|text|raw|input|received|actual|current|default)$/i

/** A value with its texts not yet shown: what is found to be a secret later is hidden in them too. */
type Draft = Text | LogValue | DraftObject | readonly Draft[]
interface DraftObject {
  readonly members: readonly (readonly [name: Text, value: Draft | undefined])[]
}
class Text {
  readonly content: MaskedText
  readonly isCut: boolean
  constructor(content: MaskedText, isCut: boolean) {
    this.content = content
    this.isCut = isCut
  }
}

/** The details, the cause and the stack of a failure, as a log may hold them. */
export interface Redacted {
  readonly details: LogObject
  readonly cause: LogValue | undefined
  readonly stack: string | undefined
}

/**
 * Copies the details and the cause of a failure into what a log may hold.
 *
 * Hidden are bytes in any form; what stands under the name of a secret, at every level; in texts, those same secrets
 * again and what looks like one; and every long run of letters and digits in what others wrote: in errors, and in what
 * stands under `peer` in the details. What cannot be read is left out; what is deep, wide or long is cut. Each value is
 * read once, and no more of it than is shown.
 */
export function redact(details: unknown, cause: unknown, stack: string | undefined): Redacted {
  const found = new Set<string>()
  const path = new Set<object>()
  let values = 0
  let characters = 0

  /**
   * @param name the name that the value stands under
   * @param isForeign whether others made the value, as they made the errors that they throw
   */
  function copy(value: unknown, name: string, isForeign: boolean): Draft | undefined {
    if (value === undefined || value === null || typeof value === 'boolean') return value
    values++
    if (!secrecyOf(name)) return drafted(value, isForeign)
    collect(value, 0)
    return hidden
  }

  function drafted(value: NonNullable<unknown>, isForeign: boolean): Draft | undefined {
    if (typeof value === 'string') return text(value, isForeign)
    if (typeof value === 'number') return Number.isFinite(value) ? value : `${value}`
    if (typeof value === 'bigint') return text(`${value}`, isForeign)
    if (typeof value === 'boolean') return value
    if (typeof value !== 'object') return `[${typeof value}]`
    if (path.has(value) || path.size === maxDepth) return omitted
    path.add(value)
    try {
      return object(value, isForeign)
    } catch {
      return omitted
    } finally {
      path.delete(value)
    }
  }

  function object(value: object, isForeign: boolean): Draft | undefined {
    const bytes = bytesOf(value)
    if (bytes) {
      collectBytes(bytes)
      return `[redacted, ${bytes.length} bytes]`
    }
    if (isError(value)) return error(value)
    const { toJSON } = value as { toJSON?: unknown }
    if (typeof toJSON === 'function') return copy(toJSON.call(value), '', isForeign)
    if (value instanceof String || value instanceof Number || value instanceof Boolean)
      return copy(value.valueOf(), '', isForeign)
    if (value instanceof Map) {
      const entries = first(value, left()).map(([name, each]): [string, unknown] => [nameOf(name), each])
      return members(entries, isForeign)
    }
    if (value instanceof Set) return elements(first(value, left()), isForeign)
    if (Array.isArray(value)) return elements(firstElements(value, left()), isForeign)
    return members(entriesOf(value, left()), isForeign)
  }

  /** A list. An element that is the name of a secret names the one after it: `['authorization', 'x']`, `--password x`. */
  function elements(list: readonly unknown[], isForeign: boolean): readonly Draft[] {
    return list.map((element, index) => {
      const before = index > 0 ? list[index - 1] : undefined
      const isNamed =
        typeof before === 'string' && isName(before) && !(typeof element === 'string' && isName(element))
      return copy(element, isNamed ? before : '', isForeign) ?? null
    })
  }

  function members(entries: readonly (readonly [string, unknown])[], isForeign: boolean): DraftObject {
    // The name of the secret that the members beside it hold.
    const label = entries.find(([name, value]) => naming.test(name) && isName(lastOf(value)))
    return {
      members: entries.map(([name, value]) => {
        const isNamed = label !== undefined && named.test(name)
        const secretName = isNamed ? String(lastOf(label[1])) : name
        return [text(name, isForeign), copy(value, secretName, isForeign || name === 'peer')]
      }),
    }
  }

  function error(value: object): Draft {
    const own = entriesOf(value, left()).map(([name]) => name)
    const order = new Set(['name', 'message', 'code', ...own, 'details', 'errors', 'cause'])
    order.delete('stack')
    const stack = readMember(value, 'stack')
    const frames = typeof stack === 'string' ? framesOf(stack) : undefined
    return {
      members: [
        ...Array.from(order, (name): [Text, Draft | undefined] => {
          // The code of an error opens nothing: ECONNRESET.
          const member = readMember(value, name)
          return [text(name, true), copy(member, name === 'code' ? '' : name, true)]
        }),
        [text('stack', false), frames === undefined ? copy(stack, '', true) : text(frames, false)],
      ],
    }
  }

  function text(whole: string, isForeign: boolean): Text {
    const room = maxCharacters - characters
    const part = room >= whole.length ? whole : whole.slice(0, Math.max(0, room))
    characters += Math.min(part.length, maxTextLength)
    return new Text(readText(part, isForeign, found), whole.length > maxTextLength || part !== whole)
  }

  /** As many members as there is room for. */
  function left(): number {
    return Math.max(0, Math.min(maxMembers, maxValues - values))
  }

  /** Takes all secrets in a value that stands under the name of one. */
  function collect(value: unknown, depth: number): void {
    if (found.size >= maxSecrets || depth > 3) return
    if (typeof value === 'string') collectText(value)
    else if (typeof value === 'number' || typeof value === 'bigint') {
      if (`${value}`.length >= 6) found.add(`${value}`)
    } else if (typeof value === 'object' && value !== null) {
      try {
        const bytes = bytesOf(value)
        if (bytes) collectBytes(bytes)
        else
          for (const [, each] of entriesOf(value, maxMembers)) {
            values++
            collect(each, depth + 1)
          }
      } catch {
        // What cannot be read is not shown either.
      }
    }
  }

  /** A secret, and the forms in which it comes back in texts. */
  function collectText(whole: string): void {
    if (whole.length < minSecretLength) return
    const secret = whole.slice(0, maxTextLength)
    found.add(secret)
    if (secret.length < minSecretBytes) return
    found.add(JSON.stringify(secret).slice(1, -1))
    collectBytes(new TextEncoder().encode(secret))
  }

  function collectBytes(all: Uint8Array): void {
    if (all.length < minSecretBytes || found.size >= maxSecrets) return
    const start = all.subarray(0, maxTextLength)
    const base64 = btoa(Array.from(start, (byte) => String.fromCharCode(byte)).join('')).replace(/=+$/, '')
    const hex = Array.from(start, (byte) => byte.toString(16).padStart(2, '0')).join('')
    for (const form of [base64, base64.replaceAll('+', '-').replaceAll('/', '_'), hex, hex.toUpperCase()])
      found.add(form.slice(0, maxTextLength))
    const written = new TextDecoder().decode(start)
    if (/^[ -~]+$/.test(written)) found.add(written)
  }

  const drafts = [copy(details, '', false), copy(cause, '', true), stack && text(stack, false)]
  // Longest first, so that no part of one stays where another is its beginning.
  const secrets = [...found].sort((a, b) => b.length - a.length)
  const [shownDetails, shownCause, shownStack] = drafts.map((draft) => shown(draft, secrets))
  return {
    details:
      typeof shownDetails === 'object' && shownDetails !== null && !Array.isArray(shownDetails)
        ? (shownDetails as LogObject)
        : {},
    cause: shownCause,
    stack: shownStack as string | undefined,
  }
}

function shown(draft: Draft | undefined, secrets: readonly string[]): LogValue | undefined {
  if (draft instanceof Text) return showText(draft.content, secrets, draft.isCut)
  if (typeof draft !== 'object' || draft === null) return draft
  if (Array.isArray(draft)) return draft.map((each) => shown(each as Draft, secrets) ?? null)
  return defined(
    (draft as DraftObject).members.map(([name, value]) => [
      showText(name.content, secrets, name.isCut),
      shown(value, secrets),
    ]),
  ) as LogObject
}

/** Bytes, whatever holds them: a view, a buffer, a list of numbers, or what JSON makes of a view. */
function bytesOf(value: object): Uint8Array | undefined {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  if (/^\[object (?:Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(value)))
    return new Uint8Array(value as ArrayBuffer)
  const isList = Array.isArray(value)
  if (!isList && !Object.hasOwn(value, '0')) return undefined
  const list = isList ? firstElements(value, maxTextLength) : indexed(value)
  if (list.length < minByteList || !list.every(isByte)) return undefined
  return Uint8Array.from(list as number[])
}

/** The values of an object whose first members are 0, 1, 2 and so on. */
function indexed(value: object): readonly unknown[] {
  const list: unknown[] = []
  while (list.length < maxTextLength && Object.hasOwn(value, `${list.length}`))
    list.push(readMember(value, `${list.length}`))
  return list
}

function isByte(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < 256
}

function isError(value: object): boolean {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]'
}

/** Whether a text is the name of a secret, and not a sentence about one. */
function isName(value: unknown): boolean {
  return typeof value === 'string' && /^-{0,2}[\w.$-]{1,64}$/.test(value) && secrecyOf(value) !== undefined
}

/** The last step of a path, given as a list or as a text. */
function lastOf(value: unknown): unknown {
  if (Array.isArray(value)) return value[value.length - 1]
  return typeof value === 'string' && value.length < 200 ? value.slice(value.lastIndexOf('/') + 1) : undefined
}

/** The first elements of what can be iterated, without walking through the rest. */
function first<T>(values: Iterable<T>, most: number): T[] {
  const taken: T[] = []
  if (most === 0) return taken
  for (const value of values) {
    taken.push(value)
    if (taken.length >= most) break
  }
  return taken
}

/** The first elements of an array. A hole, or a getter that throws, is undefined. */
function firstElements(list: readonly unknown[], most: number): unknown[] {
  return Array.from({ length: Math.min(list.length, most) }, (_, index) => readMember(list, `${index}`))
}

/** The first enumerable members of an object's own. */
function entriesOf(value: object, most: number): [string, unknown][] {
  const entries: [string, unknown][] = []
  if (most === 0) return entries
  // Object.keys would list all of them first, and ask a proxy about each.
  for (const name in value) {
    if (!Object.hasOwn(value, name)) continue
    entries.push([name, readMember(value, name)])
    if (entries.length >= most) break
  }
  return entries
}

function readMember(value: object, name: string): unknown {
  try {
    return (value as Readonly<Record<string, unknown>>)[name]
  } catch {
    return omitted
  }
}

function nameOf(key: unknown): string {
  return typeof key === 'object' && key !== null ? omitted : String(key)
}

function framesOf(stack: string): string | undefined {
  return stack
    .slice(0, 4 * maxTextLength)
    .match(/^ +at .*/gm)
    ?.join('\n')
}

/** An object of the members that have a value. */
export function defined<T>(members: readonly (readonly [name: string, value: T])[]): Record<string, T> {
  return Object.fromEntries(members.filter(([, value]) => value !== undefined))
}
