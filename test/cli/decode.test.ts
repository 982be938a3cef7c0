import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AccessTokenRequest } from '../../src/index.ts'
import { buildCli, cli, removeCli } from './cli.ts'

let folder: string
beforeAll(async () => {
  await buildCli()
  folder = await mkdtemp(join(tmpdir(), 'ace-oauth-'))
})
afterAll(async () => {
  await removeCli()
  await rm(folder, { recursive: true })
})

const twin = { error: 'invalid_grant' }

describe('the input of decode', () => {
  it.each([
    ['hex', 'a1181e03'],
    ['hex in upper case with 0x', '0xA1181E03'],
    ['hex with spaces and colons', 'a1 18:1e 03'],
    ['hex in diagnostic notation', "h'a1181e03'"],
    ['annotated hex', 'a1      # map(1)\n  18 1e # error\n  03    # caf\u00e9\n'],
    ['base64', 'oRgeAw=='],
    ['base64url', 'oRgeAw'],
  ])('takes %s as an argument and from standard input', async (_, text) => {
    const [argument, piped] = await Promise.all([
      cli(['decode', '--json', text]),
      cli(['decode', '--json'], { input: text }),
    ])
    expect(JSON.parse(argument.stdout)).toEqual(twin)
    expect(piped).toEqual(argument)
    expect(argument.code).toBe(0)
  })

  it('takes raw bytes from standard input and from files', async () => {
    const bytes = Uint8Array.of(0xa1, 0x18, 0x1e, 0x03)
    const path = join(folder, 'error.cbor')
    await writeFile(path, bytes)
    for (const run of [
      await cli(['decode', '--json'], { input: bytes }),
      await cli(['decode', '--json', '-'], { input: bytes }),
      await cli(['decode', '--json', '--file', path]),
      await cli(['decode', '--json', `@${path}`]),
    ])
      expect(JSON.parse(run.stdout)).toEqual(twin)
  })

  it('tells how a file is named only where an argument may be one', async () => {
    const { code, stderr } = await cli(['decode'], { input: 'zz!!' })
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('not hex') })
    expect(stderr).not.toContain('@')
  })

  it('takes raw bytes that look like text where that is said', async () => {
    const { stderr } = await cli(['decode', '--in', 'raw'], { input: 'aa' })
    expect(stderr).toContain('0000  61 61')
  })

  it.each([
    ['an odd number of hex digits', ['a1181e0'], 'odd number of hex digits'],
    ['what is in no encoding', ['zz!!'], 'not hex, base64, base64url or diagnostic notation'],
    ['what is not in the encoding that was said', ['--in', 'hex', 'oRgeAw'], 'not hex'],
    ['a name of a file as it is', ['error.cbor'], 'a file is named with @ before its name'],
    ['an unreadable file', ['@/nowhere/at/all'], 'ENOENT'],
    ['a folder', ['@vectors'], 'vectors is a folder'],
    ['an argument beside a file', ['a0', '--file', 'x'], 'give one of them'],
    ['an unknown message', ['a0', '--message', 'letter'], 'Allowed choices'],
    ['a wrong key', ['a0', '--ace-error-key', '-1'], 'unsigned integer'],
  ])('calls %s wrong usage', async (_, args, word) => {
    const { code, stdout, stderr } = await cli(['decode', ...args])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(word)
  })

  it('reads no more of its input than the limit', async () => {
    const { code, stderr } = await cli(['decode'], { input: new Uint8Array(1024 * 1024 + 1) })
    expect(code).toBe(1)
    expect(stderr).toContain('larger than 1048576 bytes')
  })
})

describe('what decode prints', () => {
  it('is the message, its members, what is not known, and what the sender should not have done', async () => {
    const { code, stdout, stderr } = await cli(['decode', 'a4181e1901a2181f602103616b6178'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^Error response, RFC 9200 section 5\.8\.3 \(guessed: key 30 is error\)\n/)
    expect(stdout).toMatch(/30 +error +418\n/)
    expect(stdout).toMatch(/not known here\n +-2 +3\n +"k" +"x"\n/)
    expect(stdout).toMatch(/unassigned_code +in error\n +empty_text +in error_description\n/)
  })

  it('is the JSON twin alone with --json; the rest goes to standard error', async () => {
    const { stdout, stderr } = await cli(['decode', '--json', 'a2181e1901a23a000111706178'])
    expect(JSON.parse(stdout)).toEqual({ error: 418 })
    expect(stderr).toContain('unassigned_code')
    expect(stderr).toContain('-70001')
  })

  it('holds no control characters, whatever the texts hold', async () => {
    // A description and an unknown key with escape sequences, a C1 control, and a change of the writing direction.
    const description = '7f1b5b324ac29be280ae'
    const hex = `a3181e03181f69${description}641b5d301e6107`
    for (const args of [
      ['decode', hex],
      ['decode', '--json', hex],
      ['explain', hex],
      ['decode', '--strict', hex],
    ]) {
      const { stdout, stderr } = await cli(args)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none of these may be there.
      expect(`${stdout}${stderr}`).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f\u202e]/)
    }
  })
})

describe('a refusal of decode', () => {
  const zeros = new Array(16).fill('00').join(' ')

  it('shows the bytes with a mark under the offset and the reason, on standard error', async () => {
    const { code, stdout, stderr } = await cli(['decode', 'a1181e0300'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('  0000  a1 18 1e 03 00\n                    ^^\n')
    expect(stderr).toMatch(/reason +trailing_bytes: something follows/)
  })

  it('has the mark under the byte where addresses have five digits', async () => {
    const { stderr } = await cli(['decode', '--in', 'raw'], { input: Buffer.alloc(70_000) })
    expect(stderr).toContain(`\n  0fff0  ${zeros}\n  10000  ${zeros}\n         ^^\n  10010  ${zeros}\n`)
  })

  it('says what was expected, and where', async () => {
    const { stderr } = await cli(['decode', 'a1181e6178'])
    expect(stderr).toMatch(/offset +3\n +path +error\n +expected +an integer/)
  })

  it('shows the lines near the offset of a long input', async () => {
    const { stderr } = await cli(['decode', `a1181e03${'00'.repeat(400)}`])
    expect(stderr.split('\n').length).toBeLessThan(20)
    expect(stderr).toContain('  ...\n')
  })

  it('is JSON with --json', async () => {
    const { code, stderr } = await cli(['decode', '--json', 'a1181e6178'])
    expect(code).toBe(1)
    expect(JSON.parse(stderr)).toMatchObject({ reason: 'unexpected_type', offset: 3, path: 'error' })
  })

  it.each([
    ['an empty input', [''], 'truncated'],
    ['what is no map', ['80'], 'unexpected_type'],
    [
      'what is not deterministic, where that is asked for',
      ['--deterministic', 'a119001e03'],
      'not_deterministic',
    ],
    ['a violation, where that is asked for', ['--strict', 'a1181e1901a2'], 'violation'],
  ])('meets %s', async (_, args, reason) => {
    const { code, stderr } = await cli(['decode', ...args])
    expect(code).toBe(1)
    expect(stderr).toContain(`refused: ${reason}`)
  })
})

describe('the guess of decode', () => {
  it.each([
    ['error-response', 'a1181e03', 'Error response'],
    ['introspection-response', 'a10af4', 'Introspection response'],
    ['introspection-request', 'a10b42ee08', 'Introspection request'],
    ['revocation-request', 'a20b42ee0818194101', 'Token revocation request'],
    ['problem-details by a standard key', 'a1206178', 'Concise problem details'],
    ['problem-details by ace-error', 'a102a10003', 'Concise problem details'],
    ['token-response', 'a10142d083', 'Access token response'],
    ['creation-hints by AS', 'a10172636f6170733a2f2f61732e6578616d706c65', 'AS Request Creation Hints'],
    ['creation-hints by kid', 'a1024101', 'AS Request Creation Hints'],
    ['token-request', 'a1182102', 'Access token request'],
    ['an empty token-request', 'a0', 'Access token request'],
  ])('finds %s', async (_, hex, title) => {
    const { code, stdout } = await cli(['decode', hex])
    expect(stdout.startsWith(title)).toBe(true)
    expect(stdout).toContain('(guessed: ')
    expect(code).toBe(0)
  })

  it('names what the bytes could be as well', async () => {
    const hex = Buffer.from(new AccessTokenRequest({ scope: 'read' }).toCbor()).toString('hex')
    const { stdout } = await cli(['decode', hex])
    expect(stdout).toContain('it could be creation-hints, --message says which')
    const told = await cli(['decode', '--message', 'creation-hints', hex])
    expect(told.stdout).toMatch(/^AS Request Creation Hints, RFC 9200 section 5\.3\n/)
  })

  it('goes by the key of ace-error that is told', async () => {
    const { stdout } = await cli(['decode', '--ace-error-key', '77', 'a1184da10003'])
    expect(stdout).toMatch(/77 +ace-error +\{ "error": "invalid_grant" \}/)
  })
})
