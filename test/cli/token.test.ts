import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildCli, cli, removeCli } from './cli.ts'

let key: string
let token: string
const claims = { aud: 'rs1', scope: 'read', exp: 1_900_000_000 }

beforeAll(async () => {
  await buildCli()
  key = (await cli(['key', 'generate', 'ES256', '--kid', 'as'])).stdout
  token = (await cli(['token', 'sign', JSON.stringify(claims), '--key', key])).stdout.trim()
})
afterAll(removeCli)

const at = ['--at', '1800000000']

describe('token', () => {
  it.each(['ES256', 'EdDSA', 'HMAC 256/64', 'AES-CCM-16-64-128', 'A256GCM'])(
    'makes and verifies a CWT with %s',
    async (alg) => {
      const jwk = (await cli(['key', 'generate', alg])).stdout
      const signed = await cli(['token', 'sign', '--key', jwk, '--out', 'base64url'], {
        input: JSON.stringify(claims),
      })
      expect(signed).toMatchObject({ code: 0, stderr: '' })
      const verified = await cli(['token', 'verify', '--key', jwk, '--audience', 'rs1', '--json', ...at], {
        input: signed.stdout,
      })
      expect(verified).toMatchObject({ code: 0, stderr: '' })
      expect(JSON.parse(verified.stdout)).toEqual(claims)
    },
  )

  it('makes and verifies a JWT', async () => {
    const signed = await cli(['token', 'sign', JSON.stringify(claims), '--key', key, '--jwt'])
    expect(signed.stdout.split('.').length).toBe(3)
    const verified = await cli([
      'token',
      'verify',
      signed.stdout.trim(),
      '--key',
      key,
      '--audience',
      'rs1',
      ...at,
    ])
    expect(verified.stdout).toMatch(/^verified: jwt, sign1 ES256\n/)
    const inspected = await cli(['token', 'inspect', signed.stdout.trim()])
    expect(inspected.stdout).toContain(JSON.stringify(claims.aud))
  })

  it('verifies with the public key, or with one of a set', async () => {
    const jwk = (await cli(['key', 'convert', key])).stdout
    const other = JSON.parse((await cli(['key', 'generate', 'ES256'])).stdout)
    const set = JSON.stringify({ keys: [other, JSON.parse(jwk)] })
    for (const one of [jwk, set])
      expect(await cli(['token', 'verify', token, '--key', one, '--audience', 'rs1', ...at])).toMatchObject({
        code: 0,
      })
  })

  it.each([
    ['another audience', ['--audience', 'rs2', ...at], 'authz_info_audience_mismatch', '4.03'],
    ['the time', ['--audience', 'rs1', '--at', '1900000001'], 'authz_info_token_expired', '4.01'],
  ])('refuses a token for %s', async (_, options, failure, answer) => {
    const { code, stdout, stderr } = await cli(['token', 'verify', token, '--key', key, ...options])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(`refused: ${failure}`)
    expect(stderr).toMatch(new RegExp(`answer +${answer}`))
  })

  it('refuses a token that was changed, and tells who debugs why', async () => {
    const changed = `${token.slice(0, -2)}${token.endsWith('00') ? '01' : '00'}`
    const { code, stderr } = await cli(['token', 'verify', changed, '--key', key, '--audience', 'rs1', ...at])
    expect(code).toBe(1)
    expect(stderr).toMatch(/because +verification_failed/)
  })

  it('inspects without a key, and says that nothing is verified', async () => {
    const { code, stdout } = await cli(['token', 'inspect', token])
    expect(code).toBe(0)
    expect(stdout).toContain('Nothing of this is verified.')
    expect(stdout).toMatch(/d2 +# tag\(18\) \(=COSE_Sign1\)/)
    expect(stdout).toMatch(/4 +exp +1900000000 +2030-03-17T17:46:40\.000Z/)
  })

  it.each([
    ['claims of a wrong type', ['{"exp":"soon"}'], 'path      exp'],
    ['a claim without a CBOR key', ['{"foo":1}'], 'path      foo'],
    ['what is no key', ['{}', '--key', '{"kty":"EC"}'], 'key_invalid'],
    ['two keys', ['{}', '--key', '{"keys":[]}'], 'expected one key'],
  ])('does not sign %s', async (_, args, word) => {
    const { code, stdout, stderr } = await cli(['token', 'sign', '--key', key, ...args])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(word)
  })

  it.each([['d28440'], ['a0'], ['zz.zz.zz']])('refuses to inspect %s', async (input) => {
    expect(await cli(['token', 'inspect', input])).toMatchObject({ code: 1 })
  })

  it.each([[['token']], [['token', 'verify', 'd28440']], [['token', 'sign', '{}']]])(
    'calls %j wrong usage',
    async (args) => {
      expect(await cli(args)).toMatchObject({ code: 2, stdout: '' })
    },
  )
})
