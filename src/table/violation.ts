/**
 * What the RFCs forbid a sender but no receiver needs to refuse. A decoded message lists these; `strict` refuses
 * them, and what the library builds has none.
 *
 * | rule | what is wrong | section |
 * | --- | --- | --- |
 * | `forbidden_character` | a character outside the set of the member | RFC 6749 §5.2, §3.3, App. A |
 * | `empty_text` | a text of no characters where the grammar asks for one at least | RFC 6749 App. A |
 * | `not_a_uri_reference` | an error_uri, redirect_uri or instance that is not a URI reference | RFC 6749 §5.2, App. A.6, RFC 9290 §2 |
 * | `not_an_absolute_uri` | a base-uri that is not an absolute URI | RFC 9290 §2, RFC 3986 §5.1 |
 * | `not_a_language_tag` | a base-lang that is not a language tag | RFC 9290 §2, App. A |
 * | `unassigned_code` | an integer that is neither registered nor private use | RFC 9200 §8.4 |
 * | `integer_hint` | a token_type_hint as an integer, which RFC 9200 Figure 9 shows and Table 6 does not allow | RFC 9200 §5.9.4 |
 * | `members_of_inactive` | an introspection response that tells more of an inactive token than that | RFC 7662 §2.2 |
 * | `text_key` | a text for a CBOR key under the name of a parameter that has an integer | RFC 9200 §5.8.5 |
 * | `private_key` | a private key in a confirmation | RFC 8747 §3.2 |
 * | `member_of_another_grant` | a redirect_uri or username that the grant type does not have | RFC 6749 §4, §6 |
 * | `null_member` | an optional JSON member that is null, which is taken as absent | RFC 6749 §5.1, RFC 7662 §2.2 |
 * | `loose_base64url` | base64url with padding, or with bits in its last character that stand for nothing | RFC 7515 §2, RFC 4648 §3.5 |
 */
export type ViolationRule =
  | 'forbidden_character'
  | 'empty_text'
  | 'not_a_uri_reference'
  | 'not_an_absolute_uri'
  | 'not_a_language_tag'
  | 'unassigned_code'
  | 'integer_hint'
  | 'members_of_inactive'
  | 'text_key'
  | 'private_key'
  | 'member_of_another_grant'
  | 'null_member'
  | 'loose_base64url'

/** What a sender should have sent instead, for the rules that an error response can break. */
export const errorSentences = {
  forbidden_character: 'no quotation mark, no backslash, and no character outside printable ASCII',
  empty_text: 'at least one character',
  not_a_uri_reference: 'a URI reference (RFC 3986 section 4.1)',
  unassigned_code: 'a registered integer, or one below -65536 for private use',
  text_key: 'the integer that is registered for this name',
  null_member: 'no member at all where there is no value',
} as const satisfies Partial<Record<ViolationRule, string>>

/** A rule that an error response can break. */
export type ErrorRule = keyof typeof errorSentences

/** One thing that the sender should not have done. */
export interface Violation {
  /** What, as one of a closed list. */
  readonly rule: ViolationRule
  /** The member, by its OAuth name. */
  readonly path: string
}

/** Is told of something that is taken, though the sender should not have sent it. */
export type Report = (rule: ViolationRule, path: string) => void

/** What may not be sent on of what was received: an unassigned code may have been assigned since, and null is not written again. */
export function unsendable(violations: readonly Violation[]): Violation | undefined {
  return violations.find(({ rule }) => rule !== 'unassigned_code' && rule !== 'null_member')
}
