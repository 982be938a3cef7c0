import type { clientFailures, receivedErrors } from '../catalogue/client.ts'
import type { Runbook } from './entry.ts'

/** For operators: what goes wrong at the client, and what to do about it. */
export const clientRunbook: Runbook<keyof typeof receivedErrors | keyof typeof clientFailures> = {
  client_request_too_large: [
    'The server takes no request as large as this.',
    'Make the request smaller, or have the limit raised.',
  ],
  client_refused: [
    'The server refused without an error code: no authentication (401, 4.01) or no permission (403, 4.03).',
    'Compare the credentials and the permissions of the client with its registration.',
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
  client_cancelled: ['The caller stopped it.', 'None.'],
  client_timeout: [
    'It was not done within the time allowed for it.',
    'Allow more time, or find out what takes so long.',
  ],
  client_panic: [
    'Something that the client was given, such as a callback, threw what no one expected.',
    'Look at the cause in the log, and report it where that comes from.',
  ],
  client_network_error: [
    'The server was not reached: no connection, no name, a reset, or no answer.',
    'None: it can be tried again. If it stays, look at the network and at the address of the server.',
  ],
  client_token_too_large: [
    'The token is larger than the client or the resource server takes.',
    'Ask for less scope, or have references issued.',
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
  client_response_malformed: [
    'The payload of the response is not a valid message.',
    'Tell the operator of the server, with the reason and the offset in the details.',
  ],
  client_response_unexpected: [
    'The response is neither what was asked for nor an error that says what is wrong.',
    'See whether the address is that of the endpoint, and whether a proxy answers in its place.',
  ],
  client_rate_limited: [
    'The server takes no more requests for now.',
    'None: it can be tried again. If it stays, ask less often, or have the limit raised.',
  ],
  client_store_unavailable: [
    'Where the client keeps its tokens and keys cannot be read or written.',
    'Look at the cause in the log.',
  ],
  client_internal_error: [
    'Something failed in a way that nobody foresaw: a defect of the software.',
    'Report it with the whole log event.',
  ],
  client_unsupported_response_type: [
    'The server does not support this way to obtain an authorization.',
    'Use another response type, or have it enabled for the client.',
  ],
  client_access_denied: [
    'The resource owner or the authorization server denied the request.',
    'Ask the resource owner, or have the access allowed on the server.',
  ],
  client_temporarily_unavailable: [
    'The server cannot take the request for now.',
    'None: it can be tried again. If it stays, tell the operator of the server.',
  ],
  client_invalid_token: [
    'The access token is expired, revoked, malformed, or wrong in another way (RFC 6750, Section 3.1).',
    'Obtain a new token.',
  ],
  client_insufficient_scope: [
    'The request needs more rights than the access token has (RFC 6750, Section 3.1).',
    'Obtain a token with the scope that the resource server names.',
  ],
  client_unsupported_token_type: [
    'The server cannot revoke tokens of this type (RFC 7009, Section 2.2.1).',
    'Let the token expire, or discard it.',
  ],
  client_insufficient_user_authentication: [
    'The user has to authenticate again, or in a stronger way (RFC 9470, Section 3).',
    'Send the user to the authorization server with the acr_values or max_age that the challenge names.',
  ],
  client_authorization_pending: [
    'The user has not decided yet (RFC 8628, Section 3.5).',
    'None: ask again after the interval.',
  ],
  client_slow_down: [
    'The user has not decided yet, and the client asks too often (RFC 8628, Section 3.5).',
    'Ask 5 seconds less often from now on.',
  ],
  client_expired_token: [
    'The device code has expired before the user decided (RFC 8628, Section 3.5).',
    'Start the device authorization again.',
  ],
  client_invalid_target: [
    'The server does not know the audience or resource, or does not issue tokens for it (RFC 8707, Section 2).',
    'Correct the audience or resource, or have the resource server registered.',
  ],
  client_invalid_authorization_details: [
    'The server does not know or not accept the authorization details (RFC 9396, Section 5).',
    'Correct the authorization details.',
  ],
  client_invalid_dpop_proof: [
    'The DPoP proof is not valid (RFC 9449, Section 5).',
    'See that it is signed with the right key, for this method and URI, and that the clock is right.',
  ],
  client_use_dpop_nonce: [
    'The server wants its nonce in the DPoP proof (RFC 9449, Section 8).',
    'Send the request again with the nonce of the DPoP-Nonce header.',
  ],
  client_need_info: [
    'The server needs more claims about the requesting party (UMA 2.0 Grant, Section 3.3.6).',
    'Provide the claims that the response asks for.',
  ],
  client_request_denied: [
    'The server denied the request of the requesting party (UMA 2.0 Grant, Section 3.3.6).',
    'Ask the resource owner.',
  ],
  client_request_submitted: [
    'The resource owner has been asked, and has not decided yet (UMA 2.0 Grant, Section 3.3.6).',
    'None: ask again after the interval that the response names.',
  ],
  client_invalid_redirect_uri: [
    'A redirect URI of the registration is not valid (RFC 7591, Section 3.2.2).',
    'Correct the redirect URI.',
  ],
  client_invalid_client_metadata: [
    'A value of the registration is not valid (RFC 7591, Section 3.2.2).',
    'Correct the value that the description names.',
  ],
  client_invalid_software_statement: [
    'The software statement is not valid (RFC 7591, Section 3.2.2).',
    'Have a new software statement issued.',
  ],
  client_unapproved_software_statement: [
    'The server does not approve this software statement (RFC 7591, Section 3.2.2).',
    'Have the software approved by the operator of the server.',
  ],
  client_interaction_required: [
    'The user has to do something that cannot be done without showing a page.',
    'Send the user to the authorization server, without prompt=none.',
  ],
  client_login_required: [
    'The user is not logged in at the authorization server.',
    'Send the user to the authorization server, without prompt=none.',
  ],
  client_account_selection_required: [
    'The user has several sessions, and has to choose one.',
    'Send the user to the authorization server, without prompt=none.',
  ],
  client_consent_required: [
    'The user has to consent.',
    'Send the user to the authorization server, without prompt=none.',
  ],
  client_invalid_request_uri: [
    'What the request_uri leads to is not valid, or is not found.',
    'Correct the request_uri, or push the request again.',
  ],
  client_invalid_request_object: [
    'The request object is not valid.',
    'Correct its claims and its signature.',
  ],
  client_request_not_supported: [
    'The server does not support request objects.',
    'Send the parameters without a request object.',
  ],
  client_request_uri_not_supported: [
    'The server does not support request_uri.',
    'Send the parameters themselves.',
  ],
  client_registration_not_supported: [
    'The server does not support the registration parameter.',
    'Register the client beforehand.',
  ],
  client_vp_formats_not_supported: [
    'The wallet has no presentation in a format that was asked for.',
    'Ask for other formats.',
  ],
  client_invalid_request_uri_method: ['The request_uri_method is not valid.', 'Use get or post.'],
  client_wallet_unavailable: ['The wallet cannot answer for now.', 'None: it can be tried again.'],
  client_invalid_issuer: [
    'The issuer is not known in the federation.',
    'Correct the entity identifier, or have the issuer registered.',
  ],
  client_invalid_subject: ['The subject is not known in the federation.', 'Correct the entity identifier.'],
  client_invalid_trust_anchor: [
    'The trust anchor is not known, or cannot be used.',
    'Use a trust anchor that both sides have.',
  ],
  client_invalid_trust_chain: [
    'The trust chain does not lead to a trust anchor.',
    'Have the entity statements corrected by those who issue them.',
  ],
  client_invalid_metadata: [
    'The metadata of the entity are not valid, or break a policy of the federation.',
    'Correct the metadata.',
  ],
  client_not_found: [
    'The server has no such entity in the federation.',
    'Correct the entity identifier, or have it registered.',
  ],
  client_unsupported_parameter: [
    'The server does not support a parameter of the request.',
    'Leave the parameter out.',
  ],
  client_request_timeout: [
    'The request did not arrive whole within the time that the server waits (408).',
    'None: it can be tried again. If it stays, look at the network.',
  ],
  client_too_early: [
    'The server does not take the request as early data of TLS (425).',
    'None: it is sent again after the handshake.',
  ],
}
