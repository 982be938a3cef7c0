import { join } from '../cbor/decode-error.ts'
import type { ErrorResponseOptions } from '../message/error-response.ts'
import { EncodeError } from '../table/encode-error.ts'
import type { ViolationRule } from '../table/violation.ts'
import type { MessageKind, ReadMessage } from './messages.ts'

/** What is about the JSON alone: the CBOR has neither null nor bits that stand for nothing. */
const onlyInJson: readonly ViolationRule[] = ['loose_base64url', 'null_member']

/**
 * The message that a JSON twin stands for, all of which its CBOR has. Its violations are of the JSON alone, such as base64url
 * with padding.
 *
 * @throws MessageError for what is no such message, may not be sent, or would not all get into the CBOR
 */
export async function messageOf(
  kind: MessageKind,
  json: unknown,
  options?: ErrorResponseOptions,
): Promise<ReadMessage> {
  const fromJson = (value: unknown): ReadMessage => {
    const read = kind.fromJson(value, options)
    const maySend = read.violations.every(({ rule }) => onlyInJson.includes(rule))
    const message = maySend ? read : kind.fromJson(value, { ...options, strict: true })
    refuseJsonOnly(message, kind.rows)
    return message
  }
  if (!Array.isArray((Object(json) as { readonly scope?: unknown }).scope)) return fromJson(json)
  const { readWithAif } = await import('./aif-scope.ts')
  return readWithAif(json, { fromJson, fromCbor: kind.fromCbor }) ?? fromJson(json)
}

/**
 * Refuses a message with a member that JSON alone has a name for: CBOR would not have it.
 *
 * @throws EncodeError `no_cbor_form`
 */
export function refuseJsonOnly(message: ReadMessage, rows: readonly { readonly name: string }[]): void {
  const names = rows.map(({ name }) => name)
  const stranger = jsonOnly(message, names, '')
  if (stranger !== undefined) throw new EncodeError('no_cbor_form', stranger, 'a member that has a CBOR key')
}

/**
 * The path of the first member that JSON alone has a name for. What a JWK holds beyond its key stays out of this: who does
 * not understand it ignores it (RFC 7517 section 4).
 */
function jsonOnly(holder: object, names: readonly string[], path: string): string | undefined {
  const { unknown = [] } = holder as { readonly unknown?: readonly object[] }
  for (const member of unknown) if ('name' in member) return join(path, `${member.name}`)
  for (const name of names) {
    const value = (holder as Readonly<Record<string, unknown>>)[name]
    if (name === 'COSE_Key' || typeof value !== 'object' || value === null || value instanceof Uint8Array)
      continue
    const found = jsonOnly(value, Object.keys(value), join(path, name))
    if (found !== undefined) return found
  }
  return undefined
}
