import type { Failure } from '../failure/failure.ts'
import type { CoapResponseCodeName } from '../registry/generated/coap-response-codes.ts'
import type { Credentials } from './client/credentials.ts'
import type { WebAbortSignal, WebStream } from './web-types.ts'

/** A client certificate, as the TLS or DTLS stack verified it; {@link clientCertificate} makes one of its DER. */
export interface ClientCertificate {
  /** SHA-256 of the certificate's DER: what `x5t#S256` confirms (RFC 8705 §3.1). */
  readonly thumbprint: Uint8Array
  /**
   * Whether the chain was verified up to an authority that the server trusts for clients (RFC 8705 §2.1). It is false for a
   * self-signed certificate, of which the handshake proves just that the peer has the key (RFC 8705 §2.2).
   */
  readonly isChainVerified: boolean
  /** The subject's distinguished name as a text (RFC 4514), for example `CN=sensor1,O=Example`. */
  readonly subject?: string | undefined
  /** The subject alternative names of type dNSName. */
  readonly dnsNames?: readonly string[] | undefined
  /** The subject alternative names of type uniformResourceIdentifier. */
  readonly uris?: readonly string[] | undefined
  /** The subject alternative names of type iPAddress, as texts. */
  readonly ipAddresses?: readonly string[] | undefined
  /** The subject alternative names of type rfc822Name. */
  readonly emails?: readonly string[] | undefined
}

/** Who sent a request, as far as the channel that brought it says so. Only the transport fills it in, never the request. */
export interface Peer {
  /**
   * The client that the channel authenticated: by the security context of OSCORE, or by the key of DTLS or TLS. Leave it
   * out where the channel authenticates nobody.
   */
  readonly clientId?: string | undefined
  /** The certificate that the client showed in the TLS handshake. */
  readonly certificate?: ClientCertificate | undefined
  /** The network address, for logs and limits. */
  readonly address?: string | undefined
}

/** The payload of a request: at once, or as it comes in. */
export type Payload = Uint8Array | AsyncIterable<Uint8Array> | WebStream

/** A request to an endpoint, whatever transport brought it. */
export interface EndpointRequest {
  /** The method by its name, for example `POST`. */
  readonly method: string
  /** The media type of the payload, or its Content-Format; undefined where none was sent. */
  readonly mediaType?: string | number | undefined
  /** The Accept field of HTTP, or the Content-Format in CoAP's Accept option; undefined where none was sent. */
  readonly accept?: string | number | undefined
  /** The payload; it is read no further than the limit allows. */
  readonly payload?: Payload | null | undefined
  /** Who sent it, as the channel says; what it rejects with is an error of the server. */
  readonly peer?: Peer | undefined | Promise<Peer | undefined>
  /**
   * The header fields of an HTTP request, as `Headers` has them. They are what tells HTTP from CoAP: without them an absent
   * media type stands for `application/ace+cbor`.
   */
  readonly headers?: { get(name: string): string | null } | undefined
  /** Aborts when the peer goes away. */
  readonly signal?: WebAbortSignal | undefined
  /** What logs know the request by. Default: 16 random hexadecimal digits. */
  readonly requestId?: string | undefined
}

/** The answer of an endpoint, for whatever transport. */
export interface EndpointResponse {
  /** The response code of CoAP as `c.dd`. */
  readonly code: CoapResponseCodeName
  /** The status of HTTP. */
  readonly status: number
  /** The media type of the payload; undefined without a payload. */
  readonly mediaType: string | undefined
  /** The Content-Format of the payload; undefined without a payload, and where the media type has none. */
  readonly contentFormat: number | undefined
  /** The payload; empty where there is none. */
  readonly payload: Uint8Array<ArrayBuffer>
  /** CoAP's Max-Age, in seconds: how long the answer is fresh, or with 4.29 and 5.03 how long to wait. */
  readonly maxAge: number
  /** The header fields of HTTP, with lower-case names, Content-Type among them. */
  readonly headers: Readonly<Record<string, string>>
  /** What was wrong, for the log; nothing of it but the code and the payload is for the peer. */
  readonly failure?: Failure | undefined
}

/** What authentication is told besides the credentials. */
export interface AuthenticationContext {
  readonly endpoint: EndpointName
  /** Aborts at the deadline, and when the peer goes away: stop working then, and write nothing more. */
  readonly signal: WebAbortSignal
  /** Who sent the request, as the channel says. */
  readonly peer: Peer | undefined
  /** What logs know the request by. */
  readonly requestId: string
}

/** What the functions of an endpoint are told besides the request and the client. */
export interface EndpointContext extends AuthenticationContext {
  /** How the client authenticated. */
  readonly authMethod: Credentials['method']
  /** How a success will be encoded: the hash by which RFC 9770 §4 names an access token depends on it. */
  readonly encoding: 'cbor' | 'json'
}

/** An answer, as an observer is told of it. */
export interface ObservedAnswer<Client> {
  readonly endpoint: EndpointName
  /** The response code of CoAP as `c.dd`. */
  readonly code: CoapResponseCodeName
  /** The status of HTTP. */
  readonly status: number
  /** What was wrong; undefined where nothing was. */
  readonly failure: Failure | undefined
  /** The time from the call of the endpoint to its answer, in milliseconds. */
  readonly durationMs: number
  /** The client; undefined where it was not authenticated. */
  readonly client: Client | undefined
  /** The client identifier that the request named, whether or not it was authenticated: written by the peer. */
  readonly clientId: string | undefined
  readonly peer: Peer | undefined
  readonly requestId: string
}

/** The endpoints, by the names that their failures begin with. */
export type EndpointName = 'token' | 'introspect' | 'revoke'

/** What metadata tells of an endpoint. */
export interface EndpointFacts {
  readonly endpoint: EndpointName
  /** The methods of client authentication, by their registered names; undefined where `authenticate` does not tell. */
  readonly authMethods: readonly string[] | undefined
  /** The algorithms of client assertions; undefined where there are none. */
  readonly signingAlgorithms: readonly string[] | undefined
  /** The grant types; undefined where the endpoint does not tell. */
  readonly grantTypes: readonly string[] | undefined
}

/** An endpoint: a request in, a response out. It never throws and never rejects. */
export interface Endpoint {
  (request: EndpointRequest): Promise<EndpointResponse>
  /** What metadata tells of it. */
  readonly facts: EndpointFacts
}
