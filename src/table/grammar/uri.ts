// RFC 3986 Appendix A: unreserved and sub-delims, and what each part has besides. A run of them, with percent-encoded bytes
// between, is written `[]*(?:%..[]*)*`, which V8 matches faster than one alternative per character.
const common = "-\\w.~!$&'()*+,;="
const run = (more: string): string => `[${common}${more}]*(?:%[\\da-f]{2}[${common}${more}]*)*`
const scheme = '[a-z][a-z\\d+.-]*:'
const authority = `(?:${run(':')}@)?(?:\\[[^\\]]*\\]|${run('')})(?::\\d*)?(?=[/?#]|$)`

// The first segment of a relative reference has no colon, and a path without an authority does not begin with two slashes.
const reference: RegExp = /* @__PURE__ */ new RegExp(
  `^(?:${scheme}|(?![^/?#]*:))(?://${authority}|(?!//))${run('/:@')}(?:\\?${run('/:@?')})?(?:#${run('/:@?')})?$`,
  'i',
)

/** Whether a text is a URI reference: a URI, or one relative to another, which may be empty (RFC 3986 §4.1). */
export function isUriReference(text: string): boolean {
  if (!reference.test(text)) return false
  const bracket = text.indexOf('[')
  return bracket < 0 || isIpLiteral(text.slice(bracket + 1, text.indexOf(']')))
}

/** Whether a text is an absolute URI, which has a scheme and no fragment (RFC 3986 §4.3). */
export function isAbsoluteUri(text: string): boolean {
  return /^[^/?#]+:[^#]*$/.test(text) && isUriReference(text)
}

/** Whether what stands in brackets is an IPv6 address or a later kind of address (RFC 3986 §3.2.2). */
function isIpLiteral(text: string): boolean {
  if (/^v[\da-f]+\.[\w.~!$&'()*+,;=:-]+$/i.test(text)) return true
  if (!/^[\da-f:.]+$/i.test(text)) return false
  try {
    return new URL(`http://[${text}]`).hostname !== ''
  } catch {
    return false
  }
}

/** Whether the host of a URL, as the URL class writes it, is this machine: what is sent to it leaves no machine. */
export function isThisMachine(hostname: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)
}
