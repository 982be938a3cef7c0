import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Failure } from 'ace-oauth/failure'
import { expect, it, vi } from 'vitest'
import { basic } from './requests.ts'

it('the authorization server in ten lines issues a token to its client, and to nobody else', async () => {
  vi.stubEnv('PORT', '0')
  const example = await import('../../examples/authorization-server.ts')
  const server = example.server as Server
  if (!server.listening) await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const post = (body: string, secret: string) =>
    fetch(url, {
      method: 'POST',
      body: new URLSearchParams(body),
      headers: { authorization: basic('sensor1', secret) },
    })
  const right = await post('grant_type=client_credentials&scope=read', 'VerySecret')
  expect([right.status, await right.json()]).toEqual([
    200,
    {
      access_token: expect.any(String),
      token_type: 'PoP',
      expires_in: 3600,
      cnf: { jwk: { kty: 'oct', k: expect.any(String), alg: 'HS256' } },
    },
  ])
  const wrong = await post('grant_type=client_credentials', 'guess')
  expect([wrong.status, await wrong.json()]).toMatchObject([401, { error: 'invalid_client' }])
  const greedy = await post('scope=write', 'VerySecret')
  expect([greedy.status, await greedy.json()]).toMatchObject([400, { error: 'invalid_scope' }])
  server.close()
})

it('the client asks it for a token, and knows what to do about a refusal', async () => {
  vi.stubEnv('PORT', '0')
  vi.resetModules()
  const { server } = (await import('../../examples/authorization-server.ts')) as { server: Server }
  const { advice, requestToken } = await import('../../examples/client.ts')
  if (!server.listening) await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const response = await requestToken(url, 'VerySecret')
  expect(response).toMatchObject({
    token_type: 'PoP',
    scope: 'read',
    cnf: { COSE_Key: { kty: 'Symmetric' } },
  })
  const refused = await requestToken(url, 'guess').catch((failure: unknown) => failure)
  expect(refused).toMatchObject({ code: 'client_invalid_client' })
  expect(advice(refused as Failure)).toContain('fix_config')
  server.close()
})

it('the resource server takes the token and allows what it covers', async () => {
  const { answer, authzInfo } = await import('../../examples/resource-server.ts')
  // The same modules as the example has.
  const { issueCwt, TokenKey } = await import('ace-oauth/token')
  const key = await TokenKey.generate('AES-CCM-16-64-128')
  const client = await TokenKey.generate('ES256')
  const claims = { aud: 'rs1', scope: 'read', exp: 4_000_000_000, cnf: { COSE_Key: client.toCose() } }
  expect(await authzInfo(await issueCwt(claims, key), key)).toMatchObject({ code: '2.01' })
  const proven = `ckt:${Buffer.from(await client.thumbprint()).toString('hex')}`
  expect(answer(proven, 'GET', '/temperature')).toBe('2.05')
  expect(answer(proven, 'PUT', '/temperature')).toBe('4.05')
  expect(answer(proven, 'GET', '/door')).toBe('4.03')
  expect(answer('ckt:none', 'GET', '/temperature')).toBe('4.01')
  const other = await TokenKey.generate('AES-CCM-16-64-128')
  expect(await authzInfo(await issueCwt(claims, other), key)).toMatchObject({ code: '4.01' })
})

it.each(['authorization-server', 'client', 'resource-server'])('%s stands in the README as it is', (name) => {
  const code = readFileSync(`examples/${name}.ts`, 'utf8')
  expect(readFileSync('README.md', 'utf8')).toContain(`\`\`\`ts\n${code}\`\`\`\n`)
})
