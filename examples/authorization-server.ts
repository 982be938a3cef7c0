import { serve } from '@hono/node-server'
import { AccessTokenResponse, Failure } from 'ace-oauth'
import { clientAuthentication, fetchHandler, hashClientSecret, tokenEndpoint } from 'ace-oauth/endpoint'
import { createReference } from 'ace-oauth/token'

const clients = new Map([
  ['sensor1', { client_id: 'sensor1', secretHashes: [await hashClientSecret('VerySecret')] }],
])
const token = tokenEndpoint({
  authenticate: clientAuthentication({ findClient: (id) => clients.get(id) }),
  grantTypes: ['client_credentials'],
  issue({ scope = 'read' }) {
    if (scope !== 'read') throw new Failure('token_scope_not_allowed')
    return new AccessTokenResponse({
      access_token: createReference(),
      token_type: 'Bearer',
      scope,
      expires_in: 3600,
    })
  },
})
export const server = serve({ fetch: fetchHandler(token), port: Number(process.env['PORT'] ?? 8080) })
