/**
 * zod schemas for the JSON twins of the messages: for those who validate JSON with zod, or publish JSON schemas by `z.toJSONSchema`.
 *
 * @module
 */
import { AccessTokenRequest } from './message/access-token-request.ts'
import { AccessTokenResponse } from './message/access-token-response.ts'
import { CreationHints } from './message/creation-hints.ts'
import { IntrospectionRequest } from './message/introspection-request.ts'
import { IntrospectionResponse } from './message/introspection-response.ts'
import { RevocationRequest } from './message/revocation-request.ts'
import { jsonSchema } from './message/schema.ts'

export { jsonSchema } from './message/schema.ts'

/** The JSON twin of an {@link AccessTokenRequest}. */
export const accessTokenRequestSchema: ReturnType<typeof jsonSchema> = /* @__PURE__ */ jsonSchema(
  AccessTokenRequest.table,
)
/** The JSON twin of an {@link AccessTokenResponse}. */
export const accessTokenResponseSchema: ReturnType<typeof jsonSchema> = /* @__PURE__ */ jsonSchema(
  AccessTokenResponse.table,
)
/** The JSON twin of {@link CreationHints}. */
export const creationHintsSchema: ReturnType<typeof jsonSchema> = /* @__PURE__ */ jsonSchema(
  CreationHints.table,
)
/** The JSON twin of an {@link IntrospectionRequest}. */
export const introspectionRequestSchema: ReturnType<typeof jsonSchema> = /* @__PURE__ */ jsonSchema(
  IntrospectionRequest.table,
)
/** The JSON twin of an {@link IntrospectionResponse}. */
export const introspectionResponseSchema: ReturnType<typeof jsonSchema> = /* @__PURE__ */ jsonSchema(
  IntrospectionResponse.table,
)
/** The JSON twin of a {@link RevocationRequest}. */
export const revocationRequestSchema: ReturnType<typeof jsonSchema> = /* @__PURE__ */ jsonSchema(
  RevocationRequest.table,
)
