import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { buildCli, cli, main, removeCli } from './cli.ts'

beforeAll(buildCli)
afterAll(removeCli)

describe('conformance', () => {
  it('reports by document and section', async () => {
    const { code, stdout, stderr } = await cli(['conformance', 'rfc9200'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^RFC 9200: .*\n +5\.3 +\d+ passed\n/)
    expect(stdout).toMatch(/\nace-oauth: \d+ passed\n$/)
  })

  it('reports as JSON and as JUnit XML', async () => {
    const [json, junit] = await Promise.all([
      cli(['conformance', '--json', 'rfc9200']),
      cli(['conformance', '--junit', 'rfc9200']),
    ])
    expect(JSON.parse(json.stdout)).toMatchObject({ implementation: 'ace-oauth', failed: 0 })
    expect(junit.stdout).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="ace-oauth"/)
  })

  it('tests another implementation through its codec', async () => {
    const codec = `'${process.execPath}' '${main}' codec`
    const { code, stdout } = await cli(['conformance', 'rfc9200', '--codec', codec])
    expect(stdout).not.toContain('FAILED')
    expect(code).toBe(0)
  })

  it('fails in one line where the program is no codec', async () => {
    // It echoes what it is asked, which is no answer.
    const { code, stdout, stderr } = await cli(['conformance', 'rfc9202', '--codec', 'cat'])
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect(stdout).toMatch(/^FAILED cat: answered .*; 0 passed, 1 failed, \d+ not asked\n$/)
  })

  it.skipIf(process.platform === 'win32').each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('stops the program on %s', async (signal, code) => {
    const folder = await mkdtemp(join(tmpdir(), 'conformance-'))
    const pidFile = join(folder, 'pid')
    // It never answers, and hears of no signal.
    const hangs = `trap '' TERM INT; echo $$ > '${pidFile}.new' && mv '${pidFile}.new' '${pidFile}'; while :; do sleep 1; done`
    const child = spawn(process.execPath, [main, 'conformance', '--codec', hangs], { stdio: 'ignore' })
    const pid = await vi.waitFor(async () => Number(await readFile(pidFile, 'utf8')), { timeout: 20_000 })
    child.kill(signal)
    expect((await once(child, 'exit'))[0]).toBe(code)
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), { timeout: 10_000 })
    await rm(folder, { recursive: true })
  })

  it('shows what fails with its bytes explained', async () => {
    const wrong = `'${process.execPath}' -e "require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
      const { id, op } = JSON.parse(line)
      const answer = op === 'encode' ? { hex: 'a1181e01' } : { value: { error: 'invalid_grant' } }
      console.log(JSON.stringify({ id, ok: true, ...answer }))
    })"`
    const run = ['conformance', '--only', 'error-3', 'error-4', 'error-5', '--codec', wrong]
    const { code, stdout } = await cli([...run, '--failures', '2'])
    expect(code).toBe(1)
    expect(stdout).toContain(`
    a1        # map(1)
       18 1e  # unsigned(30) (=error)
  -    03     # unsigned(3) (=invalid_grant)
  +    01     # unsigned(1) (=invalid_request)
`)
    expect(stdout).toContain(`
  got      value {"error":"invalid_grant"}
  a1        # map(1)
     18 1e  # unsigned(30) (=error)
     04     # unsigned(4) (=unauthorized_client)
`)
    expect(stdout).toContain('FAILED too: error-5\n')
    expect((await cli([...run, '--bail'])).stdout).toMatch(/; ended at the first failure\n$/)
  })

  it('writes a report to a file, in each format', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'conformance-'))
    for (const [format, start] of [
      ['--html', '<!doctype html>'],
      ['--markdown', '# ace-oauth'],
      ['--json', '{'],
    ] as const) {
      const file = join(folder, 'report')
      expect(await cli(['conformance', 'rfc9202', format, '-o', file])).toEqual({
        code: 0,
        stdout: '',
        stderr: '',
      })
      expect((await readFile(file, 'utf8')).startsWith(start), format).toBe(true)
    }
    await rm(folder, { recursive: true })
  })

  it.each([
    ['an unknown document', ['rfc1']],
    ['two formats', ['--json', '--junit']],
    ['a selection of nothing', ['--only', 'no-such-vector']],
    ['a timeout that is none', ['--timeout', '0']],
    ['a count that is none', ['--failures', '-1']],
    ['no command', ['--codec', ' ']],
    ['a report in no folder', ['-o', join(tmpdir(), 'no-such-folder', 'report')]],
    ['a folder for a report', ['-o', tmpdir()]],
  ])('calls %s wrong usage', async (_, args) => {
    expect(await cli(['conformance', ...args])).toMatchObject({ code: 2, stdout: '' })
  })
})
