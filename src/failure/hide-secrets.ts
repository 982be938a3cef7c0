import { isSecretHeader, secrecyOf } from './secret-names.ts'

/** What a log says in the place of a secret. */
export const hidden = '[redacted]'

/** How much of one text is shown, in characters. Twice as much is read, so that no secret is cut where the text is. */
export const maxTextLength = 4_096

/** Stands for each character of a secret, so that places stay the same until the text is cut. */
const mask = '\uffff'
const maskRun = /\uffff+/g
const masked = (text: string): string => mask.repeat(text.length)

/** Secrets that are known by their form. The first group, if any, stays. */
const forms: readonly RegExp[] = [
  // keys in PEM; the end may be missing
  /()-{4,5} ?BEGIN [^-]{1,60}-{4,5}[\s\S]*?(?:-{4,5} ?END [^-]{1,60}-{4,5}|$)/g,
  // JWTs
  /()\beyJ[\w-]+(?:\.[\w-]*)*/g,
  // the user information of URLs
  /(:\/\/)[^\s/]+(?=@)/g,
  // credentials after the name of their scheme
  /(\b(?:bearer|basic|dpop|pop|negotiate|ntlm) +)(?!(?:auth\w*|tokens?|realm|error|scheme|proofs?|keys?|cred\w*|challenge|header|is|was|not|nonce)\b|\w+=\w)[\w.~+/-][\w.~+/=-]*/gi,
  // user:password, as curl and others take it
  /((?:^|\s)(?:-[uU]|--(?:proxy-)?user)[ =]*\\*["']?[^\s:"']*:)[^\s"']+/g,
  /((?:^|\s)-p(?:[ =]|(?=[A-Za-z]*\d)))(?![\d:.]+(?:\s|$)|[^\s]*\/)\\*["']?[^\s"'-][^\s"']*/g,
  /(\bidentified by +\\*["'])[^"']+/gi,
  // bytes as Node, Python, CBOR and C print them
  /()<(?:Slow)?Buffer[^>]*>?/g,
  /(\b(?:Buffer|DataView|ArrayBuffer|(?:Big)?(?:Ui|I)nt\d+(?:Clamped)?Array)(?:\(\d+\))? ?[[({])[^\])}]*/g,
  /()\[\s*\d{1,3}(?:\s*,\s*\d{1,3}){4,}\s*,?/g,
  /()\{\s*(?:\\*"\d+\\*"|\d+)\s*:\s*\d{1,3}(?:\s*,\s*(?:\\*"\d+\\*"|\d+)\s*:\s*\d{1,3}){4,}/g,
  /()(?<![\da-z])[\da-f]{2}(?:([: -])[\da-f]{2})(?:\2[\da-f]{2}){5,}(?![\da-z])/gi,
  /()(?:\\+x[\da-f]{2}[^\\\s]?){4,}/gi,
  /()(?:\b0x[\da-f]{1,2}[,\s]+){4,}0x[\da-f]{1,2}|0x[\da-f]{16,}/gi,
  /(\b(?:h|b64|b32)')[^']*/g,
  /((?<![\w"'])b')(?:[^'\\]|\\.)*/g,
  /((?<![\w"'])b")(?:[^"\\]|\\.)*/g,
]

/** A run that may be a key or a token: hexadecimal, or small letters, capitals and digits. Nobody knows what others write. */
const foreignRun = /[\w+/-]{20,}={0,2}/g
const random = /^([\da-fA-F]{32,}$|(?=.*[a-z])(?=.*[A-Z]).*\d)/

/** One short word, which is no secret by its form, nor the name of one with the secret behind it. */
const shortWord = /^[A-Za-z](?:-?\w){0,16}$/

const word = /[A-Za-z][\w.$-]*/g
/** What may stand between the name of a secret and the secret. */
const assignment = /(?:\\*["'`\])])*\s*(?::=|=>|->|={1,3}|:(?!:|\/\/))\s*/y
const pair = /\\*["'`]\s*,\s*(?=\\*["'`])/y
const namedValue = /\\*["'`]\s*[,;]?\s*\\*["'`]?(?:value|val|content|data|default)\\*["'`]?\s*[:=]\s*/y
const formPart = /\\*["'](?:\r?\n[\w-]+:[^\r\n]*)*(?:\r?\n\r?\n|\\r\\n\\r\\n)/y
const tag = /(?:\\*["'])?(?:\s[^<>]{0,200})?>(?:<!\[CDATA\[)?/y
const space = /\s+/y
const is = /\s+(?:is|was)\s*:?\s+/y
const beforeQuote = /\s+(?=\\*["'`])/y
const beforeMixed =
  /(?:\s+|\s?[([])(?=\w)(?=[^\s\d]{0,40}\d)(?=[^\sA-Za-z]{0,40}[A-Za-z])(?=\S{6})(?![^\s/]{0,80}\/)/y
const scheme = /(?:bearer|basic|dpop|pop|negotiate|ntlm|digest|token|apikey|oscore)\s+(?=\S)/iy

/** What is said about a secret, and is none: `password is wrong`. */
const saidOf =
  /^(?:a|an|already|allowed|bad|being|cannot|correct|does|disabled|empty|expected|expired|for|found|from|hidden|in|incorrect|invalid|issued|locked|longer|malformed|missing|must|needed|neither|never|no|not|null|of|ok|only|optional|out|present|rejected|required|revoked|set|should|stale|still|the|too|undefined|unknown|unset|used|valid|weak|without|wrong)\b/i
const mixed = /^(?=\D*\d)(?=[^A-Za-z]*[A-Za-z])\w{7,}$/
const nothing = /^(?:null|undefined|none|nil|true|false|n\/a)$/i
/** A code that is no secret: a status, an error of Node, a name of an error. */
const publicCode = /^(?:-?\d{1,5}|E[A-Z\d]{3,}|[A-Z]+(?:_[A-Z\d]+)+|[a-z]+(?:_[a-z]+)+)$/
/** What is worth looking for elsewhere: not a word. */
const findable = /\d|[^\w\s]|[a-z][A-Z]/

const run = /[^\s,;&<>)}\]\uffff]+/y
const line = /[^\r\n\\]*(?:\\(?![rn])[^\r\n\\]*|\r?\n[ \t]+[^\r\n\\]*)*/y
const tillTag = /[^<\uffff]+/y
const tillBoundary = /(?:(?!\r?\n--|\\r\\n--)[^\uffff])+/y

/**
 * A text with the secrets in it masked, each character by one, so that places do not move.
 *
 * @param text at most twice {@link maxTextLength}: the work is linear in it
 * @param isForeign whether others wrote it; then every long run of letters and digits is a secret
 * @param found takes the secrets that stood under a name, to be looked for elsewhere
 */
function maskSecrets(text: string, isForeign: boolean, found?: Set<string>): string {
  if (text.length < 18 && shortWord.test(text) && !text.includes('eyJ')) return text
  let shown = text
  for (const form of forms)
    shown = shown.replace(form, (whole: string, before: string | undefined) => {
      const kept = before ?? ''
      return kept + masked(whole.slice(kept.length))
    })
  shown = maskNamed(shown, found)
  if (isForeign) shown = shown.replace(foreignRun, (each) => (random.test(each) ? masked(each) : each))
  return shown
}

/** Masks what stands under the name of a secret. */
function maskNamed(text: string, found: Set<string> | undefined): string {
  let shown = ''
  let end = 0
  word.lastIndex = 0
  for (let match = word.exec(text); match; match = word.exec(text)) {
    const [name] = match
    const value = secretAfter(text, name, match.index)
    if (!value) continue
    const secret = text.slice(value.start, value.end)
    if (secret.length >= 6 && findable.test(secret) && !secret.includes(mask)) found?.add(secret)
    shown += text.slice(end, value.start) + masked(secret)
    end = value.end
    word.lastIndex = end
  }
  return shown + text.slice(end)
}

interface Place {
  readonly start: number
  readonly end: number
}

/** Where the secret stands that belongs to a name, if the name is that of a secret and one follows. */
function secretAfter(text: string, name: string, index: number): Place | undefined {
  const after = index + name.length
  const before = text[index - 1] ?? ''
  const isQuoted = /["'`]/.test(before) && /["'`\\]/.test(text[after] ?? '')
  const at = (pattern: RegExp, place = after): number => {
    pattern.lastIndex = place
    return pattern.test(text) ? pattern.lastIndex : -1
  }
  let start = at(assignment)
  const isAssigned = start >= 0
  const secrecy = secrecyOf(name)
  if (!secrecy) return undefined
  if (isAssigned) {
    const isShort = secrecy === 'as_name' && !isQuoted
    // In an escaped text the line begins after \\n.
    const header = before === '\\' ? name.slice(1) : name
    if (isSecretHeader(header) && !/["'`]/.test(text[start] ?? '')) return { start, end: at(line, start) }
    const place = valueAt(text, start, at)
    const value = place && text.slice(place.start, place.end)
    if (!value || nothing.test(value)) return undefined
    // <add key="password" value="...">: the value is the name.
    if (secrecy === 'as_name' && secrecyOf(value)) return undefined
    if (/codes?$/i.test(name) && secrecy === 'as_name' && publicCode.test(value)) return undefined
    if (isShort && /^\d{1,6}$/.test(value)) return undefined
    // In prose, only what looks like nothing else: letters and digits.
    if (isShort && !text.slice(after, start).includes('=') && !mixed.test(value)) return undefined
    if (!isQuoted && /:\s+$/.test(text.slice(after, start)) && saidOf.test(value)) return undefined
    return place
  }
  if (isQuoted) {
    start = at(namedValue)
    if (start >= 0) return valueAt(text, start, at)
    start = at(pair)
    if (start >= 0) {
      const place = valueAt(text, start, at)
      // a list of names
      return place && secrecyOf(text.slice(place.start, place.end)) ? undefined : place
    }
    start = at(formPart)
    if (start >= 0) return { start, end: at(tillBoundary, start) }
  }
  if (before === '<' || isQuoted) {
    start = at(tag)
    const end = start >= 0 ? at(tillTag, start) : -1
    if (end >= 0) return { start, end }
  }
  if (before === '-' && (secrecy === 'always' || text[index - 2] === '-')) {
    start = at(space)
    if (start >= 0 && text[start] !== '-') return valueAt(text, start, at)
  }
  if (secrecy === 'as_name') return undefined
  start = at(is)
  if (start >= 0) {
    const place = valueAt(text, start, at)
    return place && saidOf.test(text.slice(place.start, place.end)) ? undefined : place
  }
  start = at(beforeQuote)
  if (start >= 0 && !/unexpected $/i.test(text.slice(Math.max(0, index - 11), index))) {
    const place = valueAt(text, start, at)
    if (place && place.end - place.start >= 4) return place
  }
  start = at(beforeMixed)
  return start >= 0 ? valueAt(text, start, at) : undefined
}

/** The value that begins at a place: between quotes, between brackets, or up to the next space or separator. */
function valueAt(
  text: string,
  place: number,
  at: (pattern: RegExp, place: number) => number,
): Place | undefined {
  let backslashes = 0
  while (text[place + backslashes] === '\\') backslashes++
  const first = text[place + backslashes] ?? ''
  if (/["'`]/.test(first)) {
    const start = place + backslashes + 1
    return { start, end: closingQuote(text, start, first, backslashes) }
  }
  const closing = { '[': ']', '{': '}', '(': ')' }[text[place] ?? '']
  if (closing) return { start: place, end: closingBracket(text, place, text[place]!, closing) }
  const start = Math.max(place, at(scheme, place))
  const end = at(run, start)
  return end > start ? { start: place, end } : undefined
}

/** Where a quotation ends: at a quote that is escaped no more than the opening one. It may be missing. */
function closingQuote(text: string, start: number, quote: string, backslashes: number): number {
  for (let end = text.indexOf(quote, start); end >= 0; end = text.indexOf(quote, end + 1)) {
    let escapes = 0
    while (end - escapes > start && text[end - escapes - 1] === '\\') escapes++
    const isClosing = backslashes === 0 ? escapes % 2 === 0 : escapes <= backslashes
    if (isClosing) return end - Math.min(escapes, backslashes)
  }
  return text.length
}

function closingBracket(text: string, start: number, opening: string, closing: string): number {
  let depth = 0
  for (let end = start; end < text.length; end++) {
    if (text[end] === opening) depth++
    else if (text[end] === closing && --depth === 0) return end + 1
  }
  return text.length
}

/** What percent-encoding, HTML and the escapes of JSON stand for. */
const entities: Readonly<Record<string, string>> = { quot: '"', apos: "'", lt: '<', gt: '>', amp: '&' }
const encoded =
  /((?:%[\da-f]{2})+)|&(?:(quot|apos|lt|gt|amp)|#x([\da-f]{1,4})|#(\d{1,5}));|\\+u([\da-f]{4})/gi

function decode(text: string): string {
  return text.replace(encoded, (whole: string, percents, entity, hex, decimal, unicode) => {
    if (percents) return percentDecoded(percents as string)
    if (entity) return entities[(entity as string).toLowerCase()]!
    return (
      String.fromCharCode(decimal ? Number(decimal) : Number.parseInt((hex ?? unicode) as string, 16)) ||
      whole
    )
  })
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** How many encodings within each other are looked into. */
const maxEncodings = 3

/** A text as far as it is read, and the same with its secrets masked. */
export interface MaskedText {
  readonly text: string
  readonly masked: string
  /** How much of it is shown, in characters. */
  readonly length: number
}

/**
 * Masks the secrets in a text, also where it is encoded: percent-encoding, HTML, escapes of JSON. Where there are
 * secrets in what the text stands for, that is what is shown.
 */
export function readText(whole: string, isForeign: boolean, found?: Set<string>): MaskedText {
  let text = whole.slice(0, 2 * maxTextLength)
  let start = whole.slice(0, maxTextLength)
  let best: MaskedText = { text, masked: maskSecrets(text, isForeign, found), length: start.length }
  for (let depth = 0; depth < maxEncodings; depth++) {
    const decoded = decode(text)
    if (decoded === text) break
    text = decoded
    start = decode(start)
    const shown = maskSecrets(text, isForeign, found)
    if (shown !== text && shown !== decode(best.masked)) best = { text, masked: shown, length: start.length }
  }
  return best
}

/** A text as a log shows it, with those secrets hidden as well that were found elsewhere. */
export function showText(
  { text, masked: shown, length }: MaskedText,
  secrets: readonly string[],
  isCut: boolean,
): string {
  let all = text
  for (const secret of secrets) all = all.replaceAll(secret, masked)
  // Both have masks in the same places that the text has characters.
  let merged = shown
  for (const { index, 0: mask } of all.matchAll(maskRun))
    merged = merged.slice(0, index) + mask + merged.slice(index + mask.length)
  const end = isCut || merged.length > length ? '…' : ''
  return merged.slice(0, length).replace(maskRun, hidden) + end
}

/** A text with its secrets hidden. */
export function hideSecrets(text: string): string {
  return showText(readText(text, false), [], text.length > maxTextLength)
}
