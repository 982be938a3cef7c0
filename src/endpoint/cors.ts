/** What a preflight is answered with; a browser may remember it for ten minutes. */
export const preflightHeaders: Readonly<Record<string, string>> = {
  'access-control-allow-methods': 'GET, POST',
  'access-control-allow-headers': 'Authorization, Content-Type, Accept',
  'access-control-max-age': '600',
}

/** What a browser is told of who may read an answer. */
export function corsHeaders(origins: ReadonlySet<string>, origin: string | null): Record<string, string> {
  if (origins.size === 0) return {}
  // Caches keep the answers to different origins apart.
  if (origin === null || !origins.has(origin)) return { vary: 'origin' }
  return {
    vary: 'origin',
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'WWW-Authenticate, Retry-After',
  }
}

/** Whether a browser asks what it may do, and may do it. */
export function isPreflight(
  method: string,
  headers: { get(name: string): string | null },
  cors: Readonly<Record<string, string>>,
): boolean {
  return (
    method === 'OPTIONS' &&
    cors['access-control-allow-origin'] !== undefined &&
    headers.get('access-control-request-method') !== null
  )
}

/**
 * The origins of an option.
 *
 * @throws TypeError for one that no browser would send
 */
export function checkedOrigins(origins: readonly string[]): ReadonlySet<string> {
  for (const origin of origins) {
    const isOrigin =
      typeof origin === 'string' &&
      URL.canParse(origin) &&
      new URL(origin).origin === origin &&
      !origin.includes('*')
    if (!isOrigin)
      throw new TypeError(`no origin: ${String(origin)}; expected one such as https://app.example.com`)
  }
  return new Set(origins)
}
