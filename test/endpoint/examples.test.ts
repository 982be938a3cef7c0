import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
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

it('it stands in the README as it is', () => {
  const code = readFileSync('examples/authorization-server.ts', 'utf8')
  expect(readFileSync('README.md', 'utf8')).toContain(`\`\`\`ts\n${code}\`\`\`\n`)
})
