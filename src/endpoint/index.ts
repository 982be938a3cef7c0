/**
 * The endpoints of an authorization server (RFC 9200 §5.8 and §5.9, RFC 7009), as functions from a request to a response, for
 * any transport and any store: media types, limits, client authentication, the form of answers and errors, deadlines.
 *
 * @module
 */
export type { AssertionOptions, AssertionUse } from './client/client-assertion.ts'
export {
  type ClientAuthenticationOptions,
  clientAuthentication,
  hashClientSecret,
  type RegisteredClient,
} from './client/client-authentication.ts'
export { clientCertificate, type RegisteredSubject } from './client/client-certificate.ts'
export { type BodyCredentials, type Credentials, readCredentials, type Sender } from './client/credentials.ts'
export type { Authenticate, EndpointOptions } from './define-endpoint.ts'
export type {
  AuthenticationContext,
  ClientCertificate,
  Endpoint,
  EndpointContext,
  EndpointFacts,
  EndpointName,
  EndpointRequest,
  EndpointResponse,
  ObservedAnswer,
  Payload,
  Peer,
} from './exchange.ts'
export { type FetchHandlerOptions, fetchHandler, type WebRequest } from './fetch-handler.ts'
export { type IntrospectionEndpointOptions, introspectionEndpoint } from './introspection-endpoint.ts'
export {
  authorizationServerMetadata,
  type MetadataEndpointOptions,
  type MetadataOptions,
  metadataEndpoint,
  metadataPath,
} from './metadata.ts'
export { type NodeHandlerOptions, type NodeRequest, type NodeResponse, nodeHandler } from './node-handler.ts'
export { type RevocationEndpointOptions, revocationEndpoint } from './revocation-endpoint.ts'
export { type TokenEndpointOptions, tokenEndpoint } from './token-endpoint.ts'
export type { Jwk } from './web-types.ts'
