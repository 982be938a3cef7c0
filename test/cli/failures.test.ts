import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { renderFailure, renderFailures } from '../../src/failure/document.ts'
import { buildCli, cli, removeCli } from './cli.ts'

beforeAll(buildCli)
afterAll(removeCli)

describe('failures', () => {
  it('prints the catalogue', async () => {
    expect(await cli(['failures'])).toEqual({ code: 0, stdout: renderFailures(), stderr: '' })
  })

  it('explains one', async () => {
    const code = 'token_store_unavailable'
    expect(await cli(['failures', code])).toEqual({ code: 0, stdout: renderFailure(code), stderr: '' })
  })

  it('fails for one that there is not', async () => {
    const { code, stdout, stderr } = await cli(['failures', 'token_lost'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('no failure token_lost')
  })
})

describe('failures --json', () => {
  it('is one row, or all of them', async () => {
    const one = JSON.parse((await cli(['failures', 'token_store_unavailable', '--json'])).stdout)
    expect(one).toMatchObject({
      code: 'token_store_unavailable',
      coapCode: '5.03',
      httpStatus: 503,
      isTransient: true,
    })
    expect(one.action).toContain('database')
    expect(JSON.parse((await cli(['failures', '--json'])).stdout).length).toBeGreaterThan(100)
  })
})
