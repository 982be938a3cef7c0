/** Whether all characters of a text are VSCHAR, %x20 to %x7E (RFC 6749 App. A). For short texts a loop is the fastest. */
export function isVisible(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x20 || code > 0x7e) return false
  }
  return true
}

/** Whether all characters of a text are UNICODECHARNOCRLF: no control but the tab (RFC 6749 App. A). */
export function isUserText(text: string): boolean {
  return /^[\t -~\x80-\ufffd]*$/.test(text)
}

/** Whether a text is scope tokens with single spaces between them: scope-token *( SP scope-token ) (RFC 6749 §3.3). */
export function isScope(text: string): boolean {
  let wasSpace = true
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    const isSpace = code === 0x20
    if (isSpace ? wasSpace : code < 0x21 || code > 0x7e || code === 0x22 || code === 0x5c) return false
    wasSpace = isSpace
  }
  return !wasSpace
}
