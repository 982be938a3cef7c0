// The grammars that the RFCs give texts, each written once. A sender keeps to them; what a receiver finds is a violation.

import type { ViolationRule } from '../violation.ts'
import { isAbsoluteUri, isUriReference } from './uri.ts'

/** What a text has to be when it is sent. */
export interface Grammar {
  /** Whether a text that is not empty keeps to the grammar. */
  readonly matches: (text: string) => boolean
  /** What is wrong about one that does not. */
  readonly rule: ViolationRule
  /** Which characters are right, for a rule of `forbidden_character`. */
  readonly characters?: string
  /** Whether the empty text is right. */
  readonly mayBeEmpty: boolean
}

const visible = 'printable ASCII characters'

/** `*VSCHAR`: a client_id or client_secret (RFC 6749 App. A.1, A.2). */
export const anyVisible: Grammar = {
  matches: isVisible,
  rule: 'forbidden_character',
  characters: visible,
  mayBeEmpty: true,
}

/** `1*VSCHAR`: a state, code, access token or refresh token (RFC 6749 App. A.5, A.11, A.12, A.17). */
export const someVisible: Grammar = {
  matches: isVisible,
  rule: 'forbidden_character',
  characters: visible,
  mayBeEmpty: false,
}

/** `*UNICODECHARNOCRLF`: a username or password (RFC 6749 App. A.15, A.16). */
export const userText: Grammar = {
  matches: (text) => /^[\t -~\x80-\ufffd]*$/.test(text),
  rule: 'forbidden_character',
  characters: 'no control character but the tab',
  mayBeEmpty: true,
}

/** `scope-token *( SP scope-token )` (RFC 6749 §3.3, App. A.4). */
export const scopeTokens: Grammar = {
  matches: isScope,
  rule: 'forbidden_character',
  characters:
    'scope tokens of printable ASCII without quotation mark and backslash, with single spaces between',
  mayBeEmpty: false,
}

/** A URI reference: a redirect_uri (RFC 6749 App. A.6), the instance of problem details (RFC 9290 §2). */
export const uriReference: Grammar = {
  matches: isUriReference,
  rule: 'not_a_uri_reference',
  // An empty reference is one to the current document (RFC 3986 §4.4).
  mayBeEmpty: true,
}

/** An absolute URI, as a base is (RFC 3986 §5.1). */
export const absoluteUri: Grammar = { matches: isAbsoluteUri, rule: 'not_an_absolute_uri', mayBeEmpty: false }

/** A language tag, as tag 38 has it (RFC 9290 App. A). */
export const languageTag: Grammar = {
  matches: (text) => /^[a-z]{1,8}(?:-[a-z\d]{1,8})*$/i.test(text),
  rule: 'not_a_language_tag',
  mayBeEmpty: false,
}

/** `1*name-char / URI-reference`: a grant type or token type (RFC 6749 App. A.10, A.13). */
export const typeName: Grammar = {
  matches: (text) => /^[-.\w]+$/.test(text) || isUriReference(text),
  rule: 'forbidden_character',
  characters: 'letters, digits, - . and _, or a URI',
  mayBeEmpty: false,
}

// A loop is faster than a regular expression for short texts.
function isVisible(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x20 || code > 0x7e) return false
  }
  return true
}

function isScope(text: string): boolean {
  let wasSpace = true
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    const isSpace = code === 0x20
    if (isSpace ? wasSpace : code < 0x21 || code > 0x7e || code === 0x22 || code === 0x5c) return false
    wasSpace = isSpace
  }
  return !wasSpace
}
