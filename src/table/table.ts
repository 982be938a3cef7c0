import type { DecodeReason } from '../cbor/decode-error.ts'
import type { Reader } from '../cbor/reader.ts'
import type { EncodeReason } from './encode-error.ts'
import type { InputOf, ValueOf, ValueType } from './types/value-type.ts'
import type { UnknownMember } from './unknown-member.ts'
import type { Violation, ViolationRule } from './violation.ts'

/** One member of a message, as the RFC's table has it. */
export interface Row<Type extends ValueType<unknown, unknown> = ValueType<unknown, unknown>> {
  /** The CBOR key, from the registry. Absent where the member exists in JSON only. */
  readonly key?: number | undefined
  readonly type: Type
  /** Whether a message without it is refused. */
  readonly required?: true | undefined
  /** Whether it is hidden when the message is printed. */
  readonly secret?: true | undefined
  /** What its absence stands for. */
  readonly implied?: ValueOf<Type> | undefined
  /** Where it is specified. */
  readonly section: string
}

/** The members of a message: OAuth name to row. */
export type Rows = Readonly<Record<string, Row>>

/** Rows whose sections do not matter: those from outside need not have one. */
type AnyRows = Readonly<Record<string, Omit<Row, 'section'>>>

/** What a message with these rows holds. */
export type ValuesOf<R extends AnyRows> = {
  readonly [Name in keyof R]: R[Name] extends { required: true } | { implied: unknown }
    ? ValueOf<R[Name]['type']>
    : ValueOf<R[Name]['type']> | undefined
}

/** What the constructor of a message with these rows takes. Both halves go over all keys, so that editors show the rows' docs. */
export type InputsOf<R extends AnyRows> = {
  readonly [Name in keyof R as R[Name] extends { required: true } ? Name : never]: InputOf<R[Name]['type']>
} & {
  readonly [Name in keyof R as R[Name] extends { required: true } ? never : Name]?:
    | InputOf<R[Name]['type']>
    | undefined
}

/** No members and no violations: all messages without any share it. */
export const none: readonly never[] = /* @__PURE__ */ Object.freeze([])

/** What a message holds: the values in the order of its rows, and the rest. */
export class Members {
  readonly values: unknown[]
  unknown: readonly UnknownMember[]
  violations: readonly Violation[]
  /** Where the map stood in its CBOR; undefined for what was no CBOR. */
  offset: number | undefined

  constructor(
    values: unknown[],
    unknown: readonly UnknownMember[],
    violations: readonly Violation[],
    offset?: number,
  ) {
    this.values = values
    this.unknown = unknown
    this.violations = violations
    this.offset = offset
  }

  /** A message hides its secrets; a copy of what it is made of hides all. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[members]'
  }
}

/** Why the members of a message do not go together. */
export interface Fault {
  readonly reason: EncodeReason & DecodeReason
  readonly path: string
  readonly expected: string
}

/** A row with what the table adds to it. */
export interface TableRow extends Row {
  readonly name: string
  /** Its place in {@link Members.values}. */
  readonly index: number
  /** That of its type, at hand for the decoder. */
  readonly decode: (reader: Reader) => unknown
  readonly violation: ((value: unknown) => ViolationRule | undefined) | undefined
}

/**
 * The members of one message, or of one map in it, in the order of the deterministic encoding: unsigned keys, negative
 * keys, then those without one. From it come the CBOR decoder and encoder, the JSON twin, the zod schema and the
 * reference.
 */
export type Table = readonly TableRow[]

/** Makes the table of some rows. */
export function tableOf(rows: Rows): Table {
  const order = ({ key }: Row): number =>
    key === undefined ? Number.POSITIVE_INFINITY : key < 0 ? 2 ** 52 - key : key
  return (
    Object.entries(rows)
      .sort(([, a], [, b]) => order(a) - order(b))
      // The same members in the same order in each row: a decoder looks at many of them.
      .map(([name, { key, type, required, secret, implied, section }], index) => ({
        name,
        index,
        key,
        type,
        required,
        secret,
        implied,
        section,
        decode: type.decode,
        violation: type.violation,
      }))
  )
}

/**
 * The first unknown member whose CBOR key is the name of a parameter that has an integer for it (RFC 9200 §5.8.5).
 *
 * @param registry the names that have integers, beside those of the table
 */
export function textKeyOf(
  table: Table,
  unknown: readonly UnknownMember[],
  registry: Readonly<Record<string, number>> = {},
): string | undefined {
  for (const member of unknown) {
    const key = 'cbor' in member ? member.key : undefined
    if (typeof key !== 'string') continue
    if (Object.hasOwn(registry, key) || table.some((row) => row.name === key && row.key !== undefined))
      return key
  }
  return undefined
}

/** The first required member that is absent. */
export function missing(table: Table, values: readonly unknown[]): string | undefined {
  return table.find(({ required, index }) => required && values[index] === undefined)?.name
}
