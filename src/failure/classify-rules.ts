import { type AuthFailureKind, errorsOf, oauthErrors } from './classify-errors.ts'

/** One row of the table. The first row that fits decides. */
export interface ClassifyRule {
  /** `near_miss` looks like an authentication failure and is none. */
  readonly kind: AuthFailureKind | 'near_miss'
  /** HTTP statuses and CoAP codes, one of which was answered: `401 4.01`, `5xx`. */
  readonly status?: string
  /** OAuth and ACE error codes, one of which was told: `invalid_grant invalid_token`. */
  readonly error?: string
  /**
   * Phrases and codes, one of which was said. All is read in lower case, and error codes and class names in snake case:
   * `ExpiredTokenException` is `expired_token_exception`.
   *
   * A phrase is a regular expression with three abbreviations. A space stands for a space or `_`: the phrase
   * `token expired` is found in sentences and codes, `token_expired` in codes only. `…` stands for up to 80 characters
   * within a sentence; it is the only wildcard, as what it covers is kept out of the result. `CREDENTIAL` stands for
   * what people present. A phrase begins and ends between words, and repeats nothing without a bound, so that the work
   * is linear in the text.
   */
  readonly says?: readonly string[]
}

/** What `CREDENTIAL` stands for. */
const credential =
  '(token|jwt|cwt|credentials?|password|pin|api key|client secret|grant|ticket|assertion|client certificate|(authorization|device|auth|login) code|(your|sso|login|user) session)'

/** The pattern of all phrases of a row together. What a `…` covers is a group of its own. */
export function patternOf(says: readonly string[]): RegExp {
  const source = says
    .join('|')
    .replaceAll('CREDENTIAL', credential)
    .replace(/(?<!\\)\((?!\?)/g, '(?:')
    .replaceAll(' ', '[ _]')
    .replaceAll('…', '([^.\\n]{0,80}?)')
  return new RegExp(`(?<![a-z0-9])(?:${source})(?![a-z0-9])`)
}

/** What to do about each kind. */
export const remedies: Readonly<Record<AuthFailureKind, string>> = {
  not_authenticated: 'Log in, or configure credentials for this call.',
  expired: 'Log in again, or renew the credentials that ran out.',
  invalid_credentials: 'Check which credentials are presented; replace them if they are wrong or revoked.',
  rate_limit: 'Keep the credentials; wait, raise the quota, or settle the bill.',
  provider_error:
    'Repair the identity provider, key store or HSM behind the server; logging in again does not help.',
  other: 'Check who the caller is, what it may do, and its clock; the credentials may be fine.',
}

/** A rule for all error codes of one kind. */
function byError(kind: ClassifyRule['kind']): ClassifyRule {
  return {
    kind,
    error: errorsOf(kind).join(' '),
  }
}

const expiredPhrases: readonly string[] = [
  'CREDENTIAL… (?<!not |never |if )expired',
  'expired (access |refresh |web )?(token|jwt|credentials?|password|code)',
  '(?<=: )(token is|session) not active$',
  'stale token',
  'access_denied…request has expired',
  'not valid in the specified time frame',
  'no longer valid',
  'reauth(entication)? … ?(error|failed|required|needed)',
  'error, data (532|701|773)',
  'aadsts(700024|70008\\d|7000222|70043|50055|50173)',
  'e0000005',
  'login time-?out',
  '(?<!rrsig |dnssec )signature has expired',
  '(log|sign) ?in again',
  '(re-?login|authenticate again)',
  'authentication expired',
  'nt_status_password_expired',
]

/**
 * The rules, in the order in which they are tried.
 *
 * To add a phrase, first put the failure into `vectors/auth-failures.json`, and a near miss beside it.
 */
export const classifyRules: readonly ClassifyRule[] = [
  // Absent, not allowed, too large: what a page of that kind says of logging in is an offer. 419 is a form's CSRF token.
  { kind: 'near_miss', status: '404 405 410 413 419 422 4.04 4.05 4.13' },
  // Tests and compilers quote what they are about.
  {
    kind: 'near_miss',
    says: [
      'assertion_error',
      '●',
      '(--- fail:|fail(ed)? …\\.(test|py::))…',
      'syntax_error',
      'unexpected token',
      'error(\\[e| ts)\\d\\d…',
    ],
  },

  // What stands behind the server. Where the server itself failed, a rejected login is the server's own.
  {
    kind: 'provider_error',
    status: '5xx',
    says: ['(ckr_…|vault:|hsm|kms|ldap|identity provider|introspection request|signing key)'],
  },
  { kind: 'invalid_credentials', says: ['invalid_login'] },
  // The health of a standby node of Vault has the status 429.
  { kind: 'near_miss', says: ['standby: true'] },
  { kind: 'rate_limit', status: '429 4.29' },
  // An error code comes before the words around it. What the words may add is why a grant or a token is not valid.
  byError('provider_error'),
  { kind: 'near_miss', status: '5xx', error: oauthErrors.join(' ') },
  byError('rate_limit'),
  { kind: 'invalid_credentials', error: 'unauthorized_client', says: ['aadsts700016'] },
  { kind: 'invalid_credentials', status: '401', error: 'unauthorized_client', says: ['invalid client'] },
  { kind: 'other', status: '401', error: 'unauthorized_client' },
  byError('near_miss'),
  // The user or the server said no to this client, whoever it is.
  { kind: 'invalid_credentials', status: '401', error: 'access_denied' },
  { kind: 'near_miss', says: ['error[:=] ?access_denied'] },
  {
    kind: 'near_miss',
    error: 'invalid_grant invalid_token',
    says: ['((jwt |")aud(ience|")|audiences in jwt)'],
  },
  {
    kind: 'not_authenticated',
    error: 'invalid_client interaction_required',
    says: ['aadsts(7000218|50058)', '(missing|no) client credentials'],
  },
  {
    kind: 'expired',
    error: 'invalid_client',
    says: ['aadsts(700024|7000222)', '(secret|assertion|certificate|keys)… expired'],
  },
  { kind: 'invalid_credentials', error: 'invalid_client invalid_dpop_proof' },
  {
    kind: 'invalid_credentials',
    error: 'invalid_grant invalid_token',
    says: [
      'maybe token expired',
      'expired,? (or )?(revoked|invalid|malformed)',
      '(invalid|revoked|malformed|incorrect),? (or )?expired',
    ],
  },
  {
    kind: 'other',
    error: 'invalid_grant',
    says: [
      'mfa_required',
      'aadsts(5007[469]|50105|53003|65001)',
      'consent_required',
      '(multi-?factor|second factor|two-factor)',
    ],
  },
  {
    kind: 'expired',
    error: 'invalid_grant invalid_token',
    says: [...expiredPhrases, '(has|is|was|jwt) expired', 'not active'],
  },
  { kind: 'invalid_credentials', error: 'invalid_grant invalid_token' },
  byError('expired'),
  byError('not_authenticated'),
  { kind: 'expired', error: 'access_denied', says: ['request has expired'] },
  byError('other'),

  {
    kind: 'near_miss',
    says: [
      // the token of a form
      '[cx]srf',
      // a cursor, a lock, a link
      '(pag(e|ing|ination)|sync|next|continuation|scroll|lock|lease|cancell?ation|reset|verification|upload|download|registration) token',
      // the passphrase of a file
      '(bad decrypt|password for file|password\\?|pkcs ?12|keystore password|skipping:|incorrect passphrase|wrong passphrase)',
      '(pdf|archive|zip|file) is encrypted',
      'dnssec',
      'connection reset by peer',
      'package name',
      // a cluster's quota on what runs in it
      'exceeded quota:',
      // a rule for new passwords
      'password (must (be at|have|contain|include|not)|did not|should)',
      // steps of a protocol: OSCORE (RFC 8613), Echo (RFC 9175)
      'replay detected',
      'echo option',
      // the server's certificate, unless it is called the client's; a TLS alert does not tell
      '(?<!client )certificate (has |is |was )?(expired|revoked|unknown|signed)',
      'x509:',
      // what else runs out
      '(cached?|cookie|lease|licen[cs]e|domain) … expired?',
      // the login worked, the database is unknown or a privilege is missing
      "(cannot open|' to) database",
      // another audience's token
      '((jwt |")aud(ience|")|audiences in jwt)',
      // API Gateway says so of every route that it does not know
      'missing_authentication_token_exception',
    ],
  },

  {
    kind: 'provider_error',
    says: [
      'jwks… (failed|timeout)',
      'failed to fetch jwks',
      'your identity provider',
      'kms_internal',
      'cannot contact any kdc',
      'temporary authentication failure',
      'vault is sealed',
      'hsm … not active',
      'ckr_(device|token_not)_…',
      'arn:aws:kms:… is (disabled|pending deletion)',
      'on a disabled key',
    ],
  },
  {
    kind: 'rate_limit',
    says: [
      '(too_many_attempts|attempts? (limit )?exceeded|too many times in a row)',
      'auth\\/too-many-requests',
      'request_limit_exceeded',
      '(reduce your request rate|rate exceeded)',
      'request limit reached',
      '(rate|api|requests?|usage|billing) (limit|quota)… (exceeded|reached|exhausted)',
      '(exceeded|reached) … rate limit',
      'throughput_exceeded',
      'quota exceeded for',
      'your current quota',
      '(?<=: )quota exceeded$',
      'too ?many ?requests(?! queued)',
      '(\\(throttling\\)|throttling_exception)',
      'billing_(disabled|error)',
      'credits? … (too low|exceeded|exhausted)',
    ],
  },
  // A server that failed says nothing of the caller.
  { kind: 'near_miss', status: '5xx' },

  // Where both are said, what holds either way.
  {
    kind: 'invalid_credentials',
    says: [
      'CREDENTIAL… (invalid,?|revoked|incorrect|malformed) (or |has )?expired',
      '(invalid,?|revoked|malformed|incorrect),? or expired… CREDENTIAL',
      '(CREDENTIAL|session)… expired or (revoked|invalid)',
      'bad_verification_code',
      'expired or is not yet valid',
    ],
  },
  {
    kind: 'other',
    says: [
      '(missing or (invalid|incorrect|expired)|(invalid|incorrect|expired) or missing)… CREDENTIAL',
      // a second factor, a sign-in policy, consent
      'mfa_required',
      'aadsts(5007[469]|50105|53003|65001)',
      '((use|enroll in) multi-factor authentication|one-time password)',
      // said of every 401, with credentials and without
      'must be logged in to the server',
      'no pg_hba',
      'request_time_too_skewed',
      'is now earlier than',
      'clock skew',
      'invalid or non-existent authentication',
      '(token|jwt) (is )?not (active|valid yet)',
      'not_before_error',
      'strong(\\(er\\))? authentication required',
      'validate the provided access credentials',
    ],
  },
  { kind: 'expired', says: expiredPhrases },
  {
    kind: 'not_authenticated',
    says: [
      '(?<!has )not ((currently )?(logged|signed) in|authenticated)(?! on)',
      'be logged in',
      'not logged into',
      'please run:? … login',
      '(?<!_)login_required',
      'not_authed',
      'aadsts7000218',
      'active account selected',
      '(requires authentication|authentication (is )?required)',
      '(no|missing|locate|load)( (the|valid|suitable|default|client|required|authentication)){0,2} (credentials|valid credential)(?! (to|passed))',
      '(no|missing) (api key|password supplied|required ssl certificate|a bearer|(client|access|authentication) token)',
      'credentials?_(missing|unavailable)…',
      'credentials were not found',
      '((access|bearer|auth) token|authorization header|jwt|alert certificate)( is)? (empty|missing|required|must be provided)',
      '(?<=: )token required$',
      'password must be a string',
      'using password: no',
      '(access|auth|api|secret)…_(token|key) (must be|is not|not) set',
      'could not read (username|password)',
      'token for … does not exist',
      'could not automatically determine credentials',
      '(missing required authentication credential|partial credentials)',
      'no (basic auth|existing|psk) credentials',
      'required to read the password',
      'you must be authenticated',
      'requires an authenticated account',
      'token environment variable',
      'unregistered callers',
      '(tls|alert): certificate required',
      'no (auth|authorization|authentication) (token|header)',
      'no authorization (token )?was found',
      '(access|auth|api|jwt|bearer|authorization) (token|key|header)( was| is)? not (provided|found|supplied|present)',
      'missing authorization header',
      'no user/password',
      "did(n't| not) provide an api key",
      '(have you run|running) … login',
      'log in with … login',
      'please set a token',
      'token could not be found',
      'configure default credentials',
    ],
  },
  {
    kind: 'invalid_credentials',
    says: [
      '(incorrect|wrong|invalid|bad)( (user ?name|user( id)?|email|client|role|(o_?)?auth|authentication|or|and|the)){0,4}( |/)(password|credentials?|(x-)?api key|secret id|(access|api|(o_?)?auth|bearer|client|id|job|refresh|security|service|session) token|authorization code|jwt)(?! (argument|attempts|count|data|fi|format|indicator|length|line|name|policy|time|type))',
      '(password|passphrase|credentials?|api key|pin|token)( you entered)?( is| are| was)? (incorrect|locked|not correct|rejected|wrong)',
      '(api key|credentials)… (not valid|could not be found)',
      'CREDENTIAL (is |was |were |has been )?(rejected|revoked)',
      '(?<!billing |storage )(account|user)( account)? (is |has been )?(blocked|disabled|locked)',
      'token is (invalid|not valid)',
      'security token … is invalid',
      '(token|key) seems to be invalid',
      'login (failed for user|incorrect|was refused)',
      '(auth|logon|login) fail(ed|ure)',
      '(password authentication failed|authentication failed for|authentication failure)',
      'too many authentication failures',
      'permission denied \\(…(publickey|password)',
      'access denied for user',
      'or password invalid',
      'the ssl certificate error',
      '(unknown psk identity|psk identity error|psk username is missing or not known|no pre-shared key found)',
      '(alert:?|tls:) bad certificate',
      '(username and )?password not accepted',
      'could not validate credentials',
      'protection_invalid',
      'role "…" does not exist',
      'permission denied, please try again',
      'access denied: 530',
      '(invalid login|authentication unsuccessful|preauthentication failed|could not authenticate|failed to authenticate user)',
      '(?<!server )not found in kerberos database',
      'credentials have been revoked',
      'account_inactive',
      'password mismatch',
      'user "…" was not found',
      'verify secret hash',
      'token signature',
      '(?<!webhook )signature (is invalid|validation failed)',
      '(?<!webhook )invalid signature',
      '(jws_invalid|not enough segments)',
      'incorrect password attempts',
      'authentication methods failed',
      'acl not found',
      'incorrect authentication details',
      'session has been invalidated',
      'authentication failed',
      'authentication error',
      'unauthenticated: invalid',
      '(jwt|jws|cwt)… verification fail(s|ed)',
      'json_web_token_error',
      '(?<!_)invalid_(access_key_id|auth|signature_error|client|dpop_proof|grant|identity_token|token)(?!_)',
      'authentication_?failed',
      'signature_does_not_match',
      'user_not_found_exception',
      'accept_security_context error',
      'wrongpass',
      'auth\\/(wrong-password|invalid-credential|user-not-found)',
      'aadsts700016',
    ],
  },
  // Where the status leaves no doubt, a word will do.
  { kind: 'expired', status: '401 4.01', says: ['expired'] },
  { kind: 'other', status: '401 4.01', says: ['(missing|provided),? or', 'or (a )?missing'] },
  { kind: 'invalid_credentials', status: '403 498', says: ['invalid token'] },
  {
    kind: 'invalid_credentials',
    status: '401 4.01',
    says: [
      'invalid',
      'bad format',
      'incorrect',
      'not (correct|valid)',
      'malformed',
      'revoked',
      'signature',
      'unable to authenticate',
      'wrong',
    ],
  },
  {
    kind: 'not_authenticated',
    status: '401 4.01',
    says: ['missing', 'not provided', 'no (token|valid)', 'unauthenticated', 'empty', 'certificate required'],
  },
  // A request without credentials gets a challenge without an error code: RFC 6750 section 3.1.
  {
    kind: 'not_authenticated',
    status: '401',
    says: ['www-authenticate: (bearer|dpop|basic|digest|negotiate|ntlm)(?!.{0,400}error)'],
  },
  { kind: 'other', status: '401 407 4.01' },

  // A refusal that something else explains than the caller.
  {
    kind: 'near_miss',
    says: [
      'audiences?',
      '(may|does) not exist',
      '(service|resource|model) not found',
      'not authorized to access resource',
      '(country|region), … not supported',
      'callback url',
      'unauthorized_client',
      '(request blocked|is (blocked|disabled|not (enabled|supported)))',
      'cannot publish over',
      'cluster_block_exception',
      'licen[cs]e',
      'row-level security',
      'service_disabled',
      'card_error',
      // an address that a firewall keeps out
      'error code:? 1020',
      'address is not authorized',
      // the network
      'timed? ?out',
      'connection (reset|refused(?!:))',
    ],
  },
  // A page for people comes from a web server or a firewall in front, and no credential was looked at.
  { kind: 'near_miss', status: '403', says: ['<(!doctype )?html'] },
  // A reason that speaks of anything else.
  {
    kind: 'near_miss',
    status: '403',
    says: [
      '(message|detail):(?!.{0,200}(access|auth|credential|denied|forbidden|permission|privilege|role|scope|token))',
    ],
  },
  {
    kind: 'other',
    says: [
      '\\((access_denied|authorization_failed|forbidden|unauthorized_operation)\\)',
      '((access_denied|not_authorized|forbidden)_exception|(?<!_)permission_denied|(16|status:) unauthenticated)',
      'access to the resource is denied',
      '(topic|group|cluster)_authorization_exception',
      '(noperm|no permissions to run)',
      'not in the sudoers',
      'insufficient access',
      'nt_status_access_denied',
      'not authorized on … to execute',
      'code = unauthenticated',
      'missing_scope',
      'connection refused: not authori[sz]ed',
      'authorization violation',
      '(insufficient_scope|missing or insufficient permissions)',
    ],
  },
  { kind: 'other', status: '403 4.03' },
  { kind: 'rate_limit', status: '402 429 4.29' },
]
