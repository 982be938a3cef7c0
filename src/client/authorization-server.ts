import { isThisMachine } from '../table/grammar/uri.ts'

/**
 * An authorization server as a client knows it: members of its metadata (RFC 8414 §2), which `discoverAuthorizationServer`
 * fetches, or which are written into the configuration of the device.
 */
export interface AuthorizationServer {
  /** Its identifier, an https URL. `privateKeyJwt` needs it. */
  readonly issuer?: string | undefined
  readonly token_endpoint?: string | undefined
  readonly introspection_endpoint?: string | undefined
  readonly revocation_endpoint?: string | undefined
}

/** The endpoints of an authorization server, by the names of their members. */
type EndpointMember = Exclude<keyof AuthorizationServer, 'issuer'>

/** Whether plain HTTP is taken. */
export interface PlainHttpOption {
  /**
   * Takes plain HTTP on other machines than this one, where everybody on the way reads secrets and tokens: for test networks alone.
   * `http://localhost`, `http://127.0.0.1` and `http://[::1]` are always taken, since nothing leaves the machine. Default: false.
   */
  readonly insecurePlainHttp?: boolean | undefined
}

/**
 * The URL of an endpoint.
 *
 * @throws TypeError for a server that has none, and for a URL that is not https, or has a user name or a fragment
 */
export function endpointUrl(
  server: AuthorizationServer,
  member: EndpointMember,
  options: PlainHttpOption,
): string {
  const given: unknown = server?.[member]
  if (given === undefined) throw new TypeError(`the authorization server has no ${member}`)
  const wrong = wrongUrl(given, options)
  if (wrong) throw new TypeError(`${member}: ${wrong}`)
  return given as string
}

/** What is wrong about the URL of an authorization server, if anything (RFC 9200 §6.5, RFC 6749 §3.2). */
export function wrongUrl(given: unknown, { insecurePlainHttp }: PlainHttpOption): string | undefined {
  if (typeof given !== 'string' || !URL.canParse(given)) return 'expected an absolute URL'
  const { protocol, hostname, username, password } = new URL(given)
  if (given.includes('#')) return 'expected a URL without a fragment'
  if (username || password) return 'expected a URL without a user name and a password'
  if (protocol === 'https:') return undefined
  if (protocol !== 'http:') return `expected https, got ${protocol.slice(0, -1)}`
  return insecurePlainHttp === true || isThisMachine(hostname)
    ? undefined
    : 'expected https: over http everybody on the way reads secrets and tokens (insecurePlainHttp takes it)'
}
