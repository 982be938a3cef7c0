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

/** The names of members that hold secrets, in letters and digits alone. */
const secretName =
  /(token|secret|pass(?:word|phrase|wd)?|pwd|assertion|authorization|cookie|credential|verifier|(api|private|session|signing|encryption|cose)key|jw[kst]|cwt|psk)s?$|^((?:k|d|p|q|dp|dq|qi|ms|key|pin|otp|(authorization|device|user)?code)s?)$/i

/**
 * What gives a secret away in a text: its form, or what stands before it, the first group. What closes one may be
 * missing: the text may have been cut before it, and a pattern that looks for it again and again would be slow.
 */
const secretTexts: readonly RegExp[] = [
  /()-----BEGIN[^-]+-----[^-]+(?:-----END[^-]+-----)?/g,
  /\b((?:[Bb]earer|[Bb]asic|DPoP|PoP) +)[\w.~+/=-]+/g,
  /((?:token|secret|pass(?:word|phrase|wd)?|pwd|assertion|authorization|cookie|credentials?|(?:api|private)[ _-]?key|[?&]code|"(?:k|d|p|q|dp|dq|qi|ms|code))["')\]]*\s*[:=]\s*)(?:"[^"]*"?|'[^']*'?|\([^)]*\)?|[^\s,;&)}\]]+)/gi,
  /(:\/\/)[^\s/@]+(?=@)/g,
  /()\beyJ[\w-]+(?:\.[\w-]*)*/g,
]

/** A run of characters that may be a key or a token: hexadecimal, or small letters, capitals and digits. */
const random = /^([\da-fA-F]{32,}$|(?=.*[a-z])(?=.*[A-Z]).*\d)/

/** What may be the beginning of such a run, or of the secret in a URL, where a text is cut. */
const cutRun = /(?<![\w+/-])(?:\/\/[^\s/@]+|[\w+/-]+)$/

/** Stands in the place of each character of a secret until the text is cut. */
const mask = '\uffff'

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
  const found = new Set<string>()
  const path = new Set<object>()
  let secrets: readonly string[] = []
  let values = 0

  /**
   * @param name the name that the value stands under
   * @param foreign whether others made the value, as they made the errors that they throw
   */
  function copy(value: unknown, name = '', foreign = true): LogValue | undefined {
    if (value === undefined || value === null || typeof value === 'boolean') return value
    values++
    const copied = shown(value, name, foreign)
    if (!secretName.test(name.replace(/[\W_]/g, ''))) return copied
    if (typeof value === 'string' && value.length >= minSecretLength) found.add(value.slice(0, maxLength))
    return hidden
  }

  function shown(value: NonNullable<unknown>, name: string, foreign: boolean): LogValue | undefined {
    if (typeof value === 'string') return text(value, foreign)
    if (Number.isFinite(value)) return value as number
    if (typeof value === 'number' || typeof value === 'bigint') return `${value}`
    if (typeof value !== 'object') return `[${typeof value}]`
    if (path.has(value) || path.size === maxDepth) return omitted
    path.add(value)
    try {
      return object(value, name, foreign)
    } catch {
      return omitted
    } finally {
      path.delete(value)
    }
  }

  function object(value: object, name: string, foreign: boolean): LogValue | undefined {
    if (ArrayBuffer.isView(value))
      return bytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
    if (value instanceof ArrayBuffer) return bytes(new Uint8Array(value))
    if (value instanceof Error) return error(value)
    if ('toJSON' in value && typeof value.toJSON === 'function') return copy(value.toJSON(), name, foreign)
    if (value instanceof Map) return members(Object.fromEntries(value), foreign)
    if (!Array.isArray(value) && !(value instanceof Set)) return members(value, foreign)
    return few([...value]).map((element) => copy(element, name, foreign) ?? null)
  }

  function error(error: Error & Partial<Record<'code' | 'details' | 'errors', unknown>>): LogObject {
    const { name, message, stack, code, details, errors, cause, ...rest } = error
    const frames = String(stack).match(/^ +at .*/gm)
    return defined(
      Object.entries({
        name: copy(name),
        message: copy(message),
        code: copy(code),
        ...members({ ...rest, details, errors, cause }, true),
        stack: frames ? text(frames.join('\n'), false) : copy(stack),
      }),
    )
  }

  function members(value: object, foreign: boolean): LogObject {
    return defined(few(Object.keys(value)).map((name) => [text(name, foreign), member(value, name, foreign)]))
  }

  /** As many of them as there is room for. */
  function few<T>(all: readonly T[]): readonly T[] {
    return all.slice(0, Math.max(0, Math.min(maxMembers, maxValues - values)))
  }

  function member(value: object, name: string, foreign: boolean): LogValue | undefined {
    try {
      return copy(value[name as keyof object], name, foreign)
    } catch {
      return omitted
    }
  }

  function bytes(all: Uint8Array): LogValue {
    if (all.length >= minSecretBytes) {
      const first = [...all.subarray(0, maxLength)]
      const base64 = btoa(String.fromCharCode(...first)).replace(/=+$/, '')
      const hex = first.map((byte) => byte.toString(16).padStart(2, '0')).join('')
      for (const form of [base64, base64.replaceAll('+', '-').replaceAll('/', '_'), hex])
        found.add(form.slice(0, maxLength))
    }
    return `[redacted, ${all.length} bytes]`
  }

  function text(whole: string, foreign: boolean): string {
    // No secret is longer than the other half, so that all of one that begins in this half is found.
    let shown = whole.slice(0, 2 * maxLength)
    for (const secret of secrets) shown = shown.replaceAll(secret, () => mask.repeat(secret.length))
    const isCut = shown.length > maxLength
    if (isCut) shown = shown.slice(0, maxLength).replace(cutRun, '')
    shown = shown.replace(/\uffff+/g, hidden)
    for (const pattern of secretTexts) shown = shown.replace(pattern, `$1${hidden}`)
    if (foreign) shown = shown.replace(/[\w+/-]{20,}={0,2}/g, (run) => (random.test(run) ? hidden : run))
    return isCut || shown.length > maxLength ? `${shown.slice(0, maxLength)}…` : shown
  }

  const both = () => [copy(details, '', false), copy(cause)]
  // The first copy finds the secrets, the second one hides them in texts as well.
  both()
  secrets = [...found].sort((a, b) => b.length - a.length)
  values = 0
  const [copied, copiedCause] = both()
  return {
    details: typeof copied === 'object' && !Array.isArray(copied) ? (copied as LogObject) : {},
    cause: copiedCause,
  }
}

/** An object of the members that have a value. */
export function defined<T>(members: readonly (readonly [name: string, value: T])[]): Record<string, T> {
  return Object.fromEntries(members.filter(([, value]) => value !== undefined))
}
