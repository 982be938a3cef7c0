import { DecodeError } from '../cbor/decode-error.ts'
import { decode } from '../cbor/reader.ts'
import { EncodeError } from '../table/encode-error.ts'
import type { Json } from '../table/json.ts'
import { encodeMembers, layoutOf, readMembers } from '../table/members-cbor.ts'
import { membersFromForm, membersToForm } from '../table/members-form.ts'
import { membersFromInput } from '../table/members-input.ts'
import { membersFromJson, membersToJson } from '../table/members-json.ts'
import { type MessageTable, messageTable } from '../table/message-table.ts'
import type { MessageOptions } from '../table/options.ts'
import type { FormLike } from '../table/platform.ts'
import { sameMembers } from '../table/same.ts'
import { show } from '../table/show.ts'
import { type Fault, type InputsOf, type Members, type Rows, tableOf, type ValuesOf } from '../table/table.ts'
import type { UnknownMember } from '../table/unknown-member.ts'
import type { Violation } from '../table/violation.ts'

/** What every message can do. Messages are immutable; their members are properties under their OAuth names. */
export interface Message {
  /** The members that the message does not know, in the order they came. */
  readonly unknown: readonly UnknownMember[]
  /** What the sender should not have done; empty for a message that was built here. */
  readonly violations: readonly Violation[]
  /**
   * The message in deterministic CBOR (RFC 8949 §4.2.1).
   *
   * @throws EncodeError `no_cbor_form` for a value that exists in JSON only, `violation` for a message that was
   * received with one; an unassigned code that came from the wire is written again
   */
  toCbor(): Uint8Array
  /** The JSON twin: OAuth names, tokens and identifiers as text, other byte strings in base64url, integers beyond 2^53-1 as decimal strings. */
  toJson(): Record<string, Json>
  /** Whether both hold the same members with the same values, in any order. */
  equals(other: unknown): boolean
  /**
   * One line for people, with secrets hidden, which `console.log` shows too. What asks for the inside of an object, as
   * `console.dir` does, sees the members with their secrets.
   */
  toString(): string
}

/** The class of a message: how to make one. */
export interface MessageClass<Instance extends Message, Input> {
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
   * @throws DecodeError, and nothing else: `duplicate_key` for a parameter that is there twice
   */
  fromForm(form: string | FormLike, options?: MessageOptions): Instance
}

/** What a message is made of. */
export interface Definition<R extends Rows> {
  /** The name of its class. */
  readonly name: string
  readonly rows: R
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
  return messageClass(definition) as MessageClass<Instance, InputsOf<R>>
}

/** Makes the class of a request, which can be a form as well. */
export function defineRequest<R extends Rows, Instance extends Request & ValuesOf<R>>(
  definition: Definition<R>,
): RequestClass<Instance, InputsOf<R>> {
  return messageClass(definition) as RequestClass<Instance, InputsOf<R>>
}

/**
 * Where a message holds its members, for nobody but the library: one name for the messages of all classes, which an engine
 * finds faster than a private name of each.
 */
const held: unique symbol = /* @__PURE__ */ Symbol('members')

/** What tells the constructor of a message, and nobody else can, that it is given members that were received. */
const received: unique symbol = /* @__PURE__ */ Symbol('received')

function messageClass<R extends Rows>({ name, rows, check, about, violation }: Definition<R>): unknown {
  const table = tableOf(rows)
  const layout = layoutOf(table)
  const asking = about && table.filter((row) => about.includes(row.name))

  class TableMessage implements Message {
    static readonly table: MessageTable = messageTable(table)
    readonly [held]: Members

    constructor(input: object, unknown?: readonly UnknownMember[] | typeof received) {
      if (unknown === received) {
        this[held] = input as Members
        return
      }
      this[held] = membersFromInput(table, input, '', unknown)
      const fault = check?.(this as unknown as ValuesOf<R> & Message)
      if (fault) throw new EncodeError(fault.reason, fault.path, fault.expected)
      const found = violation?.(this as unknown as ValuesOf<R> & Message)
      if (found) throw new EncodeError('violation', found.path, found.rule)
    }

    static fromCbor(bytes: Uint8Array, options?: MessageOptions): TableMessage {
      return TableMessage.received(
        decode(bytes, options, (reader) => readMembers(reader, layout)),
        options,
      )
    }

    static fromJson(json: unknown, options?: MessageOptions): TableMessage {
      return TableMessage.received(membersFromJson(table, json, ''), options)
    }

    /** @internal */
    static fromForm(form: string | FormLike, options?: MessageOptions): TableMessage {
      return TableMessage.received(membersFromForm(table, form), options)
    }

    static received(members: Members, options: MessageOptions | undefined): TableMessage {
      const message = new TableMessage(members, received)
      const asks =
        asking === undefined ||
        members.unknown.length > 0 ||
        asking.some(({ index }) => members.values[index] !== undefined)
      const fault = asks ? check?.(message as unknown as ValuesOf<R> & Message) : undefined
      if (fault) throw new DecodeError(fault.reason, fault.path, fault.expected, members.offset)
      const found = violation?.(message as unknown as ValuesOf<R> & Message)
      if (found) members.violations = [...members.violations, found]
      const first = options?.strict && members.violations[0]
      if (first) throw new DecodeError('violation', first.path, first.rule, members.offset)
      return message
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

    toCbor(): Uint8Array {
      return encodeMembers(table, this[held])
    }

    toJson(): Record<string, Json> {
      return membersToJson(table, this[held])
    }

    equals(other: unknown): boolean {
      return other instanceof TableMessage && sameMembers(table, this[held], other[held])
    }

    toString(): string {
      return show(name, table, this[held])
    }

    [Symbol.for('nodejs.util.inspect.custom')](): string {
      return this.toString()
    }
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
