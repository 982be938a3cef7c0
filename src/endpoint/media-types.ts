import { mediaTypes } from '../message/media-types.ts'
import { contentFormats } from '../registry/generated/content-formats.ts'
import { nameOf } from '../registry/registry.ts'

/** What the payload of a request can be. */
export type RequestForm = 'cbor' | 'form'

/** What the payload of a success can be. */
export type AnswerForm = 'cbor' | 'json'

const token = "[\\w!#$%&'*+.^`|~-]+"
const value = `(?:${token}|"(?:[^"\\\\]|\\\\.)*")`
// No two parts can match the same space, so that matching takes time in proportion to the text.
const parameters = `(?:;[ \\t]*(?:${token}=${value}[ \\t]*)?)*`
const mediaTypePattern = /* @__PURE__ */ new RegExp(`^(${token}/${token})[ \\t]*(${parameters})$`, 'i')

/** A media type in lower case without its parameters; undefined for what is no media type. */
function essence(
  mediaType: string | number,
): { readonly type: string; readonly parameters: string } | undefined {
  const text = typeof mediaType === 'number' ? (nameOf(contentFormats, mediaType) ?? '') : mediaType
  const [, type, parameters = ''] = mediaTypePattern.exec(text.trim()) ?? []
  return type === undefined ? undefined : { type: type.toLowerCase(), parameters }
}

/**
 * What the payload of a request is, by its media type.
 *
 * @param mediaType a media type, or a Content-Format
 * @param isHttp whether HTTP brought it; CoAP clients that send no Content-Format mean `application/ace+cbor`
 * @returns undefined for a media type that no endpoint takes
 */
export function requestForm(
  mediaType: string | number | undefined,
  isHttp: boolean,
): RequestForm | undefined {
  if (mediaType === undefined) return isHttp ? undefined : 'cbor'
  const parsed = essence(mediaType)
  if (parsed?.type === mediaTypes.cbor) return 'cbor'
  if (parsed?.type !== mediaTypes.form) return undefined
  const charset = /;[ \t]*charset="?([^;" \t]*)/i.exec(parsed.parameters)?.[1]
  return charset === undefined || /^(utf-8|us-ascii)$/i.test(charset) ? 'form' : undefined
}

/** How much a client wants each form of an answer: 0 for not at all, up to 1. */
export interface Wishes {
  readonly cbor: number
  readonly json: number
  /** Problem details; 0 where they are not named, for a client that does not know them cannot read them. */
  readonly problem: number
}

/** Reads the Accept field of HTTP (RFC 9110, Section 12.5.1), or the option of CoAP, which is one Content-Format. */
export function readAccept(accept: string | number | undefined): Wishes {
  if (accept === undefined || accept === '') return { cbor: 1, json: 1, problem: 0 }
  if (typeof accept === 'number') {
    const type = nameOf(contentFormats, accept)
    const wants = (form: keyof Wishes): number => (type === mediaTypes[form] ? 1 : 0)
    // RFC 9200 §5: CoAP has CBOR, not JSON.
    return { cbor: wants('cbor'), json: 0, problem: wants('problem') }
  }
  const ranges = new Map<string, number>()
  for (const part of accept.split(',')) {
    const [range = '', ...parameters] = part.split(';')
    const weight = parameters
      .map((text) => /^[ \t]*q=[ \t]*([01](?:\.\d{0,3})?)[ \t]*$/i.exec(text)?.[1])
      .find(Boolean)
    ranges.set(range.trim().toLowerCase(), Math.min(1, Number(weight ?? 1)))
  }
  const quality = (form: keyof Wishes): number => {
    const type = mediaTypes[form]
    return ranges.get(type) ?? ranges.get('application/*') ?? ranges.get('*/*') ?? 0
  }
  return { cbor: quality('cbor'), json: quality('json'), problem: ranges.get(mediaTypes.problem) ?? 0 }
}

/** The form of the answer to a request: what the client wants most, and of equals that which goes with the request. */
export function answerForm({ cbor, json }: Wishes, usual: AnswerForm): AnswerForm {
  if (cbor === json) return usual
  return cbor > json ? 'cbor' : 'json'
}

/**
 * Whether a request has to be refused for what it accepts: in CoAP the option is critical (RFC 7252, Section 5.10.4), over
 * HTTP a server may answer in another form (RFC 9110, Section 12.5.1).
 */
export function isUnacceptable(
  accept: string | number | undefined,
  { cbor, json, problem }: Wishes,
): boolean {
  return typeof accept === 'number' && cbor + json + problem === 0
}
