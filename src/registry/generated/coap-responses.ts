// Generated from src/registry/registries.json by `npm run generate`. Do not edit.

/**
 * What each CoAP response code is called and which HTTP status goes with it.
 *
 * `name` is the description in the CoAP Response Codes registry (RFC 7252, Section 12.1.2).
 * `http` is the status that OAuth sends over HTTP (RFC 6749, RFC 6750), otherwise the first one of RFC 8075,
 * Table 2; undefined where neither has one.
 *
 * @example
 * coapResponses['4.01'] // { name: 'Unauthorized', http: 401 }
 */
export const coapResponses = {
  '2.01': { name: 'Created', http: 200 },
  '2.02': { name: 'Deleted', http: 200 },
  '2.03': { name: 'Valid', http: 304 },
  '2.04': { name: 'Changed', http: 200 },
  '2.05': { name: 'Content', http: 200 },
  '2.31': { name: 'Continue', http: undefined },
  '4.00': { name: 'Bad Request', http: 400 },
  '4.01': { name: 'Unauthorized', http: 401 },
  '4.02': { name: 'Bad Option', http: 400 },
  '4.03': { name: 'Forbidden', http: 403 },
  '4.04': { name: 'Not Found', http: 404 },
  '4.05': { name: 'Method Not Allowed', http: 405 },
  '4.06': { name: 'Not Acceptable', http: 406 },
  '4.08': { name: 'Request Entity Incomplete', http: undefined },
  '4.09': { name: 'Conflict', http: undefined },
  '4.12': { name: 'Precondition Failed', http: 412 },
  '4.13': { name: 'Request Entity Too Large', http: 413 },
  '4.15': { name: 'Unsupported Content-Format', http: 415 },
  '4.22': { name: 'Unprocessable Entity', http: undefined },
  '4.29': { name: 'Too Many Requests', http: 429 },
  '5.00': { name: 'Internal Server Error', http: 500 },
  '5.01': { name: 'Not Implemented', http: 501 },
  '5.02': { name: 'Bad Gateway', http: 502 },
  '5.03': { name: 'Service Unavailable', http: 503 },
  '5.04': { name: 'Gateway Timeout', http: 504 },
  '5.05': { name: 'Proxying Not Supported', http: 502 },
  '5.08': { name: 'Hop Limit Reached', http: undefined },
} as const
