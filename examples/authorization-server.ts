import { serve } from '@hono/node-server'
import { AccessTokenResponse, Failure } from 'ace-oauth'
import { clientAuthentication, fetchHandler, hashClientSecret, tokenEndpoint } from 'ace-oauth/endpoint'
import { issueCwt, TokenKey } from 'ace-oauth/token'

const secretHashes = [await hashClientSecret('VerySecret')]
const clients = new Map([['sensor1', { client_id: 'sensor1', secretHashes }]])
const rs1 = await TokenKey.generate('AES-CCM-16-64-128', { kid: 'rs1' }) // the resource server has it, too

const token = tokenEndpoint({
  authenticate: clientAuthentication({ findClient: (id) => clients.get(id) }),
  grantTypes: ['client_credentials'],
  async issue({ scope = 'read' }) {
    if (scope !== 'read') throw new Failure('token_scope_not_allowed')
    const cnf = { COSE_Key: (await TokenKey.generate('HMAC 256/256')).toPrivateCose() }
    const claims = { aud: 'rs1', scope, exp: Math.floor(Date.now() / 1_000) + 3_600, cnf }
    return new AccessTokenResponse({ access_token: await issueCwt(claims, rs1), cnf, expires_in: 3_600 })
  },
})
export const server = serve({ fetch: fetchHandler(token), port: Number(process.env['PORT'] ?? 8080) })
