import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildCli, cli, main, removeCli } from './cli.ts'

beforeAll(buildCli)
afterAll(removeCli)

const commands = [
  'decode',
  'encode',
  'explain',
  'codes',
  'failures',
  'conformance',
  'codec',
  'token inspect',
  'token verify',
  'token sign',
  'key generate',
  'key convert',
  'key thumbprint',
]

describe('the command line', () => {
  it.each(commands)('has help with examples for %s', async (command) => {
    const { code, stdout, stderr } = await cli([...command.split(' '), '--help'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(`Usage: ace-oauth ${command}`)
    expect(stdout).toMatch(new RegExp(`Examples:\n +# .+\n +\\$ ace-oauth ${command}`))
  })

  it('has help that names the exit codes', async () => {
    const { code, stdout } = await cli(['--help'])
    expect(code).toBe(0)
    expect(stdout).toContain('Exit codes: 0')
  })

  it('tells its version', async () => {
    const { version } = createRequire(import.meta.url)('../../package.json')
    expect(await cli(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })

  it.each([[[]], [['unknown']], [['decode', '--unknown']], [['decode', 'a0', 'a0']], [['codes', 'a', 'b']]])(
    'ends with 2 and a word on standard error for %j',
    async (args) => {
      const { code, stdout, stderr } = await cli(args)
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).not.toBe('')
    },
  )

  it('lets the reader of its output go without a word', async () => {
    const child = spawn(process.execPath, [main, 'codec'])
    let stderr = ''
    child.stderr.on('data', (text) => {
      stderr += text
    })
    child.stdin.on('error', () => {})
    child.stdout.destroy()
    child.stdin.end('{}\n'.repeat(100_000))
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  it('is not coloured where its output is no terminal', async () => {
    expect((await cli(['explain', 'a1181e03'], { env: { FORCE_COLOR: '1' } })).stdout).not.toContain('\x1b')
  })
})

/** The command of util-linux that gives a program a terminal. */
const recorder = 'script'

describe.skipIf(process.platform === 'win32')('on a terminal', () => {
  /** Runs the command line with a pseudo-terminal for its output; nothing where there is no `script`. */
  function onTerminal(command: string, env: Readonly<Record<string, string>>): Promise<string | undefined> {
    const child = spawn(recorder, ['-qec', `'${process.execPath}' '${main}' ${command}`, '/dev/null'], {
      env: { PATH: process.env['PATH'], TERM: 'xterm-256color', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let out = ''
    child.stdout.on('data', (text) => {
      out += text
    })
    return new Promise((resolve) => {
      child.on('error', () => resolve(undefined))
      child.on('close', () => resolve(out))
    })
  }

  it('is coloured, unless NO_COLOR is set or the terminal is dumb', async ({ skip }) => {
    const coloured = await onTerminal('explain a1181e03', {})
    if (coloured === undefined) return skip('there is no script command here')
    expect(coloured).toContain('\x1b[1mError response\x1b[22m')
    expect(await onTerminal('explain a1181e03', { NO_COLOR: '1' })).not.toContain('\x1b')
    expect(await onTerminal('explain a1181e03', { TERM: 'dumb' })).not.toContain('\x1b')
  })

  it('writes no raw bytes', async ({ skip }) => {
    const out = await onTerminal(`encode error-response '{"error":3}' --out raw`, {})
    if (out === undefined) return skip('there is no script command here')
    expect(out).toContain('raw bytes are not for a terminal')
  })
})
