import { z } from 'zod'
import { DecodeError } from '../cbor/decode-error.ts'
import { type MessageTable, tableBehind } from '../table/message-table.ts'
import type { JsonShape, ValueType } from '../table/types/value-type.ts'

/**
 * The zod schema of a message's JSON twin, made from its table: for those who validate JSON with zod, or publish a JSON
 * schema by `z.toJSONSchema`. Members that the message does not know are let through. It takes what `fromJson` takes, but
 * for the rules that concern several members.
 *
 * zod tries once whether it may make functions of text. Where a Content-Security-Policy forbids and reports that, the application calls
 * `z.config({ jitless: true })` before; the library does not change the configuration that all users of zod share.
 *
 * @param table the `table` of a message's class
 * @throws TypeError for any other
 *
 * @example
 * ```ts
 * import { CreationHints } from 'ace-oauth'
 * import { jsonSchema } from 'ace-oauth/schema'
 *
 * jsonSchema(CreationHints.table).safeParse({ AS: 'coaps://as.example.com/token' }).success // true
 * ```
 */
export function jsonSchema(table: MessageTable): z.ZodType<Record<string, unknown>> {
  const members = tableBehind(table).map(({ name, type, required, section }) => {
    const schema = shape(type).describe(`${type.cbor}; ${section}`)
    return [name, required ? schema : schema.nullish()] as const
  })
  return z.looseObject(Object.fromEntries(members))
}

const shapes: Readonly<Record<JsonShape, () => z.ZodType>> = {
  text: () => z.string(),
  base64url: () => z.string().regex(/^[\w-]*={0,2}$/),
  integer: () => z.union([z.int(), z.string()]),
  unsigned: () => z.union([z.int().nonnegative(), z.string()]),
  number: () => z.union([z.number(), z.string()]),
  boolean: () => z.boolean(),
  'boolean or null': () => z.boolean().nullable(),
  code: () => z.union([z.int(), z.string().min(1)]),
  'code or null': () => z.union([z.int(), z.string().min(1)]).nullable(),
  'text or integer': () => z.union([z.int(), z.string()]),
  'text or list': () => z.union([z.string(), z.array(z.string())]),
  'text or object': () => z.union([z.string(), z.looseObject({})]),
  array: () => z.array(z.unknown()),
  'array of integers': () => z.array(z.union([z.int(), z.string()])).nonempty(),
  object: () => z.looseObject({}),
}

/** The shape, which a JSON schema can tell, and behind it the parser that the library itself uses. */
function shape(type: ValueType<unknown, unknown>): z.ZodType {
  return shapes[type.json]().superRefine((value, context) => {
    try {
      // As fromJson, which takes and lists what the sender should not have sent.
      type.fromJson(value, '', () => undefined)
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      context.addIssue({ code: 'custom', message: error.expected || error.reason })
    }
  })
}
