/** A value that a log can hold: JSON, with its secrets hidden. */
export type LogValue = string | number | boolean | null | readonly LogValue[] | LogObject

/** The members of a log, by their names. */
export interface LogObject {
  readonly [name: string]: LogValue | undefined
}

const hidden = '[redacted]'
const omitted = '[omitted]'

/** What of a value a log shows: levels, members of one value, values in all, and characters of one text. */
const maxDepth = 8
const maxMembers = 64
const maxValues = 500
const maxLength = 4_096

/** What is shorter is no secret, and would be found everywhere. */
const minSecretLength = 4
const minSecretBytes = 8

/** The names of members that hold secrets, in small letters and digits alone. */
const secretName =
  /(token|secret|pass(word|phrase|wd)?|pwd|assertion|authorization|cookie|credential|verifier|(api|private|session|signing|encryption|cose)key|jw[kst]|cwt|psk)s?$|^(k|d|p|q|dp|dq|qi|ms|key|pin|otp|(authorization|device|user)?code)s?$/

/** What gives a secret away in a text: the name before it, or its form. */
const secretTexts: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g, hidden],
  [/\b([Bb]earer|[Bb]asic|DPoP|PoP) +[\w.~+/=-]+/g, `$1 ${hidden}`],
  [
    /((?:token|secret|pass(?:word|phrase|wd)?|pwd|assertion|authorization|cookie|credentials?|(?:api|private)[ _-]?key|[?&]code|"(?:k|d|p|q|dp|dq|qi|ms|code))["')\]]*\s*[:=]\s*)(?:"[^"]*"|'[^']*'|\([^)]*\)|[^\s,;&)}\]]+)/gi,
    `$1${hidden}`,
  ],
  [/:\/\/[^\s/@]+@/g, `://${hidden}@`],
  [/\beyJ[\w-]+(?:\.[\w-]*)+/g, hidden],
]

/** The details and the cause of a failure, as a log may hold them. */
export interface Redacted {
  readonly details: LogObject
  readonly cause: LogValue | undefined
}

/**
 * Copies the details and the cause of a failure into what a log may hold.
 *
 * Hidden are bytes of any kind; what stands under the name of a secret, at every level; in texts, those same secrets
 * again and what looks like one; and in the messages of errors every long run of letters and digits, because nobody
 * knows what others write there. What cannot be read is left out; what is deep, wide or long is cut.
 */
export function redact(details: unknown, cause: unknown): Redacted {
  const copier = new Copier()
  // The first copy finds the secrets, the second one hides them in texts as well.
  copier.copy(details, '', false)
  copier.copy(cause, '', true)
  copier.restart()
  const copied = copier.copy(details, '', false)
  return {
    details: typeof copied === 'object' && !Array.isArray(copied) ? (copied as LogObject) : {},
    cause: copier.copy(cause, '', true),
  }
}

class Copier {
  readonly #found = new Set<string>()
  readonly #path = new Set<object>()
  #secrets: readonly string[] = []
  #values = 0

  restart(): void {
    this.#secrets = [...this.#found].sort((a, b) => b.length - a.length)
    this.#values = 0
  }

  /**
   * @param name the name that the value stands under
   * @param foreign whether others made the value, as they made the errors that they throw
   */
  copy(value: unknown, name: string, foreign: boolean): LogValue | undefined {
    if (value === undefined || value === null || typeof value === 'boolean') return value
    this.#values++
    const copied = this.#copy(value, name, foreign)
    if (!secretName.test(name.replace(/[^a-z\d]/gi, '').toLowerCase())) return copied
    if (typeof value === 'string' && value.length >= minSecretLength) this.#found.add(value)
    return hidden
  }

  #copy(value: unknown, name: string, foreign: boolean): LogValue | undefined {
    if (typeof value === 'string') return this.#text(value, foreign)
    if (typeof value === 'number' && Number.isFinite(value)) return value
    if (typeof value === 'number' || typeof value === 'bigint') return String(value)
    if (typeof value !== 'object' || value === null) return `[${typeof value}]`
    if (this.#path.has(value) || this.#path.size === maxDepth) return omitted
    this.#path.add(value)
    try {
      return this.#object(value, name, foreign)
    } catch {
      return omitted
    } finally {
      this.#path.delete(value)
    }
  }

  #object(value: object, name: string, foreign: boolean): LogValue | undefined {
    if (ArrayBuffer.isView(value)) return this.#bytes(value.buffer, value.byteOffset, value.byteLength)
    if (value instanceof ArrayBuffer) return this.#bytes(value, 0, value.byteLength)
    if (value instanceof Error) return this.#error(value)
    if ('toJSON' in value && typeof value.toJSON === 'function')
      return this.copy(value.toJSON(), name, foreign)
    if (value instanceof Map)
      return this.#members(
        Object.fromEntries([...value].map(([key, member]) => [String(key), member])),
        foreign,
      )
    if (!Array.isArray(value) && !(value instanceof Set)) return this.#members(value, foreign)
    return this.#few([...value]).map((element) => this.copy(element, name, foreign) ?? null)
  }

  #error(error: Error): LogObject {
    const own = error as Error & Readonly<Record<'code' | 'details' | 'errors', unknown>>
    const { name, message, stack, code, details, errors, cause, ...rest } = own
    const frames = String(stack).match(/^ +at .*/gm)
    return {
      name: this.copy(name, '', true),
      message: this.copy(message, '', true),
      ...(code !== undefined && { code: this.copy(code, '', true) }),
      ...this.#members({ ...rest, details, errors, cause }, true),
      stack: frames ? this.#text(frames.join('\n'), false) : this.copy(stack, '', true),
    }
  }

  #members(value: object, foreign: boolean): LogObject {
    const members = this.#few(Object.keys(value)).map((name) => [
      this.#text(name, foreign),
      this.#member(value, name, foreign),
    ])
    return Object.fromEntries(members.filter(([, member]) => member !== undefined))
  }

  /** As many of them as there is room for. */
  #few<T>(all: readonly T[]): readonly T[] {
    return all.slice(0, Math.max(0, Math.min(maxMembers, maxValues - this.#values)))
  }

  #member(value: object, name: string, foreign: boolean): LogValue | undefined {
    try {
      return this.copy(value[name as keyof object], name, foreign)
    } catch {
      return omitted
    }
  }

  #bytes(buffer: ArrayBufferLike, offset: number, length: number): LogValue {
    if (length >= minSecretBytes) {
      const bytes = [...new Uint8Array(buffer, offset, Math.min(length, maxLength))]
      const base64 = btoa(String.fromCharCode(...bytes)).replace(/=+$/, '')
      this.#found.add(base64).add(base64.replaceAll('+', '-').replaceAll('/', '_'))
      this.#found.add(bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(''))
    }
    return `[redacted, ${length} bytes]`
  }

  #text(text: string, foreign: boolean): string {
    let shown = text
    for (const secret of this.#secrets) shown = shown.replaceAll(secret, hidden)
    for (const [pattern, replacement] of secretTexts) shown = shown.replace(pattern, replacement)
    if (foreign) shown = shown.replace(/[\w+/-]{20,}={0,2}/g, (run) => (isRandom(run) ? hidden : run))
    return shown.length > maxLength ? `${shown.slice(0, maxLength)}…` : shown
  }
}

/** Whether a run of characters may be a key or a token: hexadecimal, or small letters, capitals and digits. */
function isRandom(run: string): boolean {
  return /^[\da-f]{32,}$/i.test(run) || (/[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run))
}
