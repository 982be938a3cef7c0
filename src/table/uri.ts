// A URI reference (RFC 3986 §4.1), an absolute URI or one relative to another.
// A scheme, or a first segment without a colon; then characters and percent-encoded bytes, with at most one fragment
// (RFC 3986 App. A), letters of both cases. What is left open is where the brackets of an IPv6 address stand.
// Characters are taken eight at a time, which an engine reads faster than one by one, up to the first percent-encoded byte.
export const uriReference: RegExp =
  /^(?:[a-z][a-z\d+.-]*:|(?![^/?#]*:))(?:[!$&-;=?-[\]_~][!$&-;=?-[\]_~][!$&-;=?-[\]_~][!$&-;=?-[\]_~][!$&-;=?-[\]_~][!$&-;=?-[\]_~][!$&-;=?-[\]_~][!$&-;=?-[\]_~])*[!$&-;=?-[\]_~]{0,7}(?:%[\da-f]{2}(?:[!$&-;=?-[\]_~]|%[\da-f]{2})*)?(?:#(?:[!$&-;=?-Z_~]|%[\da-f]{2})*)?$/i

/** Whether a text is an absolute URI, which has a scheme and no fragment (RFC 3986 §4.3). */
export function isAbsoluteUri(text: string): boolean {
  return uriReference.test(text) && /^[^/?#]+:[^#]*$/.test(text)
}
