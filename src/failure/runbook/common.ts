import type { Advice } from './entry.ts'

export const requestMalformed: Advice = [
  'The payload is not a well-formed message: not CBOR, not a form, or with a parameter of the wrong type.',
  'None, unless it is frequent: then tell the maintainer of the client, with the details of the log.',
]

export const parameterMissing: Advice = [
  'The request lacks a parameter that is required.',
  'None, unless it is frequent: then tell the maintainer of the client, with the details of the log.',
]

export const parameterRepeated: Advice = [
  'The request has a parameter twice, or a CBOR map has a key twice.',
  'None, unless it is frequent: then tell the maintainer of the client, with the details of the log.',
]

export const parameterUnsupported: Advice = [
  'A parameter has a value that its specification or this server does not support.',
  'None, unless it is frequent: then tell the maintainer of the client, with the details of the log.',
]

export const clientCredentialsRepeated: Advice = [
  'The client authenticated in more than one way in one request (RFC 6749, Section 5.2).',
  'Let the client use one way alone.',
]

export const nestingTooDeep: Advice = [
  'The payload is nested more deeply than the limit of the decoder. No message of ACE comes near the default.',
  'None, unless a legitimate client is refused: then raise the limit.',
]

export const requestTooLarge: Advice = [
  'The payload is larger than the limit of the server.',
  'None, unless a legitimate client is refused: then raise the limit.',
]

export const requestIncomplete: Advice = [
  'The payload did not arrive before the deadline, or the client went away before it was answered.',
  'None. Many of these are a bad network, or clients that send slowly on purpose to keep connections busy.',
]

export const acceptUnsupported: Advice = [
  'The client accepts no Content-Format that the endpoint can answer in (RFC 7252, Section 5.10.4).',
  'Let the client accept application/ace+cbor, or leave the Accept option out.',
]

export const methodNotAllowed: Advice = [
  'The request has a method that the endpoint does not take.',
  'None, unless it is frequent: then tell the maintainer of the client, with the details of the log.',
]

export const mediaTypeUnsupported: Advice = [
  'The endpoint does not take the Content-Format or media type of the request.',
  'Let the client send application/ace+cbor over CoAP, and a form over HTTP.',
]

export const clientCredentialsMissing: Advice = [
  'The client did not authenticate: no security context, no certificate, no secret.',
  'See that the client has credentials and uses them.',
]

export const clientCredentialsInvalid: Advice = [
  'The client is known, but its secret, key, certificate or assertion is wrong, expired or revoked.',
  'Compare the credentials of the client with its registration. Many of these from one address are an attack.',
]

export const clientAuthMethodUnsupported: Advice = [
  'The client authenticated in a way that the server, or its registration, does not allow.',
  'Change the way in the registration or in the client.',
]

export const clientUnknown: Advice = [
  'No client is registered under this identifier.',
  'Register the client, or correct its identifier. Many of these from one address are an attack.',
]

export const clientNotAllowed: Advice = [
  'The client is authenticated, but may not use this endpoint.',
  'Allow it in the registration of the client, if it should be allowed.',
]

export const policyDenied: Advice = [
  'The policy refused the request on purpose.',
  'None, unless the decision is wrong: then change the policy.',
]

export const sessionNotFound: Advice = [
  'There is no session with this identifier.',
  'None: the client has to open a session.',
]

export const sessionExpired: Advice = [
  'The session is past its lifetime.',
  'None: the client has to open a new session. If sessions are too short, give them a longer lifetime.',
]

export const sessionAlreadyClosed: Advice = [
  'The session was closed.',
  'None: the client has to open a new session.',
]

export const sessionClientMismatch: Advice = [
  'The session belongs to another client.',
  'Find out how this client came by its identifier: it may have been stolen.',
]

export const sessionBudgetExceeded: Advice = [
  'The session has obtained all the tokens of its budget. Waiting does not help.',
  'None, unless the budget is too small: then raise it. The client has to open a new session.',
]

export const sessionScopeNotAuthorized: Advice = [
  'The session does not include this audience or scope.',
  'Allow it for the session, if it should be allowed.',
]

export const sessionRateLimited: Advice = [
  'The session asked for tokens faster than its rate allows.',
  'None, unless the rate is too low: then raise it.',
]

export const sessionTooManySessions: Advice = [
  'The client has as many open sessions as it may have.',
  'See that the client closes its sessions, or raise the limit.',
]

export const sessionStoreUnavailable: Advice = [
  'The store of the sessions did not answer, refused the connection, or failed in a statement.',
  'Look at the cause in the log, then at the database: is it up, is its disk full, are its connections used up?',
]

export const rateLimited: Advice = [
  'A client sent more requests than its rate allows. It was told when to come back.',
  'None, unless a client needs the rate: then raise its limit. A client that ignores the wait is at fault or hostile.',
]

export const unavailable: Advice = [
  'The server is starting, stopping, or has more work than it can take.',
  'See whether it is being deployed. If not, look at its load, and add capacity.',
]

export const storeUnavailable: Advice = [
  'The store did not answer, refused the connection, or failed in a statement. Nothing is known to be lost.',
  'Look at the cause in the log, then at the database: is it up, is its disk full, are its connections used up?',
]

export const policyError: Advice = [
  'A policy hook threw, or did not return a decision. Without a decision the request was refused.',
  'Look at the cause in the log and repair the hook.',
]

export const internalError: Advice = [
  'Something failed in a way that nobody foresaw: a defect of the software. The client was told nothing.',
  'Report it with the whole log event, and watch whether it comes again.',
]
