import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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

const key =
  '{"kty":"EC","crv":"P-256","x":"usWxHK2PmfnHKwXPS54m0kTcGJ90UiglWiGahtagnv8","y":"IBOL-C3BttVivg-lSreASjpkttcsz-1rb7btKLv8EX4"}'
/** A COSE_Sign1 without a tag, signed by the key. */
const untagged =
  '8443a10126a04ca20363727331041a7fffffff5840ca78a9d99945f0129551d3c699668afbce08192740f91737d2c1b4be878cbe8af575f0b120626e4fc18a9214471a4e33254556babb2d9af9656ab59af190f76d'

describe('what decode and explain are given by mistake', () => {
  it.each([
    ['a token', `d2${untagged}`, 'this is a COSE_Sign1, as a CWT is: ace-oauth token inspect shows it'],
    ['an untagged token', untagged, 'this is a COSE_Sign1'],
    ['a COSE_Mac', 'd8618543a10105a0414142aabb80', 'this is a COSE_Mac,'],
    ['claims', 'a20363727331041a7fffffff', 'this is a CWT Claims Set: ace-oauth token inspect shows it'],
    ['a COSE_Key', 'a401022001215801012258010a', 'this is a COSE_Key: ace-oauth key convert shows it'],
    ['a COSE_KeySet', '81a3010120062141aa', 'this is a COSE_KeySet'],
    ['a JWT', 'eyJhbGciOiJFUzI1NiJ9.e30.AA', 'this is a JWT: ace-oauth token inspect shows it'],
    ['JSON', '{"error":"invalid_grant"}', 'this is JSON: ace-oauth encode writes a message from it'],
    ['PEM', '-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----', 'this is PEM'],
  ])('is named with the command that shows it: %s', async (_, input, sentence) => {
    for (const command of ['decode', 'explain']) {
      const { code, stderr } = await cli([command], { input })
      expect(code).toBe(1)
      expect(stderr).toContain(sentence)
    }
  })

  it('is shown where it only has the tag of self-described CBOR', async () => {
    const { code, stdout } = await cli(['decode', '--json', 'd9d9f7a1181e03'])
    expect({ code, stdout }).toEqual({ code: 0, stdout: '{"error":"invalid_grant"}\n' })
  })

  it('is an error response where it has members that only an error response has (RFC 9200 Table 5)', async () => {
    const { code, stderr } = await cli(['decode', 'a2181f626e6f1820612f'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^Error response.*key 31 is error_description/)
    expect(stderr).toMatch(/missing_member[\s\S]*path +error\n/)
  })

  it('is what its text keys say, and refused for them under --strict', async () => {
    // {"error": 3}
    const { code, stderr } = await cli(['decode', 'a1656572726f7203'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^Error response.*its text key is error/)
  })

  it('is a token response whose token has the wrong type, not hints', async () => {
    const { code, stderr } = await cli(['decode', 'a2016b7468652d746f6b656e2d7802190e10'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^Access token response.*key 2 is expires_in/)
    expect(stderr).toMatch(/path +access_token\n +expected +a byte string/)
  })
})

describe('what decode shows of the inside', () => {
  it('is an AIF, path by path (RFC 9237)', async () => {
    const { stdout } = await cli(['decode', 'a2056372733109548282672f732f74656d700182662f612f6c656405'])
    expect(stdout).toContain('AIF: /s/temp GET, /a/led GET PUT')
  })

  it('is an AIF that stands alone, as it is or inside a byte string (RFC 9237)', async () => {
    for (const input of [
      '8282672f732f74656d700182662f612f6c656405',
      '548282672f732f74656d700182662f612f6c656405',
    ]) {
      expect((await cli(['decode', input])).stdout).toMatch(
        /AIF.*\n\n +\/s\/temp +GET\n +\/a\/led +GET PUT\n/,
      )
      expect((await cli(['decode', '--json', input])).stdout).toBe('[["/s/temp",1],["/a/led",5]]\n')
    }
    const { stdout } = await cli(['explain', '8282672f732f74656d700182662f612f6c656405'])
    expect(stdout).toMatch(/05 +# unsigned\(5\) \(=GET PUT\) \(=methods\)/)
  })

  it('is why an AIF that stands bare is refused', async () => {
    const { code, stderr } = await cli([
      'decode',
      'a30563727331098282672f732f74656d700182662f612f6c65640518186163',
    ])
    expect(code).toBe(1)
    expect(stderr).toContain('an AIF stands inside a byte string')
  })

  it('is an unknown confirmation method, with its path', async () => {
    const { stdout } = await cli(['decode', 'a104a118184401020304'])
    expect(stdout).toMatch(/not known here\n +req_cnf\.24 +"AQIDBA"/)
  })

  it('is a text key in quotation marks', async () => {
    expect((await cli(['decode', 'a2181e0362333004'])).stdout).toMatch(/not known here\n +"30" +4\n/)
  })

  it('is diagnostic notation with --diag', async () => {
    expect(await cli(['decode', '--diag', 'a1181e03'])).toEqual({ code: 0, stdout: '{30: 3}\n', stderr: '' })
  })
})

describe('a refusal', () => {
  it.each([
    ['a1:18:1e:03:00', '  a1:18:1e:03:00\n              ^^\n'],
    ['oRgeAwA=', '  oRgeAwA=\n       ^^\n'],
    ['[161, 24, 30, 3, 0]', '  [161, 24, 30, 3, 0]\n                   ^\n'],
    [
      String.raw`b'\xa1\x18\x1e\x03\x00'`,
      `  ${String.raw`b'\xa1\x18\x1e\x03\x00'`}\n${' '.repeat(20)}^^^^\n`,
    ],
    ['a1 # map\n18 1e # a1 18\n03 00 # 3', '  03 00 # 3\n     ^^\n'],
  ])('shows the bytes as they were typed, with a mark: %s', async (input, line) => {
    const { code, stderr } = await cli(['decode'], { input })
    expect(code).toBe(1)
    expect(stderr).toContain(`refused: trailing_bytes at byte 4\n\n${line}`)
    expect(stderr).toContain('0000  a1 18 1e 03 00')
  })

  it('is JSON on standard error with --json, whatever is refused', async () => {
    const jwk = '{"kty":"RSA","n":"AQ","e":"AQAB"}'
    for (const args of [
      ['decode', 'eyJhbGciOiJFUzI1NiJ9.e30.AA'],
      ['token', 'inspect', 'a1181e03'],
      ['token', 'verify', 'deadbeef', '--key', key, '--audience', 'rs1'],
      ['token', 'verify', `d2${untagged}`, '--key', key, '--audience', 'rs2'],
      ['key', 'thumbprint', jwk],
      ['codes', 'nothing'],
    ]) {
      const { code, stderr } = await cli([...args, '--json'])
      expect(code).toBe(1)
      expect(JSON.parse(stderr)).toMatchObject({ message: expect.stringMatching(/./) })
    }
  })
})

describe('PEM that is given as an argument', () => {
  it('is not taken for an option', async () => {
    const pem =
      '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEusWxHK2PmfnHKwXPS54m0kTcGJ90\nUiglWiGahtagnv8gE4v4LcG21WK+D6VKt4BKOmS21yzP7Wtvtu0ou/wRfg==\n-----END PUBLIC KEY-----\n'
    expect(await cli(['key', 'convert', pem])).toEqual({ code: 0, stdout: `${key}\n`, stderr: '' })
  })
})

describe('a name of a file that is given as the input', async () => {
  it('is told of, also where its letters are base64', async () => {
    await writeFile(join(folder, 'response'), 'x')
    const { code, stderr } = await cli(['decode', 'response'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/the input was taken for base64; a\s+file is named with @/)
    const there = await cli(['decode', join(folder, 'response')])
    expect(there.stderr.replaceAll(/\s+/g, ' ')).toContain('there is a file of that name: give it as @')
  })
})

describe('token inspect', () => {
  it('shows an untagged CWT (RFC 8392 section 6)', async () => {
    const { code, stdout } = await cli(['token', 'inspect', untagged])
    expect(code).toBe(0)
    expect(stdout).toContain('COSE_Sign1, untagged, algorithm ES256')
    expect(stdout).toMatch(/3 +aud +"rs1"/)
  })

  it('names the labels of headers, also of the protected ones, and tells the kid', async () => {
    const token =
      'd2844da2012604486162636465666768a047a1041a7fffffff5840c6b489d722480c0847f4150a54b4c830fc153ff535877f14868bb991e66c6feb5ac8279fe893914e3f9a59ddd34f7905849625be26774293c1220ecd2ae022ee'
    const { stdout } = await cli(['token', 'inspect', token])
    expect(stdout).toMatch(/01 +# unsigned\(1\) \(=alg\)\n +26 +# negative\(-7\) \(=ES256\)/)
    expect(stdout).toMatch(/04 +# unsigned\(4\) \(=kid\)/)
    expect(stdout).toContain("algorithm ES256, kid h'6162636465666768'")
    const json = JSON.parse((await cli(['token', 'inspect', '--json', token])).stdout)
    expect(json).toMatchObject({ verified: false, layers: [{ structure: 'COSE_Sign1', alg: 'ES256' }] })
  })

  it('marks a wrong claim under its byte of the token', async () => {
    const { code, stderr } = await cli(['token', 'inspect', 'd28443a10126a045a10462616240'])
    expect(code).toBe(1)
    expect(stderr).toContain(
      '  0000  d2 84 43 a1 01 26 a0 45 a1 04 62 61 62 40\n                                      ^^',
    )
  })

  it.each([
    [
      'a COSE_Mac',
      'd8618543a10105a0414142aabb80',
      /tag\(97\) \(=COSE_Mac\)[\s\S]*COSE_Mac, which token verify does not open/,
    ],
    [
      'a CWT Claims Set',
      'a2026b6578616d706c652e656475041a7fffffff',
      /CWT Claims Set, without a COSE message/,
    ],
  ])('shows %s for what it is', async (_, input, shown) => {
    const { code, stdout } = await cli(['token', 'inspect', input])
    expect(code).toBe(0)
    expect(stdout).toMatch(shown)
  })

  it('says that a token response is none, and where its token stands', async () => {
    const { code, stderr } = await cli(['token', 'inspect', 'a201440102030402190e10'])
    expect(code).toBe(1)
    expect(stderr).toContain('Access token response, whose token stands under key 1')
  })
})

describe('token verify', () => {
  it.each([[[]], [['--structure', 'sign1']]])('takes an untagged CWT, %j', async (options) => {
    const { code } = await cli(['token', 'verify', untagged, '--key', key, '--audience', 'rs1', ...options])
    expect(code).toBe(0)
  })

  it.each([
    [
      'a PEM key',
      '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEusWxHK2PmfnHKwXPS54m0kTcGJ90\nUiglWiGahtagnv8gE4v4LcG21WK+D6VKt4BKOmS21yzP7Wtvtu0ou/wRfg==\n-----END PUBLIC KEY-----\n',
    ],
    [
      'a COSE_KeySet',
      '81a401022001215820bac5b11cad8f99f9c72b05cf4b9e26d244dc189f745228255a219a86d6a09eff22582020138bf82dc1b6d562be0fa54ab7804a3a64b6d72ccfed6b6fb6ed28bbfc117e',
    ],
    [
      'a JWK Set with a key that cannot be used',
      `{"keys":[{"kty":"RSA","n":"oahUIoWw0K0usKNuOR6H4w","e":"AQAB"},${key}]}`,
    ],
  ])('takes %s', async (_, given) => {
    const { code, stderr } = await cli(['token', 'verify', untagged, '--key', given, '--audience', 'rs1'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })
})

describe('key', () => {
  it('goes into a new file that only its owner may read', async () => {
    const path = join(folder, 'as.jwk')
    const run = await cli(['key', 'generate', 'ES256', '--out-file', path])
    expect(run).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ kty: 'EC', d: expect.any(String) })
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await cli(['key', 'generate', 'ES256', '--out-file', path])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is there already'),
    })
  })

  it('is read from UTF-16, as Windows PowerShell writes files', async () => {
    const jwk = Buffer.from(`\ufeff${key}`, 'utf16le')
    const { code, stdout } = await cli(['key', 'convert'], { input: jwk })
    expect({ code, json: JSON.parse(stdout) }).toEqual({ code: 0, json: JSON.parse(key) })
  })

  it('is no algorithm that there is not, with a suggestion', async () => {
    const { code, stderr } = await cli(['key', 'generate', 'ES265'])
    expect(code).toBe(2)
    expect(stderr).toContain('did you mean ES256?')
  })
})

describe('a name that is nearly right', () => {
  it.each([
    [['codes', 'invalid_grnt'], 'did you mean invalid_grant?'],
    [['encode', 'error-response', '{"eror":"invalid_grant"}'], 'did you mean error?'],
    [['decode', '-m', 'eror-response', 'a0'], 'did you mean error-response?'],
    [['decod', 'a0'], '(Did you mean decode?)'],
  ])('%j', async (args, suggestion) => {
    const { code, stderr } = await cli(args)
    expect(code).toBeGreaterThan(0)
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(suggestion)
  })
})

describe('completion', () => {
  it.each(['bash', 'zsh', 'fish'])('names commands, options and algorithms for %s', async (shell) => {
    const { code, stdout } = await cli(['completion', shell])
    expect(code).toBe(0)
    for (const word of ['decode', 'inspect', 'audience', 'error-response', 'ES256'])
      expect(stdout).toContain(word)
  })
})

describe('the type of a JWT', () => {
  const jwt =
    'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJodHRwczovL2FzLmV4YW1wbGUiLCJhdWQiOiJyczEiLCJleHAiOjE5MDAwMDAwMDAsInNjb3BlIjoiYSBiIn0.6QzzB-vMgfRc_N7SzFf_ORIQCE6pUFwtr3uN4frWtbY'
  const shared = '{"kty":"oct","k":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc","alg":"HS256"}'
  const args = [
    'token',
    'verify',
    jwt,
    '--key',
    shared,
    '--audience',
    'rs1',
    '--issuer',
    'https://as.example',
    '--at',
    '1800000000',
  ]

  it('has to be at+jwt, and the refusal names the option that takes others', async () => {
    const { code, stderr } = await cli(args)
    expect(code).toBe(1)
    expect(stderr).toContain('--type names others')
  })

  it('may be another where that is said', async () => {
    expect(await cli([...args, '--type', 'JWT'])).toMatchObject({ code: 0, stderr: '' })
  })
})
