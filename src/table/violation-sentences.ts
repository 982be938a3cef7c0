import { errorSentences, type ViolationRule } from './violation.ts'

/** What a sender should have sent instead, in a few words: what an error for a violation says that it expected. */
export const violationSentences: Readonly<Record<ViolationRule, string>> = /* @__PURE__ */ Object.freeze({
  ...errorSentences,
  not_an_absolute_uri: 'an absolute URI (RFC 3986 section 4.3)',
  not_a_language_tag: 'a language tag, such as en or de-CH',
  integer_hint: 'a text',
  members_of_inactive: 'no other member beside active: false',
  private_key: 'a public key',
  member_of_another_grant: 'no member of another grant type',
  loose_base64url: 'base64url without padding and with no unused bits set',
})

/** What was expected where a rule was broken: of a character, those that the type of the member has. */
export function expectedFor(rule: ViolationRule, type: { readonly characters?: string } = {}): string {
  return (rule === 'forbidden_character' && type.characters) || violationSentences[rule]
}
