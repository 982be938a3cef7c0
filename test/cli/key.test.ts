import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildCli, cli, removeCli } from './cli.ts'

beforeAll(buildCli)
afterAll(removeCli)

const jwk = {
  kty: 'EC',
  crv: 'P-256',
  x: 'FDKbmTCVMQk96T0BoWOdgecg7K5-HMbK-2RN6L3zYJ8',
}

describe('key', () => {
  it('generates a private key, and shows its public part unless asked for all', async () => {
    const { stdout } = await cli(['key', 'generate', 'ES256', '--kid', 'as'])
    expect(JSON.parse(stdout)).toMatchObject({
      kty: 'EC',
      crv: 'P-256',
      alg: 'ES256',
      kid: 'as',
      d: expect.any(String),
    })
    const shown = await cli(['key', 'convert'], { input: stdout })
    expect(JSON.parse(shown.stdout)).not.toHaveProperty('d')
    const whole = await cli(['key', 'convert', '--private'], { input: stdout })
    expect(JSON.parse(whole.stdout)).toEqual(JSON.parse(stdout))
  })

  it('converts to a COSE_Key and back', async () => {
    const { stdout } = await cli(['key', 'generate', 'EdDSA'])
    const cose = await cli(['key', 'convert', '--to', 'cose', '--private'], { input: stdout })
    const back = await cli(['key', 'convert', '--private', cose.stdout.trim()])
    expect(JSON.parse(back.stdout)).toEqual(JSON.parse(stdout))
    const bytes = await cli(['key', 'convert', '--to', 'bytes'], { input: stdout })
    expect(bytes.stdout).toMatch(/^[\da-f]{64}\n$/)
  })

  it('tells the same thumbprints of the public and the private key', async () => {
    const { stdout } = await cli(['key', 'generate', 'ES384'])
    const shown = await cli(['key', 'convert'], { input: stdout })
    const prints = await cli(['key', 'thumbprint'], { input: stdout })
    expect(prints.stdout).toMatch(/^COSE {2}[\w-]{43}\nJWK {3}[\w-]{43}\n$/)
    expect(await cli(['key', 'thumbprint'], { input: shown.stdout })).toEqual(prints)
  })

  it('never shows a symmetric key unasked', async () => {
    const { stdout } = await cli(['key', 'generate', 'HMAC 256/256'])
    const { code, stdout: shown, stderr } = await cli(['key', 'convert'], { input: stdout })
    expect({ code, shown }).toEqual({ code: 1, shown: '' })
    expect(stderr).toContain('key_unsuitable')
    expect(stderr).not.toContain(JSON.parse(stdout).k)
  })

  it.each([
    ['a key without its point', JSON.stringify(jwk)],
    ['no object', '[]'],
    ['no COSE_Key', 'a0'],
  ])('refuses %s', async (_, input) => {
    const { code, stdout } = await cli(['key', 'convert', input])
    expect(code).toBeGreaterThan(0)
    expect(stdout).toBe('')
  })

  it('calls an algorithm that there is not wrong usage', async () => {
    expect(await cli(['key', 'generate', 'ROT13'])).toMatchObject({ code: 2, stdout: '' })
  })
})
