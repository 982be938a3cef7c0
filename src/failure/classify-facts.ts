import { map, textString } from '../cbor/major.ts'
import { decode, readInteger, readRaw, readText } from '../cbor/reader.ts'
import { ErrorCode } from '../message/error-code.ts'
import { errorDescriptionKey, errorKey, errorUriKey } from '../registry/generated/error-response-keys.ts'
import { oauthErrors } from './classify-errors.ts'

/**
 * What the rules look at, and the place where each was found, such as `http.body.error`: made of names of ours, never
 * of the sender's.
 */
export interface FailureFacts {
  /** HTTP statuses and CoAP codes with their places, of the answer itself or told in a message: `401`, `4.01`. */
  readonly statuses: ReadonlyMap<string, string>
  /** OAuth and ACE error codes with their places. */
  readonly errors: ReadonlyMap<string, string>
  /** What was said, as `error: invalid_client`: in lower case, error codes and class names in snake case. */
  readonly texts: readonly { readonly place: string; readonly text: string }[]
}

/** Characters or bytes that are read of all bodies together, and again of all texts. */
const maxText = 16_384
/** Objects that are looked into. A cycle of causes, or a proxy that goes on making objects, ends here. */
const maxObjects = 64
const maxDepth = 12

/**
 * The members that say what went wrong: of the evidence, of thrown values, of JSON, of the headers, and the first items
 * of a list. Where peers echo what they were sent is not among them.
 */
const telling =
  'http coap cli error status code name message msg codeName error_description error_summary suberror errorCode errorMessage errorMessages errorSummary errors title detail details description reason exp type __type Code Message fault faultstring statusCode cause response headers www-authenticate x-amzn-errortype body payload data stderr stdout standby 0 1 2 3 4 5 6 7 8 9'

/** Where a text tells the status of an answer: `status: 401`, `HTTP 403`, `4.01 Unauthorized`. */
const toldStatus =
  /\b(?:status|success|error|response|http\S{0,4})(?:[_ ]?code)?[:= ]{1,2}([45]\d\d)\b|\bcode(?: is)?[: ]{1,2}(4\d\d|[45]\.\d\d)\b|\b(4\.?\d\d)[ (]{1,2}(?:unauthorized|payment|forbidden|not found|too many)/g

/** Where a text tells an error code: `error=invalid_grant`, `"error":"invalid_grant"`, `(invalid_grant)`, `x: invalid_grant:`. */
const toldError = new RegExp(
  `(?:\\berror\\\\*["']?\\s?[=:]\\s?\\\\*["']?|^(?:error|code|error_?code|message|stderr|body|data|payload|suberror): \\W?|(?<![:=[,]\\s?\\\\*)["']|[([]|(?:error|exception|oauth2|failed|auth|oauth): ["'(]?)(${oauthErrors.join('|')})(?![\\w-])`,
  'g',
)

/** What a peer's data says is not evidence: the values of these members, in JSON, headers, forms and sentences. */
const dataMembers =
  /\b(scopes?|audiences?|aud|resource|realm|path|host|hostname|state|username|user_?name|client_?id|redirect_?uri|needed|provided)(\\*["']?\s?)(?:[=:]\s?(?:\\*"[^"]*"|\\*'[^']*'|\[[^\]]*\])|=[^\s,;&)}\]]+)/gi
/** Nor where a resource lives: the schemes, hosts and paths of URLs, and the paths of files. */
const locations = /\b[a-z][a-z+.-]{1,20}:\/\/[^\s?"'<>)\\]*|(?<=[\s'"(])\.{0,2}\/[\w.@-]+(?:\/[\w.@-]*)+/gi

/**
 * Collects what the rules look at.
 *
 * Never throws: what cannot be read is left out.
 */
export function gatherFacts(evidence: unknown): FailureFacts {
  const statuses = new Map<string, string>()
  const errors = new Map<string, string>()
  const texts: { place: string; text: string }[] = []
  let bodyLeft = maxText
  let textLeft = maxText
  let objectsLeft = maxObjects

  function add(value: unknown, key: string, place: string, depth: number): void {
    if (typeof value === 'object' && value !== null) {
      // a command that ended with 0 has not failed
      if (depth > maxDepth || objectsLeft-- <= 0 || read(value, 'exitCode') === 0) return
      const isRefusal = !attempt(() => /^[123]/.test(`${read(value, 'status') ?? read(value, 'code')}`))
      for (const name of telling.split(' ')) {
        let member = read(value, name)
        if (name === 'headers') member = parseHeaders(member)
        if (/^(body|payload|data|std...)$/.test(name)) {
          member = parseBody(member)
          // a command may print anything, source code and documents too: there, only what is called an error is one
          const isError = read(member, 'error') || read(read(member, 'errors'), '0')
          if (!isError && (!isRefusal || name === 'stdout')) continue
        }
        add(member, name, place ? `${place}.${name}` : name, depth + 1)
      }
    } else if (/string|number|boolean/.test(typeof value) && textLeft > 0) {
      const part = String(value).slice(0, textLeft)
      textLeft -= part.length
      const text = withoutData(
        `${key}: ${part.replace(/(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '_')}`,
      ).toLowerCase()
      texts.push({ place, text })
      for (const match of text.matchAll(toldStatus)) statuses.set((match[1] ?? match[2] ?? match[3])!, place)
      for (const [, error] of text.matchAll(toldError)) if (!errors.has(error!)) errors.set(error!, place)
    }
  }

  function parseBody(body: unknown): unknown {
    let said = body
    if (ArrayBuffer.isView(body)) {
      const bytes = body as Uint8Array
      said =
        bytes[0]! >> 5 === map
          ? attempt(() => readCbor(bytes.subarray(0, bodyLeft)))
          : attempt(() => decodeText(bytes.subarray(0, bodyLeft)))
    }
    if (typeof said !== 'string') return said
    const text = said.slice(0, bodyLeft)
    bodyLeft -= text.length
    if (/^\s*[[{]/.test(text)) return attempt(() => JSON.parse(text) as unknown) || text
    // A form: what GitHub and others answer.
    if (/^\??\w+=\S*$/.test(text)) return Object.fromEntries(new URLSearchParams(text))
    return text
  }

  add(evidence, '', '', 0)
  return { statuses, errors, texts }
}

function withoutData(text: string): string {
  return text.replace(locations, ' ').replace(dataMembers, '$1$2')
}

/** The keys of title and detail in problem details (RFC 9290). */
const problemKeys: readonly unknown[] = [-1, -2]

/**
 * What a map in CBOR says: an error response as strictly as one is read, without the class that also builds and writes
 * them; of problem details the title and the detail. What else is in a map is data, as in creation hints.
 */
function readCbor(bytes: Uint8Array): unknown {
  const said: Partial<Record<'error' | 'error_description' | 'detail', unknown>> = {}
  decode(bytes, undefined, (reader) =>
    reader.readMap((key) => {
      if (key === errorKey) said.error = `${ErrorCode.fromCbor(readInteger(reader))}`
      else if (key === errorDescriptionKey) said.error_description = readText(reader)
      else if (key === errorUriKey) readText(reader)
      else {
        const texts = textsIn(readRaw(reader))
        if (key === 'error') said.error = texts.trim()
        else if (problemKeys.includes(key) || (typeof key === 'string' && telling.split(' ').includes(key)))
          said.detail = `${said.detail ?? ''}${texts}`
      }
    }),
  )
  return said
}

/** The short texts in an item, such as a tagged text with its language. */
function textsIn(bytes: Uint8Array): string {
  let texts = ''
  for (let at = 0; at < bytes.length; ) {
    const head = bytes[at++]!
    if (head >> 5 !== textString) continue
    const length = (head & 31) < 24 ? head & 31 : bytes[at++]!
    texts += `${decodeText(bytes.subarray(at, at + length))}\n`
    at += length
  }
  return texts
}

function decodeText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

/** Calls what may throw: a getter, a trap of a proxy, a parser. */
function attempt<T>(call: () => T): T | undefined {
  try {
    return call()
  } catch {
    return undefined
  }
}

function read(value: unknown, key: string): unknown {
  return attempt(() => Object(value)[key] as unknown)
}

function parseHeaders(headers: unknown): unknown {
  return attempt(() =>
    Object.fromEntries(
      Array.from(headers instanceof Headers ? headers : Object.entries(Object(headers)), ([name, value]) => [
        name.toLowerCase(),
        `${value}`,
      ]),
    ),
  )
}
