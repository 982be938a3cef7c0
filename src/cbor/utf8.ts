/**
 * Where bytes stop being UTF-8: the first byte that cannot be there, or `end` where the last character is cut off. -1 where
 * all is right. Overlong forms, surrogates and code points beyond U+10FFFF are no UTF-8 (RFC 3629 §3).
 */
export function firstInvalid(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end) {
    const lead = bytes[at++]!
    if (lead < 0x80) continue
    if (lead < 0xc2 || lead > 0xf4) return at - 1
    // What the second byte may be; all further ones are 80 to BF.
    let least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
    let most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
    for (let left = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3; left > 0; left--) {
      if (at === end) return end
      const byte = bytes[at]!
      if (byte < least || byte > most) return at
      at++
      least = 0x80
      most = 0xbf
    }
  }
  return -1
}
