import type { Grant } from './grant.ts'

/** What a client may have on its own behalf (RFC 6749 section 4.4); it is meant where a request names no grant (RFC 9200 section 5.8.1). */
export const clientCredentials: Grant = {
  name: 'client_credentials',
  parameters: [],
  run: async () => ({}),
}
