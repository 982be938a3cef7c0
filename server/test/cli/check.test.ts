import { chmod, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeCertificate } from '../serve/certificates.ts'
import { type CommandLine, openCommandLine } from './command-line.ts'

let line: CommandLine
beforeEach(async () => {
  line = await openCommandLine()
})
afterEach(() => line.close())

interface Report {
  readonly ok: boolean
  readonly checks: readonly { readonly check: string; readonly state: string; readonly detail: string }[]
}

/** What does not say ok, and the exit code. */
async function check(...sets: readonly string[]): Promise<readonly [number, Record<string, string[]>]> {
  const args = sets.flatMap((set) => ['--set', set])
  const { code, out } = await line.cli(['check', '--json', ...args])
  const { ok, checks } = JSON.parse(out) as Report
  expect(ok).toBe(code === 0)
  const found: Record<string, string[]> = {}
  for (const { check: name, state, detail } of checks)
    if (state !== 'ok' && name !== 'space') found[name] = [...(found[name] ?? []), `${state}: ${detail}`]
  return [code, found]
}

/** Changes the store behind the program's back. */
function alter(statement: string): void {
  const database = new DatabaseSync(join(line.folder, 'ace-oauth.sqlite'))
  database.exec(statement)
  database.close()
}

describe('check', () => {
  it('says that all is well of what init writes, in a table or as JSON', async () => {
    expect(await check()).toEqual([0, {}])
    const { code, out, error } = await line.cli(['check'])
    expect([code, error]).toEqual([0, ''])
    expect(out.split('\n')[0]).toMatch(/^check +state +detail$/)
    for (const name of [
      'configuration',
      'permissions',
      'store',
      'clock',
      'space',
      'signing keys',
      'shared keys',
    ])
      expect(out).toMatch(new RegExp(`^${name} +\\w+ +\\S`, 'm'))
  })

  it('names each value of the configuration that is wrong, and a file that is not there', async () => {
    const [code, { configuration }] = await check('listen.http.port=x', 'lissten=1')
    expect(code).toBe(1)
    expect(configuration).toHaveLength(2)
    expect(configuration![0]).toContain('listen.http.port: ')
    await rename(line.config, `${line.config}.away`)
    expect((await check())[1]).toEqual({ configuration: ['failed: cannot be read: there is no such file'] })
  })

  it.skipIf(process.platform === 'win32')('tells of files that others can use', async () => {
    await chmod(join(line.folder, 'ace-oauth.sqlite'), 0o644)
    await chmod(line.config, 0o666)
    await chmod(line.folder, 0o777)
    const [code, { permissions }] = await check()
    expect(code).toBe(1)
    for (const part of ['ace-oauth.sqlite: others can read it', 'others can write it', 'another store'])
      expect(permissions!.join()).toContain(part)
  })

  it('tells of a store that is not there, cannot be read, does not answer, or is newer', async () => {
    expect((await check('store=none.sqlite'))[1]['store']).toEqual([expect.stringContaining('no store at')])
    const text = 'this is no database, but long enough to be taken for one '.repeat(50)
    await chmod(await line.file('text.sqlite', text), 0o600)
    expect(await check('store=text.sqlite')).toEqual([
      1,
      { store: [expect.stringContaining('not a database')] },
    ])
    const refused = await check('store=postgres://a:b@127.0.0.1:1/c')
    expect(refused).toEqual([1, { store: [expect.stringContaining('ECONNREFUSED')] }])
    alter('update schema_version set version = 99')
    expect(await check()).toEqual([1, { store: [expect.stringContaining('use a newer ace-oauth-server')] }])
    await line.file('empty.sqlite', '')
    await chmod(join(line.folder, 'empty.sqlite'), 0o600)
    const [code, { store }] = await check('store=empty.sqlite')
    expect([code, store]).toEqual([0, [expect.stringContaining('warning: SQLite: it has version 0')]])
  })

  it('tells of a clock that was put back', async () => {
    const later = Math.floor(Date.now() / 1_000) + 3_600
    alter(`insert into audit (at, actor, action, subject, details) values (${later}, 'a', 'b', 'c', '{}')`)
    const [code, { clock }] = await check()
    expect([code, clock]).toEqual([1, [expect.stringMatching(/something happened 3(?:600|59\d) s from now/)]])
  })

  it('tries the keys that sign, and those that resource servers have', async () => {
    await line.json('rs', 'add', 'rs1', '--scope', 'read')
    await line.json('rs', 'add', 'rs2', '--scope', 'read', '--format', 'jwt')
    alter(`update keys set jwk = '{"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA","d":"AAAA"}'`)
    expect((await check())[1]).toEqual({ 'signing keys': [expect.stringMatching(/^failed: as-\d+: /)] })
    alter('delete from keys')
    expect((await check())[1]).toEqual({
      'signing keys': ['failed: no key signs with ES256, as the tokens for rs2 need'],
    })
    await line.json('key', 'generate')
    alter(`update resource_servers set record = replace(record, '"k":"', '"k":"AA') where audience = 'rs1'`)
    expect((await check())[1]).toEqual({ 'shared keys': [expect.stringMatching(/^failed: rs1: /)] })
  })

  it('tells when the certificate ends, and of a policy that cannot be loaded', async () => {
    const sets = ['listen.https.certificate=c.pem', 'listen.https.key=k.pem', 'listen.https.port=0']
    const withCertificate = async (from: number, to: number) => {
      const { certificate, key } = await makeCertificate('CN=as', { from, to })
      await line.file('c.pem', certificate)
      await chmod(await line.file('k.pem', key), 0o600)
      return check(...sets)
    }
    expect(await withCertificate(-1, 100)).toEqual([0, {}])
    expect(await withCertificate(-1, 5)).toEqual([
      0,
      { certificate: [expect.stringMatching(/^warning: .* 4 days$/)] },
    ])
    expect(await withCertificate(-9, -1)).toEqual([
      1,
      { certificate: [expect.stringContaining('was valid until')] },
    ])
    expect(await withCertificate(1, 9)).toEqual([
      1,
      { certificate: [expect.stringContaining('not valid before')] },
    ])
    expect((await check('policy=./none.js'))[1]['policy']).toEqual([
      expect.stringContaining('cannot be loaded'),
    ])
  })
})
