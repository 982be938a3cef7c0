import { DecodeError } from '../cbor/decode-error.ts'
import { decode } from '../cbor/reader.ts'
import { EncodeError } from '../table/encode-error.ts'
import { sameMembers } from '../table/equality.ts'
import type { Json } from '../table/json.ts'
import { jsonFromInput } from '../table/json-input.ts'
import { encodeMembers, layoutOf, readMembers } from '../table/members-cbor.ts'
import { membersFromForm, membersToForm } from '../table/members-form.ts'
import { membersFromInput } from '../table/members-input.ts'
import { membersFromJson, membersToJson } from '../table/members-json.ts'
import { type MessageTable, messageTable } from '../table/message-table.ts'
import type { MessageOptions } from '../table/options.ts'
import { type OutsideRows, withRows } from '../table/outside-rows.ts'
import type { FormLike } from '../table/platform.ts'
import { print } from '../table/print.ts'
import {
  type Fault,
  type InputsOf,
  type Members,
  none,
  type Rows,
  tableOf,
  textKeyOf,
  type ValuesOf,
} from '../table/table.ts'
import type { UnknownMember } from '../table/unknown-member.ts'
import type { Violation } from '../table/violation.ts'
import { expectedFor } from '../table/violation-sentences.ts'

/**
 * What every message can do. Messages are immutable: their members are properties under their OAuth names, and the arrays and maps among
 * them are frozen. A `Uint8Array` cannot be frozen: who changes the bytes of one changes the message.
 */
export interface Message {
  /** The members that the message does not know, in the order they came. */
  readonly unknown: readonly UnknownMember[]
  /** What the sender should not have done; empty for a message that was built here. */
  readonly violations: readonly Violation[]
  /**
   * The message in deterministic CBOR (RFC 8949 §4.2.1).
   *
   * @throws EncodeError `no_cbor_form` for a value that exists in JSON only, `violation` for what the RFCs forbid a sender and the
   * message was received with; an unassigned code that came from the wire is written again
   */
  toCbor(): Uint8Array<ArrayBuffer>
  /** The JSON twin: OAuth names, tokens and identifiers as text, other byte strings in base64url, integers beyond 2^53-1 as decimal strings. */
  toJson(): Record<string, Json>
  /** The same as {@link Message.toJson}, for `JSON.stringify` and `Response.json`. */
  toJSON(): Record<string, Json>
  /** Whether both hold the same members with the same values, in any order. */
  equals(other: unknown): boolean
  /**
   * One line for people, which `console.log` shows too. Secrets are hidden, and so are the members that the message does not know.
   * What asks for the inside of an object, as `console.dir` does, sees all.
   */
  toString(): string
}

/** What no class is: two construct signatures with different results make TypeScript refuse `extends`. */
interface Closed {
  readonly closed: never
}

/** The class of a message: how to make one. It cannot be extended; {@link MessageClass.with} adds rows to it. */
export interface MessageClass<Instance extends Message, Input> {
  /** @internal */
  new (closed: never, ...more: readonly [never, never]): Closed
  /**
   * Builds a message.
   *
   * @param members its members under their OAuth names
   * @param unknown members beyond those that the message knows, for extensions and private use
   * @throws EncodeError for what may not be sent
   */
  new (members: Input, unknown?: readonly UnknownMember[]): Instance
  readonly prototype: Instance
  /** The members as the RFCs' tables have them. */
  readonly table: MessageTable
  /**
   * Reads a message from its CBOR. Its byte strings share memory with nothing.
   *
   * @throws DecodeError, and nothing else, for whatever bytes
   * @throws TypeError for anything but a Uint8Array
   * @throws RangeError for an option that is no limit
   */
  fromCbor(bytes: Uint8Array, options?: MessageOptions): Instance
  /**
   * Reads a message from its JSON twin, as `JSON.parse` gives it.
   *
   * @throws DecodeError, and nothing else, for whatever value
   */
  fromJson(json: unknown, options?: MessageOptions): Instance
  /**
   * The class of the same message with further members: parameters of a draft or of a vendor. They are read and written like the others, in
   * CBOR and in JSON.
   *
   * @param rows the members: for each name its CBOR key, its type, and whether it is required or secret
   * @throws RangeError for a name or a key that the message or the registry of its keys has for something else
   * @throws TypeError for what is not a row
   *
   * @example
   * ```ts
   * import { AccessTokenRequest, integer } from 'ace-oauth'
   *
   * const Request = AccessTokenRequest.with({ token_upload: { key: -70049, type: integer } })
   * new Request({ audience: 'rs1', token_upload: 2 }).toCbor() // a2 05 63 727331 3a 000111a0 02
   * ```
   */
  with<const R extends OutsideRows>(rows: R): MessageClass<Instance & ValuesOf<R>, Input & InputsOf<R>>
}

/** What every request can do besides what every message can: be a form. */
export interface Request extends Message {
  /**
   * The request as a form (RFC 6749 App. B): tokens as text, other byte strings in base64url, maps in JSON.
   *
   * @throws EncodeError `no_form` for a member that the request does not know and JSON has as no text
   */
  toForm(): FormLike
}

/** The class of a request. */
export interface RequestClass<Instance extends Request, Input> extends MessageClass<Instance, Input> {
  /**
   * Reads a request from a form: the body of `application/x-www-form-urlencoded` (RFC 6749 App. B). A parameter without
   * a value is as good as absent (RFC 6749 §3.2), but for an empty ace_profile, which asks for one (RFC 9200 §5.8.4.3).
   *
   * @throws DecodeError: `duplicate_key` for a parameter that is there twice, `invalid_value` for a text that is not a form
   * @throws TypeError for anything but a string or URLSearchParams
   */
  fromForm(form: string | FormLike, options?: MessageOptions): Instance
  /** As {@link MessageClass.with}; the members are in forms too. */
  with<const R extends OutsideRows>(rows: R): RequestClass<Instance & ValuesOf<R>, Input & InputsOf<R>>
}

/** What a message is made of. */
export interface Definition<R extends Rows> {
  /** The name of its class. */
  readonly name: string
  readonly rows: R
  /** The registry that its keys are from: rows from outside may not contradict it, and its names are not keys in CBOR. */
  readonly registry?: Readonly<Record<string, number>>
  /** Whether a message without any member is refused. */
  readonly nonEmpty?: true
  /** What is wrong about members that are each right, if anything. */
  readonly check?: (message: ValuesOf<R> & Message) => Fault | undefined
  /**
   * The members that the check is about: where a message that was received as CBOR has none of them, and none that it does
   * not know, the check is left out. By default it never is.
   */
  readonly about?: readonly (keyof R)[]
  /** What the RFCs forbid a sender about them, if anything. */
  readonly violation?: (message: ValuesOf<R> & Message) => Violation | undefined
}

/** Makes the class of a message from its table. */
export function defineMessage<R extends Rows, Instance extends Message & ValuesOf<R>>(
  definition: Definition<R>,
): MessageClass<Instance, InputsOf<R>> {
  return messageClass(definition as unknown as Definition<Rows>) as MessageClass<Instance, InputsOf<R>>
}

/** Makes the class of a request, which can be a form as well. */
export function defineRequest<R extends Rows, Instance extends Request & ValuesOf<R>>(
  definition: Definition<R>,
): RequestClass<Instance, InputsOf<R>> {
  return messageClass(definition as unknown as Definition<Rows>) as RequestClass<Instance, InputsOf<R>>
}

/** A symbol, not a private field: all message classes share it, so property access stays monomorphic. */
const held: unique symbol = /* @__PURE__ */ Symbol('members')

/** What tells the constructor of a message, and nobody else can, that it is given members that were received. */
const received: unique symbol = /* @__PURE__ */ Symbol('received')

function messageClass(definition: Definition<Rows>): unknown {
  const { name, rows, registry = {}, nonEmpty, check, about, violation } = definition
  const table = tableOf(rows)
  const layout = layoutOf(table)
  const asking = about && table.filter((row) => about.includes(row.name))

  class TableMessage implements Message {
    static readonly table: MessageTable = messageTable(table)
    readonly [held]: Members

    constructor(input: object, unknown?: readonly UnknownMember[] | typeof received) {
      if (new.target !== TableMessage)
        throw new TypeError(`${name} cannot be extended: use ${name}.with() to add members`)
      if (unknown === received) {
        this[held] = input as Members
        return
      }
      this[held] = membersFromInput(table, input, '', unknown)
      const fault = faultOf(this)
      if (fault) throw new EncodeError(fault.reason, fault.path, fault.expected)
      for (const found of violationsBetween(this))
        throw new EncodeError('violation', found.path, expectedOf(found))
    }

    static fromCbor(bytes: Uint8Array, options?: MessageOptions): TableMessage {
      const members = decode(bytes, options, (reader) => readMembers(reader, layout))
      return receive(members, options)
    }

    static fromJson(json: unknown, options?: MessageOptions): TableMessage {
      return receive(membersFromJson(table, jsonFromInput(json, options)), options)
    }

    /** @internal */
    static fromForm(form: string | FormLike, options?: MessageOptions): TableMessage {
      return receive(membersFromForm(table, form, options), options)
    }

    static with(added: OutsideRows): unknown {
      return messageClass({ ...definition, rows: withRows(rows, added, registry, TableMessage.prototype) })
    }

    get unknown(): readonly UnknownMember[] {
      return this[held].unknown
    }

    get violations(): readonly Violation[] {
      return this[held].violations
    }

    toForm(): FormLike {
      return membersToForm(table, this[held])
    }

    toCbor(): Uint8Array<ArrayBuffer> {
      if (this.violations.length > 0) refuseViolations(this)
      // Nothing but members that only JSON has: what would be written is refused when it is read.
      if (nonEmpty && isEmpty(this[held]) && !this.unknown.some((member) => 'cbor' in member))
        throw new EncodeError('no_cbor_form', '', 'one entry that has a CBOR key')
      return encodeMembers(table, this[held])
    }

    toJson(): Record<string, Json> {
      return membersToJson(table, this[held])
    }

    toJSON(): Record<string, Json> {
      return this.toJson()
    }

    equals(other: unknown): boolean {
      return other instanceof TableMessage && sameMembers(table, this[held], other[held])
    }

    toString(): string {
      return print(name, table, this[held])
    }

    [Symbol.for('nodejs.util.inspect.custom')](): string {
      return this.toString()
    }
  }

  function receive(members: Members, options: MessageOptions | undefined): TableMessage {
    const message = new TableMessage(members, received)
    const fault = faultOf(message)
    if (fault) throw new DecodeError(fault.reason, fault.path, fault.expected, members.offset)
    const found = violationsBetween(message)
    if (found.length > 0) members.violations = [...members.violations, ...found]
    const first = members.violations[0]
    if (!first) {
      members.violations = none
      return message
    }
    if (options?.strict) throw new DecodeError('violation', first.path, expectedOf(first), members.offset)
    for (const one of members.violations) Object.freeze(one)
    Object.freeze(members.violations)
    return message
  }

  /** What is wrong about members that are each right. */
  function faultOf(message: TableMessage): Fault | undefined {
    const { values, unknown } = message[held]
    if (nonEmpty && unknown.length === 0 && isEmpty(message[held]))
      return { reason: 'invalid_value', path: '', expected: 'one entry at least' }
    const isAsked =
      asking === undefined || unknown.length > 0 || asking.some(({ index }) => values[index] !== undefined)
    return isAsked ? check?.(message as never) : undefined
  }

  /** What the RFCs forbid a sender, other than about one member that the message knows. */
  function violationsBetween(message: TableMessage): readonly Violation[] {
    const { unknown } = message[held]
    const textKey = unknown.length > 0 ? textKeyOf(table, unknown, registry) : undefined
    const found = violation?.(message as never)
    if (textKey === undefined) return found ? [found] : []
    const first: Violation = { rule: 'text_key', path: textKey }
    return found ? [first, found] : [first]
  }

  /** Refuses what the RFCs forbid a sender. How a value was written when it came does not matter. */
  function refuseViolations(message: TableMessage): void {
    for (const { index, name: path, violation: ruleOf } of table) {
      const value = message[held].values[index]
      const rule = value === undefined ? undefined : ruleOf?.(value)
      // A code that was unassigned here may have been assigned since.
      if (rule && rule !== 'unassigned_code')
        throw new EncodeError('violation', path, expectedOf({ rule, path }))
    }
    for (const found of violationsBetween(message))
      throw new EncodeError('violation', found.path, expectedOf(found))
  }

  function expectedOf({ rule, path }: Violation): string {
    return expectedFor(rule, table.find((row) => row.name === path)?.type)
  }

  Object.defineProperty(TableMessage, 'name', { value: name })
  for (const row of table)
    Object.defineProperty(TableMessage.prototype, row.name, {
      enumerable: true,
      get(this: TableMessage) {
        const value = this[held].values[row.index]
        return value === undefined ? row.implied : value
      },
    })
  return TableMessage
}

function isEmpty({ values }: Members): boolean {
  return values.every((value) => value === undefined)
}
