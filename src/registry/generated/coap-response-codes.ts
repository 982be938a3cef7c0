// Generated from src/registry/registries.json by `npm run generate`. Do not edit.

/**
 * The "CoAP Response Codes" registry (RFC 7252, Section 12.1.2).
 *
 * The value is the code byte: class * 32 + detail (RFC 7252, Section 3).
 * oauthHttpStatus is what OAuth sends over HTTP (RFC 6749, RFC 6750); rfc8075HttpStatus is what a generic cross-proxy sends (RFC 8075, Table 2). They differ for 2.01, 4.01 and 4.05.
 * No value is set aside for private use.
 *
 * @example
 * coapResponseCodes['2.01'] // 65
 */
export const coapResponseCodes = {
  /** Created. RFC 7252. ACE answers successful token and introspection requests with 2.01; over HTTP the answer is 200 (RFC 6749, Section 5.1). A generic cross-proxy (RFC 8075) sends 201. */
  '2.01': 65,
  /** Deleted. RFC 7252. RFC 8075: 200 with a payload, 204 without. */
  '2.02': 66,
  /** Valid. RFC 7252. RFC 8075: 304, or 200 when the proxy answers from its cache. */
  '2.03': 67,
  /** Changed. RFC 7252. RFC 8075: 200 with a payload, 204 without. */
  '2.04': 68,
  /** Content. RFC 7252. */
  '2.05': 69,
  /** Continue. RFC 7959. Part of a block-wise transfer, never translated to HTTP. */
  '2.31': 95,
  /** Bad Request. RFC 7252. */
  '4.00': 128,
  /** Unauthorized. RFC 7252. OAuth uses 401 for invalid_client (RFC 6749, Section 5.2). A generic cross-proxy (RFC 8075) sends 403, because CoAP has no counterpart to WWW-Authenticate. */
  '4.01': 129,
  /** Bad Option. RFC 7252. */
  '4.02': 130,
  /** Forbidden. RFC 7252. */
  '4.03': 131,
  /** Not Found. RFC 7252. */
  '4.04': 132,
  /** Method Not Allowed. RFC 7252. RFC 8075 prefers 400, because HTTP 405 names the methods that are allowed and CoAP does not. */
  '4.05': 133,
  /** Not Acceptable. RFC 7252. */
  '4.06': 134,
  /** Request Entity Incomplete. RFC 7959. Part of a block-wise transfer, never translated to HTTP. */
  '4.08': 136,
  /** Conflict. RFC 8132. */
  '4.09': 137,
  /** Precondition Failed. RFC 7252. */
  '4.12': 140,
  /** Request Entity Too Large. RFC 7252; RFC 7959. */
  '4.13': 141,
  /** Unsupported Content-Format. RFC 7252. */
  '4.15': 143,
  /** Unprocessable Entity. RFC 8132. */
  '4.22': 150,
  /** Too Many Requests. RFC 8516. Max-Age is the number of seconds to wait; 60 when absent. HTTP has 429 (RFC 6585) for the same purpose. */
  '4.29': 157,
  /** Internal Server Error. RFC 7252. */
  '5.00': 160,
  /** Not Implemented. RFC 7252. */
  '5.01': 161,
  /** Bad Gateway. RFC 7252. */
  '5.02': 162,
  /** Service Unavailable. RFC 7252. Max-Age becomes Retry-After over HTTP, both in seconds. */
  '5.03': 163,
  /** Gateway Timeout. RFC 7252. */
  '5.04': 164,
  /** Proxying Not Supported. RFC 7252. */
  '5.05': 165,
  /** Hop Limit Reached. RFC 8768. */
  '5.08': 168,
} as const

/** A name in {@link coapResponseCodes}. */
export type CoapResponseCodeName = keyof typeof coapResponseCodes
