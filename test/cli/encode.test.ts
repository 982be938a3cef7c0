import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildCli, cli, removeCli } from './cli.ts'

beforeAll(buildCli)
afterAll(removeCli)

describe('encode', () => {
  it.each([
    ['hex by itself', [], 'a1181e3a0001869e\n'],
    ['base64', ['--out', 'base64'], 'oRgeOgABhp4=\n'],
    ['base64url', ['--out', 'base64url'], 'oRgeOgABhp4\n'],
  ])('writes %s', async (_, options, out) => {
    expect(await cli(['encode', 'error-response', '{"error":-99999}', ...options])).toEqual({
      code: 0,
      stdout: out,
      stderr: '',
    })
  })

  it('takes JSON from standard input and from files, and its raw bytes decode again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ace-oauth-'))
    const path = join(folder, 'request.json')
    const json = { scope: 'read', audience: 'rs1' }
    await writeFile(path, JSON.stringify(json))
    const piped = await cli(['encode', 'token-request'], { input: JSON.stringify(json) })
    expect(piped.code).toBe(0)
    expect(await cli(['encode', 'token-request', '--file', path])).toEqual(piped)
    expect(await cli(['encode', 'token-request', `@${path}`])).toEqual(piped)
    const again = await cli(['decode', '--json', '-m', 'token-request'], { input: piped.stdout })
    expect(JSON.parse(again.stdout)).toEqual(json)
    await rm(folder, { recursive: true })
  })

  it.each([
    ['a missing member', 'token-response', '{}', 'missing_member', 'access_token'],
    ['a wrong type', 'token-request', '{"req_cnf":{"kid":7}}', 'unexpected_type', 'req_cnf.kid'],
    [
      'a member that the message does not have',
      'error-response',
      '{"error":"invalid_grant","eror":1}',
      'no_cbor_form',
      'eror',
    ],
    [
      'a member that a map in it does not have',
      'token-request',
      '{"req_cnf":{"kid":"AQ","kit":1}}',
      'no_cbor_form',
      'req_cnf.kit',
    ],
    ['a name without an integer', 'error-response', '{"error":"slow_down"}', 'no_cbor_form', 'error'],
    ['an unassigned code', 'error-response', '{"error":418}', 'violation', 'error'],
    [
      'forbidden characters',
      'error-response',
      '{"error":"invalid_grant","error_description":"a\\"b"}',
      'violation',
      'error_description',
    ],
  ])('refuses %s and tells its path', async (_, message, json, reason, path) => {
    const { code, stdout, stderr } = await cli(['encode', message, json])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(`refused: ${reason}`)
    expect(stderr).toMatch(new RegExp(`path +${path}\n`))
  })

  it.each([
    ['numbers', '[["/s/temp",1],["/a/led",5]]'],
    ['names', '[["/s/temp",["GET"]],["/a/led","GET PUT"]]'],
  ])('writes a scope that is an authorization in AIF, its methods as %s (RFC 9237)', async (_, aif) => {
    const bytes = '8282672f732f74656d700182662f612f6c656405'
    expect(await cli(['encode', 'aif', aif])).toEqual({ code: 0, stdout: `${bytes}\n`, stderr: '' })
    expect(await cli(['encode', 'token-request', `{"audience":"rs1","scope":${aif}}`])).toEqual({
      code: 0,
      stdout: `a205637273310954${bytes}\n`,
      stderr: '',
    })
  })

  it.each([
    [
      'token-request',
      '{"scope":["read","write"]}',
      'path +scope\\.0\n +expected +a path and a set of methods',
    ],
    [
      'token-request',
      '{"scope":[["/a",["GRAB"]]]}',
      'path +scope\\.0\\.1\n +expected +names of methods: GET',
    ],
    ['aif', '{"/a":1}', 'expected +an array of entries'],
    ['error-response', '{"error":"invalid_grnt"}', 'did you mean invalid_grant\\?'],
  ])('refuses what is nearly right, and says what is wrong: %s %s', async (message, json, why) => {
    const { code, stderr } = await cli(['encode', message, json])
    expect(code).toBe(1)
    expect(stderr).toMatch(new RegExp(why))
  })

  it('takes what only the JSON has wrong, with a word: null, and base64url with padding', async () => {
    const { code, stdout, stderr } = await cli(['encode', 'token-request', '{"cnonce":"AA==","scope":null}'])
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'a118274100\n' })
    expect(stderr).toMatch(
      /^cnonce: taken, but .*\nscope: taken, but .*\n$|^scope: taken, but .*\ncnonce: taken, but .*\n$/,
    )
  })

  it('refuses what is not JSON', async () => {
    const { code, stdout, stderr } = await cli(['encode', 'error-response', '{'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('not JSON')
    expect(stderr).not.toContain('@')
    const { stderr: hinted } = await cli(['encode', 'error-response', 'error.json'])
    expect(hinted).toContain('a file is named with @ before its name')
  })

  it('leaves out of a key what only a JWK has', async () => {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: 'AQ', use: 'sig' }
    const { code } = await cli(['encode', 'token-request', JSON.stringify({ req_cnf: { jwk } })])
    expect(code).toBe(0)
  })

  it.each([
    ['no message', ['encode']],
    ['an unknown message', ['encode', 'letter', '{}']],
    ['an unknown encoding', ['encode', 'error-response', '{}', '--out', 'morse']],
  ])('calls %s wrong usage', async (_, args) => {
    const { code, stdout, stderr } = await cli(args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).not.toBe('')
  })
})
