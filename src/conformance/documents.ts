/** The documents of `vectors/` that hold conformance vectors, by the names of their files. */
export const vectorDocuments: readonly string[] = [
  'rfc8949',
  'rfc9200',
  'rfc9201',
  'rfc9202',
  'rfc9203',
  'rfc9237',
  'rfc9290',
  'rfc9770',
  'cose',
  'oauth-json',
  'error-response',
  'problem-details',
  'messages',
]
