import { DecodeError } from '../../cbor/decode-error.ts'
import type { Exchange } from '../../client/exchange.ts'
import { mediaTypes } from '../../message/media-types.ts'
import type { MessageName } from '../message-names.ts'
import { messageKind } from '../messages.ts'
import { annotate } from './annotate.ts'
import { hexdump } from './hexdump.ts'
import { parseItem } from './item.ts'
import type { Style } from './output.ts'
import { printable, toJson } from './text.ts'
import { isSecretName, vocabularyOf } from './vocabulary.ts'

/** The longest text that is shown of a payload that is no message, in characters. */
const longestText = 1_000

/** What stands in the place of a secret. */
const hiddenSecret = '****'

/** A request and its answer, both byte by byte: of secrets the lengths alone, unless they are to be shown. */
export function renderExchange(exchange: Exchange, style: Style, showsSecrets: boolean): string {
  const { endpoint, url, encoding, sent, received } = exchange
  const headers = Object.entries(sent.headers).map(([name, value]) => {
    const isShown = showsSecrets || name !== 'authorization'
    return `${style.dim(`${name}:`)} ${printable(isShown ? value : hiddenHeader(value))}\n`
  })
  const asked =
    encoding === 'cbor'
      ? annotated(sent.payload, `${endpoint}-request`, style, showsSecrets)
      : form(sent.payload, showsSecrets)
  const { status, mediaType, retryAfter, payload } = received
  const facts = [
    mediaType && `${style.dim('content-type:')} ${printable(mediaType)}\n`,
    retryAfter && `${style.dim('retry-after:')} ${printable(retryAfter)}\n`,
  ]
  return [
    `${style.bold(`POST ${printable(url)}`)}\n${headers.join('')}\n${asked}`,
    `${style.bold(`${status}`)}\n${facts.filter(Boolean).join('')}`,
    payload.length > 0 ? answered(exchange, style, showsSecrets) : '',
  ]
    .filter(Boolean)
    .join('\n')
}

function answered(
  { endpoint, received: { status, mediaType, payload } }: Exchange,
  style: Style,
  showsSecrets: boolean,
): string {
  const response = endpoint === 'revocation' ? 'error-response' : (`${endpoint}-response` as const)
  if (mediaType === mediaTypes.cbor)
    return annotated(payload, status >= 400 ? 'error-response' : response, style, showsSecrets)
  if (mediaType === mediaTypes.problem) return annotated(payload, 'problem-details', style, showsSecrets)
  const text = new TextDecoder().decode(payload)
  if (mediaType === mediaTypes.json) return `${json(text, showsSecrets)}\n`
  return `${printable(text.slice(0, longestText))}\n`
}

/** A payload head by head, or where it is no CBOR the place where it ends to be. */
function annotated(bytes: Uint8Array, name: MessageName, style: Style, showsSecrets: boolean): string {
  try {
    const word = { name: '', inside: vocabularyOf(messageKind(name)) }
    return annotate(bytes, parseItem(bytes), style, word, !showsSecrets)
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return `${hexdump(bytes, error.offset ?? 0)}${style.red(error.message)}\n`
  }
}

/** The scheme, and nothing of what follows it. */
export function hiddenHeader(value: string): string {
  return `${value.split(' ')[0]} ${hiddenSecret}`
}

function form(payload: Uint8Array, showsSecrets: boolean): string {
  const parameters = [...new URLSearchParams(new TextDecoder().decode(payload))]
  return parameters
    .map(([name, value]) => {
      const isShown = showsSecrets || !isSecretName(name)
      return `${printable(name)}=${isShown ? printable(value) : hiddenSecret}\n`
    })
    .join('')
}

/** JSON with its secrets hidden, however deep they are; what is none as it is. */
function json(text: string, showsSecrets: boolean): string {
  try {
    return toJson(showsSecrets ? JSON.parse(text) : withoutSecrets(JSON.parse(text)), 2)
  } catch {
    return printable(text.slice(0, longestText))
  }
}

/** A value of JSON with the members hidden whose names are those of secrets. In an answer, `code` is that of a failure. */
export function withoutSecrets(value: unknown, isRequest = false): unknown {
  if (Array.isArray(value)) return value.map((one) => withoutSecrets(one))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const isSecret = isSecretName(name) && (isRequest || name !== 'code')
      return [name, isSecret && typeof member === 'string' ? hiddenSecret : withoutSecrets(member)]
    }),
  )
}
