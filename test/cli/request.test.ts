import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportJWK, generateKeyPair } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CreationHints } from '../../src/message/creation-hints.ts'
import { serveLocally } from '../client/servers.ts'
import { startServer, type TestServer } from '../endpoint/authorization-server.ts'
import { buildCli, cli, removeCli } from './cli.ts'

const secret = 's:1%+é'
let as: TestServer
let folder: string
let privateJwk: string

beforeAll(async () => {
  await buildCli()
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
  privateJwk = JSON.stringify({ ...(await exportJWK(privateKey)), kid: 'k1', alg: 'ES256' })
  as = await startServer({ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' })
  folder = await mkdtemp(join(tmpdir(), 'ace-oauth-request-'))
})
afterAll(async () => {
  await as.close()
  await removeCli()
  await rm(folder, { recursive: true, force: true })
})

const as1 = ['--client-id', 'c1', '--client-secret', 'env:SECRET']
const env = { SECRET: secret }
const token = (...more: string[]) => cli(['request', 'token', `${as.issuer}/token`, ...as1, ...more], { env })

describe('request token', () => {
  it('shows both sides byte by byte, with secrets by their lengths, and what the client should do', async () => {
    const { code, stdout, stderr } = await token('--scope', 'read')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(`POST ${as.issuer}/token\n`)
    expect(stdout).toMatch(/a3 +# map\(3\)\n {3}09 +# unsigned\(9\) \(=scope\)\n/)
    expect(stdout).toMatch(/47 +# bytes\(7\)\n/)
    expect(stdout).toContain(`${'**'.repeat(7)} `)
    expect(stdout).toContain('\n200\n')
    expect(stdout).toContain('a token\n')
    expect(stdout).toMatch(/expires +\d{4}-/)
    for (const hidden of [Buffer.from(secret).toString('hex'), secret]) expect(stdout).not.toContain(hidden)
  })

  it('takes the secret from a file, the environment, standard input, or as it is', async () => {
    const file = join(folder, 'secret')
    await writeFile(file, `${secret}\n`)
    const ways = [
      [`@${file}`, {}],
      ['env:SECRET', { env }],
      ['-', { input: `${secret}\n` }],
      [secret, {}],
    ] as const
    for (const [given, from] of ways) {
      const args = ['request', 'token', `${as.issuer}/token`, '--client-id', 'c1', '--client-secret', given]
      expect(await cli(args, from), given).toMatchObject({ code: 0 })
    }
  })

  it('shows secrets where it is asked to', async () => {
    const { stdout } = await token('--scope', 'read', '--show-secrets')
    expect(stdout).toContain(Buffer.from(secret).toString('hex'))
  })

  it('speaks forms and JSON, in the header too, and hides the secrets there', async () => {
    const { code, stdout } = await token('--encoding', 'json', '--basic')
    expect(code).toBe(0)
    expect(stdout).toContain('authorization: Basic ****')
    expect(stdout).toContain('"access_token": "****"')
    const body = await token('--encoding', 'json')
    expect(body.stdout).toContain('client_secret=****')
  })

  it('signs assertions, of which nothing is shown', async () => {
    const key = join(folder, 'key.jwk')
    await writeFile(key, privateJwk)
    const args = ['--issuer', as.issuer, '--client-id', 'c2', '--client-key', `@${key}`]
    const { code, stdout, stderr } = await cli(['request', 'token', ...args])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('client_assertion=****')
  })

  it('writes the token into a file that only its owner may read, which introspects and revokes it', async () => {
    const file = join(folder, 'token')
    const written = await token('--scope', 'read', '--out-file', file)
    expect(written).toMatchObject({ code: 0 })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const before = as.answers.length
    const again = await token('--scope', 'read', '--out-file', file)
    expect(again).toMatchObject({ code: 1, stdout: '' })
    expect(again.stderr).toContain('not overwritten')
    expect(as.answers.length).toBe(before)

    const rs = ['--client-id', 'rs', '--client-secret', 'rs']
    const introspect = () =>
      cli(['request', 'introspect', `${as.issuer}/introspect`, ...rs, '--token', `@${file}`, '--json'])
    const active = await introspect()
    expect(active).toMatchObject({ code: 0 })
    expect(JSON.parse(active.stdout).introspection).toMatchObject({ active: true, scope: 'read' })
    expect(active.stdout).not.toContain(await readFile(file, 'utf8'))
    const revoked = await cli(['request', 'revoke', `${as.issuer}/revoke`, ...as1, '--token', `@${file}`], {
      env,
    })
    expect(revoked).toMatchObject({ code: 0, stderr: '' })
    expect(revoked.stdout).toContain('revoked\n')
    expect(JSON.parse((await introspect()).stdout).introspection).toEqual({ active: false })
  })

  it('prints all of it as JSON, the token too and the secret of the client not', async () => {
    const { code, stdout } = await token('--scope', 'read', '--json')
    expect(code).toBe(0)
    const told = JSON.parse(stdout)
    expect(told).toMatchObject({
      request: {
        url: `${as.issuer}/token`,
        message: { client_id: 'c1', client_secret: '****', scope: 'read' },
      },
      response: { status: 200, media_type: 'application/ace+cbor' },
      token: {
        access_token: expect.any(String),
        refresh_token: expect.any(String),
        response_encoding: 'cbor',
      },
    })
    const refreshed = await cli(
      ['request', 'token', `${as.issuer}/token`, ...as1, '--refresh-token', '-', '--json'],
      { env, input: told.token.refresh_token },
    )
    expect(JSON.parse(refreshed.stdout).token.access_token).not.toBe(told.token.access_token)
  })

  it('tells what a refusal means, whether to try again, and who can repair what, with exit code 1', async () => {
    const { code, stdout, stderr } = await token('--scope', 'write')
    expect(code).toBe(1)
    expect(stdout).toMatch(/06 +# unsigned\(6\) \(=invalid_scope\)/)
    expect(stderr).toContain('failed: client_invalid_scope')
    expect(stderr).toMatch(/try again +no/)
    const json = await token('--scope', 'write', '--json')
    expect(json.code).toBe(1)
    expect(JSON.parse(json.stdout)).toMatchObject({
      response: { status: 400, payload: 'a1181e06' },
      failure: { code: 'client_invalid_scope', isTransient: false, suggestedAction: 'fix_config' },
    })
  })

  it('tells the wait that the server asks for', async () => {
    const { code, stderr } = await token('--audience', 'slow')
    expect(code).toBe(1)
    expect(stderr).toContain('yes, after 6000 ms')
  })

  it('tries again as often as it is told to where that helps', async () => {
    let requests = 0
    const flaky = await serveLocally((_, response) => {
      if (++requests === 1) response.destroy()
      else
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end('{"access_token":"abc","expires_in":9007199254740991,"token_type":"Bearer"}')
    })
    // Without another word it is a token that is asked for.
    const once = await cli(['request', flaky.url])
    expect(once).toMatchObject({ code: 1, stdout: '' })
    expect(once.stderr).toContain('client_network_error')
    requests = 0
    const twice = await cli(['request', 'token', flaky.url, '--attempts', '2'])
    expect(twice).toMatchObject({ code: 0 })
    expect(twice.stderr).toMatch(/^attempt 1: client_network_error; again after \d+ ms\n$/)
    await flaky.close()
  })

  it('follows the hints of a resource server to the server that it was given, and to no other', async () => {
    const cnonce = Uint8Array.of(1, 2, 3)
    const hintsOf = (AS: string) =>
      Buffer.from(new CreationHints({ AS, audience: 'rs1', scope: 'read', cnonce }).toCbor()).toString('hex')
    const right = await token('--hints', hintsOf(`${as.issuer}/token`), '--json')
    expect(right.code).toBe(0)
    expect(JSON.parse(right.stdout).request.message).toMatchObject({
      audience: 'rs1',
      scope: 'read',
      cnonce: 'AQID',
    })
    const before = as.answers.length
    const wrong = await token('--hints', hintsOf('https://evil.example.com/token'))
    expect(wrong).toMatchObject({ code: 1 })
    expect(wrong.stderr).toContain('client_server_not_trusted')
    expect(as.answers.length).toBe(before)
  })

  it.each([
    [['request', 'token'], /--issuer/],
    [['request', 'token', 'http://as.example.com/token'], /https/],
    [['request', 'token', 'https://127.0.0.1:1/', '--client-secret', 'x'], /--client-id/],
    [['request', 'token', 'https://127.0.0.1:1/', '--timeout', '0'], /timeoutMs/],
    [['request', 'token', 'https://127.0.0.1:1/', '--cnonce', 'xyz'], /hex/],
    [['request', 'token', 'https://127.0.0.1:1/', '--profile', 'coap_dtsl'], /coap_dtls/],
    [['request', 'token', 'https://127.0.0.1:1/', '--grant-type', 'authorization_code'], /code/],
    [['request', 'introspect', 'https://127.0.0.1:1/'], /--token/],
  ])('refuses %j as wrong usage', async (args, message) => {
    const { code, stdout, stderr } = await cli(args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
  })
})
