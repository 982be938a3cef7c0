import type { MessageName } from '../message-names.ts'

/** What the members mean, in all messages that have them. */
const meanings: Readonly<Record<string, string>> = {
  AS: 'The authorization server to ask for a token, by an absolute URI. Ask it only if it may issue tokens for this resource server.',
  'ace-error': 'The OAuth error in problem details.',
  access_token: 'The access token. It is opaque to the client, which hands it to the resource server.',
  ace_client_recipientid: 'The Recipient ID that the client chose for OSCORE.',
  ace_profile: 'The ACE profile: how client and resource server protect what they say to each other.',
  ace_server_recipientid: 'The Recipient ID that the resource server chose for OSCORE.',
  active: 'Whether the token is valid now. Of a token that is not, nothing more is told.',
  aud: 'The resource servers that the token is for.',
  audience: 'The resource server, or the group of them, that the token is for.',
  'base-lang': 'The language of the texts that have none of their own.',
  'base-rtl': 'The writing direction of the texts that have none of their own.',
  'base-uri': 'The URI that relative references are relative to.',
  client_id: 'The client, where it is not known from its authentication.',
  client_secret: 'What the client authenticates with. Keep it secret.',
  cnf: 'The key that the token is bound to: who presents the token proves to hold it.',
  cnonce: 'A nonce of a resource server without a clock, which the token has to carry.',
  code: 'The authorization code that is exchanged for a token.',
  cti: 'The identifier of the token.',
  detail: 'What happened this time.',
  error: 'What went wrong.',
  error_description: 'More about the error, for the developer of the client and not for its user.',
  error_uri: 'A page about the error.',
  exi: 'How many seconds the token is valid from when the resource server first sees it.',
  exp: 'When the token expires, in seconds since 1970.',
  expires_in: 'How many seconds the token is valid from when it was issued.',
  grant_type: 'What the client asks on the strength of. Absent it is client_credentials.',
  iat: 'When the token was issued, in seconds since 1970.',
  instance: 'A reference to this occurrence of the problem.',
  iss: 'Who issued the token.',
  kid: 'The key of a security association that client and resource server have already.',
  nbf: 'When the token becomes valid, in seconds since 1970.',
  nonce1: "The client's nonce for OSCORE.",
  nonce2: "The resource server's nonce for OSCORE.",
  password: "The resource owner's password. Keep it secret.",
  redirect_uri: 'The redirection URI that the authorization code was asked for with.',
  refresh_token: 'A token for the next access token. Keep it secret.',
  req_cnf: 'The key that the client wants the token to be bound to.',
  'response-code': 'The CoAP response code that the problem comes with, as its byte.',
  rs_cnf: 'The key that the resource server authenticates with.',
  scope: 'What the token allows.',
  state: 'What the client sent as state, unchanged.',
  sub: 'The subject of the token.',
  title: 'What kind of problem it is, in a few words.',
  token: 'The token that this is about.',
  token_type: 'The type of the token. Absent it is PoP.',
  token_type_hint: 'What kind of token it may be. The server may ignore it.',
  'unprocessed-coap-option': 'The critical CoAP options that were not understood.',
  username: "The resource owner's name.",
}

/** Where a member means something else in one message. */
const exceptions: Partial<Record<MessageName, Readonly<Record<string, string>>>> = {
  'token-request': {
    ace_profile: 'Null asks the authorization server to say in its response which profile to use.',
    cnonce: 'The nonce from the creation hints of the resource server, to be copied into the token.',
    scope: 'What the token is to allow.',
  },
  'creation-hints': {
    audience: 'The audience to ask for.',
    cnonce: 'A nonce to send along in the token request, for a resource server without a clock.',
    scope: 'The scope to ask for.',
  },
}

/** What a member of a message means, in a sentence or two. */
export function meaningOf(message: MessageName, member: string): string | undefined {
  return exceptions[message]?.[member] ?? meanings[member]
}
