/**
 * What the RFCs forbid a sender but no receiver needs to refuse. A decoded message lists these; `strict` refuses
 * them, and what the library builds has none.
 *
 * | rule | what is wrong | section |
 * | --- | --- | --- |
 * | `forbidden_character` | a character outside the set of the member | RFC 6749 §5.2, §3.3, App. A |
 * | `empty_text` | a text of no characters where the grammar asks for one at least | RFC 6749 App. A |
 * | `not_a_uri_reference` | an error_uri or redirect_uri that is no URI reference | RFC 6749 §5.2, App. A.6 |
 * | `unassigned_code` | an integer that is neither registered nor private use | RFC 9200 §8.4 |
 * | `integer_hint` | a token_type_hint as an integer, which RFC 9200 Figure 9 shows and Table 6 does not allow | RFC 9200 §5.9.4 |
 * | `members_of_inactive` | an introspection response that tells more of an inactive token than that | RFC 7662 §2.2 |
 */
export type ViolationRule =
  | 'forbidden_character'
  | 'empty_text'
  | 'not_a_uri_reference'
  | 'unassigned_code'
  | 'integer_hint'
  | 'members_of_inactive'

/** One thing that the sender should not have done. */
export interface Violation {
  /** What, as one of a closed list. */
  readonly rule: ViolationRule
  /** The member, by its OAuth name. */
  readonly path: string
}

/** What may not be sent on of what was received: an unassigned code may have been assigned since. */
export function unsendable(violations: readonly Violation[]): Violation | undefined {
  return violations.find(({ rule }) => rule !== 'unassigned_code')
}
