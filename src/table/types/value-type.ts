import type { Reader } from '../../cbor/reader.ts'
import type { Writer } from '../../cbor/writer.ts'
import type { Json } from '../json.ts'
import type { Report, ViolationRule } from '../violation.ts'

/**
 * A type of member: how it is read and written in CBOR and in JSON, and what may be given for it.
 *
 * `Value` is what a message holds, `Input` what its constructor takes. The paths are those of the member, for refusals.
 */
export interface ValueType<Value, Input = Value> {
  /** In the RFCs' words, for refusals and the reference: `text string`, `map`. */
  readonly cbor: string
  /** What stands for it in JSON; the zod schemas are made from it. */
  readonly json: JsonShape
  /** Reads it from CBOR. Throws a DecodeError. */
  decode(reader: Reader): Value
  /** Writes it in CBOR. Throws an EncodeError where it has no form there. */
  encode(writer: Writer, value: Value, path: string): void
  /**
   * Reads it from JSON. Throws a DecodeError.
   *
   * @param report is told of what is taken though the sender should not have sent it; without it that is refused
   */
  fromJson(json: unknown, path: string, report?: Report): Value
  /** Its form in JSON. */
  toJson(value: Value): Json
  /** What a caller gave, checked and copied; undefined where it is not of the type. Throws an EncodeError. */
  accept(input: unknown, path: string): Value | undefined
  /** Reads it from a form, where that differs from JSON. Throws a DecodeError. */
  fromForm?(text: string, path: string, report?: Report): Value
  /** Whether a form may have it more than once: JSON has an array of texts for that. */
  readonly repeats?: true
  /** What the RFCs forbid a sender about this value, if anything. */
  violation?(value: Value): ViolationRule | undefined
  /** What is right where {@link violation} finds a `forbidden_character`, in a few words. */
  readonly characters?: string
  /** The value with its secrets hidden, for inspection. */
  redact?(value: Value): unknown
  /** Brings the `Input` type along; never there. */
  readonly input?: Input
}

/** What a member looks like in JSON. */
export type JsonShape =
  | 'text'
  | 'base64url'
  | 'integer'
  | 'unsigned'
  | 'number'
  | 'boolean'
  | 'boolean or null'
  | 'code'
  | 'code or null'
  | 'text or integer'
  | 'text or list'
  | 'text or object'
  | 'array of integers'
  | 'array'
  | 'object'

/** What a row of a given type holds. */
export type ValueOf<Type> = Type extends ValueType<infer Value, infer _> ? Value : never
/** What may be given for a row of a given type. */
export type InputOf<Type> = Type extends ValueType<infer _, infer Input> ? Input : never
