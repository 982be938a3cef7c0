/** What ends the name of a secret, with or without a separator before it: `access_token`, `clientSecret`, `PGPASSWORD`. */
const secretEnd =
  /(?:tokens?|secrets?|pass(?:word|phrase|wd|code)s?|pwd|assertions?|authorization|cookies?|credentials?|creds|verifier|bearer|jw[tkse]s?|cwt|psks?|keymaterial|macaroons?|mnemonic|(?:api|access|account|shared|master|h?mac|private|secret|session|signing|encryption|decryption|cose|symmetric|aes|subscription|storage|wrapping|auth|client|app|nwk|network|pre)keys?|(?:device|user|auth|authorization|recovery|backup|verification|login)codes?)$/

/** Words that are secrets as the last word of a name, but not as the end of a longer word: compass, author, spin. */
const secretWords = new Set([
  'pass',
  'pw',
  'pin',
  'pins',
  'otp',
  'otps',
  'totp',
  'auth',
  'sig',
  'sas',
  'seed',
])

/** Names of secrets that are common words elsewhere, as whole names: the members of keys (RFC 7517, RFC 9203). */
const secretNames = new Set('k d p q dp dq qi ms key keys code codes'.split(' '))

/** What may follow the name of a secret without making it another thing: `newPassword1`, `tokenValue`, `passwordHash`. */
const suffixes = new Set(
  'value values val hash digest sha md bcrypt text txt str string raw plain plaintext base b hex bytes buffer data encoded new old current previous confirm confirmation again header field param input pem der'.split(
    ' ',
  ),
)

/** What makes it no secret: a count, a flag, or an error such as `invalid_token`. */
const notBefore = new Set(
  'invalid missing unsupported expired bad unknown unexpected no has is max min total num prompt completion public revoked unauthorized'.split(
    ' ',
  ),
)

/** The longest part of a name that is looked at, from its end, in characters. */
const longestName = 64

/** How sure a name is: `always`, or `as_name` for the short ones that mean other things in a sentence. */
export type NameSecrecy = 'always' | 'as_name' | undefined

/**
 * Whether what stands under a name is a secret. The one list, for the members of objects and for texts alike.
 *
 * @param name in any spelling: `refresh_token`, `refreshToken`, `Refresh-Token`, `--refresh-token`
 */
export function secrecyOf(name: string): NameSecrecy {
  const words =
    name
      .slice(-longestName)
      .replace(/([a-z\d])(?=[A-Z])/g, '$1_')
      .toLowerCase()
      .match(/[a-z]+|\d+/g) ?? []
  while (words.length > 1 && (/^\d/.test(words.at(-1)!) || suffixes.has(words.at(-1)!))) words.pop()
  const joined = words.join('')
  if (secretNames.has(joined)) return 'as_name'
  const last = words.at(-1) ?? ''
  if (notBefore.has(words.at(-2) ?? '')) return undefined
  return secretWords.has(last) || secretEnd.test(joined) ? 'always' : undefined
}

/** Whether a name is that of an HTTP header whose whole line is secret. */
export function isSecretHeader(name: string): boolean {
  return /^(?:(?:http[-_])?(?:proxy[-_])?authorization|(?:set-)?cookie2?|dpop|x-[\w-]*(?:token|key|secret|auth))$/i.test(
    name,
  )
}
