import { catalogue, type FailureCode } from './catalogue.ts'

/** What operators should know of a failure. */
export interface RunbookEntry {
  /** What has happened. */
  readonly meaning: string
  /** What to do about it, if anything. */
  readonly action: string
}

type Entries = Readonly<Record<string, readonly [meaning: string, action: string]>>

const clientsFault =
  'None, unless it is frequent: then tell the maintainer of the client, with the details of the log.'

/** By cause, for what goes wrong alike in several places; or by code. */
const entries: Entries = {
  rate_limited: [
    'A client sent more requests than its rate allows. It was told when to come back.',
    'None, unless a client needs the rate: then raise its limit. A client that ignores the wait is at fault or hostile.',
  ],
  unavailable: [
    'The server is starting, stopping, or has more work than it can take.',
    'See whether it is being deployed. If not, look at its load, and add capacity.',
  ],
  store_unavailable: [
    'The store did not answer, refused the connection, or failed in a statement. Nothing is known to be lost.',
    'Look at the cause in the log, then at the database: is it up, is its disk full, are its connections used up?',
  ],
  policy_error: [
    'A policy hook threw, or returned what is no decision. The request was refused, because no decision is no permission.',
    'Look at the cause in the log and repair the hook.',
  ],
  internal_error: [
    'Something failed that is no known failure: a defect of the software. The client was told nothing.',
    'Report it with the whole log event, and watch whether it comes again.',
  ],
  request_malformed: [
    'The payload is no well-formed message: not CBOR, not the form of HTTP, or with a parameter of the wrong type.',
    clientsFault,
  ],
  parameter_missing: ['The request lacks a parameter that is required.', clientsFault],
  parameter_repeated: ['The request has a parameter twice, or a CBOR map has a key twice.', clientsFault],
  parameter_unsupported: [
    'A parameter has a value that its specification or this server does not support.',
    clientsFault,
  ],
  nesting_too_deep: [
    'The payload is nested more deeply than the limit of the decoder. No message of ACE comes near the default.',
    'None, unless a legitimate client is refused: then raise the limit.',
  ],
  request_too_large: [
    'The payload is larger than the limit of the server.',
    'None, unless a legitimate client is refused: then raise the limit.',
  ],
  method_not_allowed: ['The request has a method that the endpoint does not take.', clientsFault],
  media_type_unsupported: [
    'The Content-Format or media type of the request is none that the endpoint takes.',
    'Let the client send application/ace+cbor over CoAP, and a form over HTTP.',
  ],
  client_credentials_missing: [
    'The client did not authenticate: no security context, no certificate, no secret.',
    'See that the client has credentials and uses them.',
  ],
  client_credentials_repeated: [
    'The client authenticated in more than one way in one request (RFC 6749, Section 5.2).',
    'Let the client use one way alone.',
  ],
  client_credentials_invalid: [
    'The client is known, but its secret, key, certificate or assertion is wrong, expired or revoked.',
    'Compare the credentials of the client with its registration. Many of these from one address are an attack.',
  ],
  client_auth_method_unsupported: [
    'The client authenticated in a way that the server, or its registration, does not allow.',
    'Change the way in the registration or in the client.',
  ],
  client_unknown: [
    'No client is registered under this identifier.',
    'Register the client, or correct its identifier. Many of these from one address are an attack.',
  ],
  client_not_allowed: [
    'The client is authenticated, but may not use this endpoint.',
    'Allow it in the registration of the client, if it should be allowed.',
  ],
  policy_denied: [
    'The policy refused the request on purpose.',
    'None, unless the decision is wrong: then change the policy.',
  ],

  token_grant_type_unsupported: [
    'The server does not support the grant type.',
    'Enable the grant type, or let the client use another.',
  ],
  token_grant_type_not_allowed: [
    'The server supports the grant type, but this client may not use it.',
    'Allow it in the registration of the client, if it should be allowed.',
  ],
  token_grant_invalid: ['The code, refresh token or other grant is unknown or malformed.', clientsFault],
  token_grant_expired: [
    'The grant was valid and ran out.',
    'None. If clients are too slow to use it, give the grant a longer lifetime.',
  ],
  token_grant_revoked: ['The grant was revoked.', 'None: the client has to obtain a new one.'],
  token_grant_used: [
    'A grant that is good for one use came a second time. It may have been stolen (RFC 6749, Section 10.5).',
    'See that the tokens of the first use are revoked, and find out who else has the grant.',
  ],
  token_grant_client_mismatch: [
    'The grant was issued to another client.',
    'Find out how this client came by it: it may have been stolen.',
  ],
  token_redirect_uri_mismatch: [
    'The redirect URI is not that of the authorization request.',
    'Correct the redirect URI in the client.',
  ],
  token_user_credentials_invalid: [
    'The user name or the password is wrong.',
    'None. Many of these for one user or from one address are an attack.',
  ],
  token_refresh_audience_changed: [
    'A refresh request named another audience than the initial token has (RFC 9200, Section 5.8.1).',
    'Let the client ask for a new grant.',
  ],
  token_refresh_key_changed: [
    'A refresh request named another proof-of-possession key than the initial token has (RFC 9200, Section 5.8.1).',
    'Let the client ask for a new grant.',
  ],
  token_refresh_scope_exceeded: [
    'A refresh request asked for more scope than was granted at first (RFC 6749, Section 6).',
    'Let the client ask for a new grant.',
  ],
  token_scope_missing: [
    'The request has no scope, and there is no default for this client.',
    'Give the client a default scope, or let it name one.',
  ],
  token_scope_malformed: ['The scope is no valid text or binary scope for this audience.', clientsFault],
  token_scope_unknown: [
    'The scope is not defined for this audience.',
    'Define it for the resource server, or correct it in the client.',
  ],
  token_scope_not_allowed: [
    'The client may not have any of the scope it asked for.',
    'Allow it in the registration of the client, if it should be allowed.',
  ],
  token_audience_missing: [
    'The request has no audience, and there is no default for this client.',
    'Give the client a default audience, or let it name one.',
  ],
  token_audience_unknown: [
    'No resource server is registered under this audience.',
    'Register the resource server, or correct the audience in the client.',
  ],
  token_audience_not_allowed: [
    'The client may not have tokens for this audience.',
    'Allow it in the registration of the client, if it should be allowed.',
  ],
  token_key_malformed: ['The key in req_cnf is no valid key.', clientsFault],
  token_key_symmetric: [
    'The client sent the value of a symmetric key in req_cnf. The server chooses such keys (RFC 9201, Section 3.1).',
    'Let the client leave the key out, or name one that it was given before.',
  ],
  token_key_not_proven: [
    'The client did not prove that it holds the key in req_cnf (RFC 9201, Section 3.1).',
    'See that the client authenticates to the server with the key that it asks for.',
  ],
  token_key_unsupported: [
    'The resource server cannot process the asymmetric key that the client asked for (RFC 9200, Section 5.8.3).',
    'Correct the key types in the registration of the resource server, or give the client a key of another type.',
  ],
  token_key_unknown: [
    'The key identifier in req_cnf is of no key that this client was given (RFC 9202, Section 4).',
    'None: the client has to ask for a token with a new key.',
  ],
  token_input_material_unknown: [
    'The identifier in req_cnf is of no OSCORE input material that this client was given (RFC 9203, Section 3.1).',
    'None: the client has to ask for a token with new input material.',
  ],
  token_profiles_incompatible: [
    'The client and the resource server have no profile in common (RFC 9200, Section 5.8.3).',
    'Correct the profiles in their registrations, or enable a common one.',
  ],
  token_too_large_for_audience: [
    'The token would be larger than the resource server takes.',
    'Let the client ask for less scope, or issue references to this resource server.',
  ],
  token_key_store_unavailable: [
    'The key to protect tokens with cannot be used: the key store or HSM does not answer or refused.',
    'Look at the cause in the log, then at the key store and at the credentials that the server has for it.',
  ],
  token_identity_provider_failed: [
    'The identity provider behind the server failed or gave a wrong answer.',
    'Look at the cause in the log, then at the identity provider and at the credentials that the server has for it.',
  ],
  token_identity_provider_timeout: [
    'The identity provider behind the server did not answer in time.',
    'Look at the identity provider and at the network to it.',
  ],
  session_not_found: ['There is no session with this identifier.', 'None: the client has to open a session.'],
  session_expired: [
    'The session is past its lifetime.',
    'None: the client has to open a new session. If sessions are too short, give them a longer lifetime.',
  ],
  session_budget_exceeded: [
    'The session has obtained all the tokens of its budget. Waiting does not help.',
    'None, unless the budget is too small: then raise it. The client has to open a new session.',
  ],
  session_scope_not_authorized: [
    'The session does not include this audience or scope.',
    'Allow it for the session, if it should be allowed.',
  ],
  session_already_closed: ['The session was closed.', 'None: the client has to open a new session.'],
  session_rate_limited: [
    'The session asked for tokens faster than its rate allows.',
    'None, unless the rate is too low: then raise it.',
  ],
  session_client_mismatch: [
    'The session belongs to another client.',
    'Find out how this client came by its identifier: it may have been stolen.',
  ],
  session_store_unavailable: [
    'The store of the sessions did not answer, refused the connection, or failed in a statement.',
    'Look at the cause in the log, then at the database: is it up, is its disk full, are its connections used up?',
  ],
  session_too_many_sessions: [
    'The client has as many open sessions as it may have.',
    'See that the client closes its sessions, or raise the limit.',
  ],

  introspect_not_permitted: [
    'The requester is authenticated, but may not introspect this token. By RFC 9200, Section 5.9.3, the answer is empty.',
    'Allow it in the registration of the resource server, if it should be allowed.',
  ],
  introspect_bearer_token_invalid: [
    'The bearer token that the requester authorized itself with is invalid, or not for this (RFC 7662, Section 2.3).',
    'See that the requester has a valid token for the introspection endpoint.',
  ],
  revoke_token_type_unsupported: [
    'The server cannot revoke tokens of this type (RFC 7009, Section 2.2.1).',
    'Let the tokens expire, or enable their revocation.',
  ],
  revoke_token_client_mismatch: [
    'The token was issued to another client (RFC 7009, Section 2.1). It was not revoked.',
    'Find out how this client came by it: it may have been stolen.',
  ],

  authz_info_token_malformed: [
    'What a client sent to authz-info is no token.',
    'None. Many of these are a fault of the client or an attack.',
  ],
  authz_info_token_too_large: [
    'The token is larger than this resource server takes.',
    'Tell the authorization server the limit, so that it issues smaller tokens or references.',
  ],
  authz_info_token_wrapper_invalid: [
    'The signature, MAC or encryption of the token did not verify.',
    'Compare the keys of the authorization server and of this resource server. Many of these may be an attack.',
  ],
  authz_info_issuer_not_trusted: [
    'The token was protected by an authorization server that may not issue tokens for this resource server.',
    'Add the authorization server to the trusted ones, if it should be.',
  ],
  authz_info_claims_unavailable: [
    'The claims cannot be read from the token, or were not in the answer to its introspection.',
    'Compare what the authorization server issues with what this resource server takes.',
  ],
  authz_info_token_inactive: [
    'The authorization server says that the token is not active.',
    'None: the client has to obtain a new token.',
  ],
  authz_info_issuer_mismatch: [
    'The iss claim names another authorization server than the one that protected the token.',
    'Correct the issuer in the authorization server or here.',
  ],
  authz_info_token_expired: [
    'The token is past its exp, or its exi sequence number was passed.',
    'None: the client has to obtain a new token. If it happens to new tokens, set the clocks.',
  ],
  authz_info_token_not_yet_valid: ['The nbf claim of the token is in the future.', 'Set the clocks.'],
  authz_info_audience_mismatch: [
    'The token is for another audience.',
    'Correct the audience in the client, or the audiences of this resource server.',
  ],
  authz_info_scope_unknown: [
    'The resource server does not know the scope in the token.',
    'Make the scopes of the authorization server and of this resource server the same.',
  ],
  authz_info_cnonce_invalid: [
    'The cnonce claim is missing, stale, or not one that was given out (RFC 9200, Section 5.3.1).',
    'None: the client has to obtain a new token with the new nonce.',
  ],
  authz_info_key_unusable: [
    'The cnf claim is missing, or holds a key that the resource server cannot use.',
    'Correct the key types in the registration of this resource server.',
  ],
  authz_info_token_revoked: ['The token was revoked.', 'None: the client has to obtain a new token.'],
  authz_info_update_refused: [
    'A token to update access rights does not fit the security context it came over (RFC 9203, Section 4.2).',
    'None: the client has to establish a new context.',
  ],
  authz_info_introspection_pending: [
    'The resource server still waits for the answer to an introspection. The client was told when to ask again.',
    'None, unless it is frequent: then see why the authorization server is slow.',
  ],
  authz_info_introspection_failed: [
    'The token could not be introspected, and was discarded: the authorization server was not reached, or refused.',
    'Look at the cause in the log, then at the authorization server and the network to it.',
  ],

  access_channel_unprotected: [
    'A request to a protected resource came over an unprotected channel. The client got creation hints.',
    'None: that is how a client learns of its authorization server.',
  ],
  access_token_missing: [
    'There is no token for this client. The client got creation hints.',
    'None: that is how a client learns of its authorization server.',
  ],
  access_token_expired: [
    'The token that allowed the request, perhaps an observation, has expired.',
    'None: the client has to obtain a new token.',
  ],
  access_token_revoked: ['The token that allowed the request was revoked.', 'None.'],
  access_possession_not_proven: [
    'The client has not proven that it holds the key of the token.',
    'See that the client uses the profile and the key of the token.',
  ],
  access_key_unsuitable: [
    'The key of the token does not fit the profile or the algorithm (RFC 9201, Section 5).',
    'Correct the key types in the registrations of the client and of this resource server.',
  ],
  access_resource_not_covered: [
    'The token does not cover the resource.',
    'Allow the scope in the registration of the client, if it should be allowed.',
  ],
  access_action_not_covered: [
    'The token covers the resource, but not the method.',
    'Allow the scope in the registration of the client, if it should be allowed.',
  ],
  access_introspection_failed: [
    'The token could not be introspected, and gave no access (RFC 9200, Section 6.10).',
    'Look at the cause in the log, then at the authorization server and the network to it.',
  ],

  client_invalid_request: [
    'The server says that the request is malformed, or that a parameter in it is missing, repeated or unsupported.',
    'Compare the request with what the server takes: above all audience, scope and key.',
  ],
  client_invalid_client: [
    'The server does not accept the credentials of the client.',
    'Compare the credentials with the registration of the client.',
  ],
  client_invalid_grant: ['The server does not accept the grant or the refresh token.', 'Obtain a new grant.'],
  client_unauthorized_client: [
    'The server does not allow the client what it asks for.',
    'Have it allowed in the registration of the client, or ask for something else.',
  ],
  client_unsupported_grant_type: ['The server does not support the grant type.', 'Use another grant type.'],
  client_invalid_scope: [
    'The server does not know the scope, or does not grant it.',
    'Correct the scope, or have it allowed in the registration of the client.',
  ],
  client_unsupported_pop_key: [
    'The resource server cannot use the key that the client asked for.',
    'Use a key of another type, or let the server choose.',
  ],
  client_incompatible_ace_profiles: [
    'The client and the resource server have no profile in common.',
    'Correct the profiles in their registrations.',
  ],
  client_other_error: [
    'The server sent an error code that is not registered.',
    'See the documentation of the server for this code.',
  ],
  client_refused: [
    'The server refused without an error code: no authentication (401, 4.01) or no permission (403, 4.03).',
    'Compare the credentials and the permissions of the client with its registration.',
  ],
  client_request_too_large: [
    'The server takes no request as large as this.',
    'Make the request smaller, or have the limit raised.',
  ],
  client_rate_limited: [
    'The server takes no more requests for now.',
    'None: it can be tried again. If it stays, ask less often, or have the limit raised.',
  ],
  client_server_error: [
    'The server failed.',
    'None: it can be tried again. If it stays, tell the operator of the server.',
  ],
  client_bad_gateway: [
    'A gateway got no valid answer from the server behind it.',
    'None: it can be tried again. If it stays, tell the operator of the server.',
  ],
  client_service_unavailable: [
    'The server has no capacity at the moment.',
    'None: it can be tried again. If it stays, tell the operator of the server.',
  ],
  client_gateway_timeout: [
    'A gateway got no answer in time from the server behind it.',
    'None: it can be tried again. If it stays, tell the operator of the server.',
  ],
  client_network_error: [
    'The server was not reached: no connection, no name, a reset, or no answer.',
    'None: it can be tried again. If it stays, look at the network and at the address of the server.',
  ],
  client_response_malformed: [
    'The payload of the response is no valid message.',
    'Tell the operator of the server, with the reason and the offset in the details.',
  ],
  client_response_unexpected: [
    'The response is neither what was asked for nor an error that says what is wrong.',
    'See whether the address is that of the endpoint, and whether a proxy answers in its place.',
  ],
  client_server_not_trusted: [
    'A resource server named an authorization server that the client does not trust for it (RFC 9200, Section 5.1).',
    'Add it to the trusted ones, if it should be. Unprotected hints can come from an attacker.',
  ],
  client_no_credentials: ['The client has no credentials for this server.', 'Give it some.'],
  client_profile_unsupported: [
    'The server chose a profile that the client does not have.',
    'Correct the profiles in the registration of the client.',
  ],
  client_key_unsuitable: [
    'The key of the token does not fit the profile or the algorithm (RFC 9201, Section 5).',
    'Tell the operator of the authorization server.',
  ],
  client_token_lifetime_unknown: [
    'The response has no expires_in, and the client has no default. The token was not used (RFC 9200, Section 5.10.4).',
    'Give the client a default lifetime, or let the server send one.',
  ],
  client_token_expired: [
    'The token, and so its key, has expired.',
    'None: the client has to obtain a new token.',
  ],
  client_token_too_large: [
    'The token is larger than the client or the resource server takes.',
    'Ask for less scope, or have references issued.',
  ],
  client_store_unavailable: [
    'Where the client keeps its tokens and keys cannot be read or written.',
    'Look at the cause in the log.',
  ],
  client_cancelled: ['The caller stopped it.', 'None.'],
  client_timeout: [
    'It was not done within the time allowed for it.',
    'Allow more time, or find out what takes so long.',
  ],
  client_panic: [
    'Something that the client was given, such as a callback, threw what no one expected.',
    'Look at the cause in the log, and report it where that comes from.',
  ],
  client_internal_error: [
    'Something failed that is no known failure: a defect of the software.',
    'Report it with the whole log event.',
  ],
}

/**
 * What operators should know of a failure: for runbooks, dashboards and documentation. It is kept apart from the
 * catalogue so that no program carries these texts that does not need them.
 *
 * @throws RangeError for a code that is not in the catalogue
 *
 * @example
 * ```ts
 * import { runbookOf } from 'ace-oauth'
 *
 * runbookOf('token_store_unavailable').action // 'Look at the cause in the log, then at the database: ...'
 * ```
 */
export function runbookOf(code: FailureCode): RunbookEntry {
  const row = catalogue.get(code)
  if (!row) throw new RangeError(`no such failure: ${code}`)
  const cause = code.slice(row.endpoint.length + 1)
  const [meaning, action] = (entries[code] ?? entries[cause])!
  return { meaning, action }
}
