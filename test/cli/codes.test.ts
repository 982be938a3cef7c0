import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { registries } from '../../src/index.ts'
import { buildCli, cli, removeCli } from './cli.ts'

beforeAll(buildCli)
afterAll(removeCli)

describe('codes', () => {
  it('shows every row of every registry', async () => {
    const { code, stdout, stderr } = await cli(['codes'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    for (const { title, rows } of Object.values(registries)) {
      expect(stdout).toContain(title)
      for (const { name } of rows) expect(stdout).toContain(name)
    }
  })

  it.each(['error-codes', 'errorCodes'])('shows one registry as %s', async (name) => {
    const { stdout } = await cli(['codes', name])
    expect(stdout).toMatch(/^Error codes \(error-codes\)/)
    expect(stdout).toMatch(/ 3 +invalid_grant +RFC 9200; RFC 6749, Section 5\.2\n/)
    expect(stdout).not.toContain('Grant types')
  })

  it('explains a name in each registry that has it', async () => {
    const { code, stdout } = await cli(['codes', 'invalid_grant'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^invalid_grant = 3\n/)
    expect(stdout).toMatch(/remedy +\S/)
    expect(stdout).toContain('OAuth error names')
  })

  it('takes names in any case', async () => {
    expect((await cli(['codes', 'cose_sign1'])).stdout).toMatch(/^COSE_Sign1 = 18\n/)
  })

  it('explains an integer in each registry that has it', async () => {
    const { stdout } = await cli(['codes', '3'])
    for (const heading of ['invalid_grant = 3', 'refresh_token = 3', 'mqtt_tls = 3', 'kid = 3'])
      expect(stdout).toContain(`${heading}\n`)
  })

  it.each([
    ['private use', '-99999', 'private use'],
    ['private use at its end', '-18446744073709551616', 'private use'],
    ['unassigned', '418', 'unassigned'],
    ['the boundary, which is not private', '-65536', 'unassigned'],
  ])('explains an integer that is %s', async (_, integer, status) => {
    const { code, stdout } = await cli(['codes', integer])
    expect(code).toBe(0)
    expect(stdout).toMatch(
      new RegExp(`^${integer} +Error codes, RFC 9200, Section 8\\.4\\n +status +${status}`),
    )
    expect(stdout.includes('for private use in these registries too')).toBe(status === 'private use')
  })

  it('fails for what no registry has', async () => {
    const { code, stdout, stderr } = await cli(['codes', 'no\x1bsuch'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('no\\u001bsuch')
  })

  it('calls an integer that CBOR has not wrong usage', async () => {
    expect(await cli(['codes', '18446744073709551616'])).toMatchObject({ code: 2, stdout: '' })
  })
})
