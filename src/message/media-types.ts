/** What the payload of a message can be written in, by its media type. */
export const mediaTypes = {
  cbor: 'application/ace+cbor',
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  problem: 'application/concise-problem-details+cbor',
} as const
