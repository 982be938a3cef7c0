/** How deep causes are followed, and how many errors of an AggregateError are looked at. */
const maxDepth = 8
const maxErrors = 16

/** No connection came about, so that the server has not seen the request: codes of Node, its resolver, undici, Bun and Deno. */
const neverSent =
  /^(?:E(?:CONNREFUSED|HOSTUNREACH|HOSTDOWN|NETUNREACH|NETDOWN|ADDRNOTAVAIL|NOTFOUND|NODATA|SERVFAIL|REFUSED|TIMEOUT|PROTO)|EAI_\w+|UND_ERR_CONNECT_TIMEOUT|ConnectionRefused|FailedToOpenSocket|\w*SELF_SIGNED_CERT\w*|HOSTNAME_MISMATCH|(?:CERT|CRL|UNABLE_TO|ERR_TLS)_\w+|ERR_SSL_(?!DECRYPTION|BAD_RECORD|SHUTDOWN)\w+)$/

/** The connection broke, or nobody answered: the server may have seen the request. */
const broken =
  /^(?:E(?:CONNRESET|CONNABORTED|TIMEDOUT|SOCKETTIMEDOUT|PIPE|NOTCONN)|ERR_(?:NETWORK|STREAM_PREMATURE_CLOSE|HTTP2_\w+|SSL_\w+)|UND_ERR_(?:SOCKET|\w+_TIMEOUT|RES_\w+)|Connection(?:Reset|Aborted|Closed)|NotConnected|BrokenPipe|TimedOut)$/

/** What fetch says in browsers, workers and Deno, where an error has no code. */
const fetchMessage =
  /^(?:fetch failed|failed to fetch|networkerror when|network (?:error|connection lost)|load failed|terminated$|error sending request)/i
const fetchNeverSent =
  /connection refused|dns error|name or service not known|no route to host|unreachable|certificate|before secure tls|handshake/i

/**
 * Whether an error is that of a network, and whether the server can have seen the request: `never_sent` where no
 * connection came about (refused, no name, no TLS), so that repeating does no harm; `perhaps_sent` otherwise.
 *
 * Reads the codes of Node, undici, Bun and Deno, and the messages of fetch, among causes and aggregated errors. Never throws.
 *
 * @returns undefined for any other error
 */
export function notReached(error: unknown): 'never_sent' | 'perhaps_sent' | undefined {
  return look(error, 0)
}

function look(error: unknown, depth: number): 'never_sent' | 'perhaps_sent' | undefined {
  if (typeof error !== 'object' || error === null || depth === maxDepth) return undefined
  const code = read(error, 'code')
  const name = read(error, 'name')
  const message = read(error, 'message')
  const text = typeof message === 'string' ? message.slice(0, 500) : ''
  // A timeout of connect(2), and a connection that ended during the TLS handshake.
  if (code === 'ETIMEDOUT' && read(error, 'syscall') === 'connect') return 'never_sent'
  if (code === 'ECONNRESET' && /before secure tls/i.test(text)) return 'never_sent'
  for (const word of [code, name]) {
    if (typeof word !== 'string') continue
    if (neverSent.test(word)) return 'never_sent'
    if (broken.test(word)) return 'perhaps_sent'
  }
  const within = look(read(error, 'cause'), depth + 1) ?? lookAtAll(read(error, 'errors'), depth + 1)
  if (within) return within
  // Other errors say such things too, but not with these names.
  if (!['TypeError', 'NetworkError', 'Error'].includes(`${name}`) || !fetchMessage.test(text))
    return undefined
  return fetchNeverSent.test(text) ? 'never_sent' : 'perhaps_sent'
}

/** Happy Eyeballs tries several addresses: nothing was sent only if none of them was reached. */
function lookAtAll(errors: unknown, depth: number): 'never_sent' | 'perhaps_sent' | undefined {
  if (!Array.isArray(errors) || errors.length === 0) return undefined
  const found = Array.from({ length: Math.min(errors.length, maxErrors) }, (_, i) =>
    look(read(errors, `${i}`), depth),
  )
  if (found.every((one) => one === 'never_sent')) return 'never_sent'
  return found.some(Boolean) ? 'perhaps_sent' : undefined
}

/** Reads a member of an error that somebody else made: its getters may throw. */
export function read(value: object, name: string): unknown {
  try {
    return (value as Readonly<Record<string, unknown>>)[name]
  } catch {
    return undefined
  }
}
