import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildCli, cli, removeCli } from './cli.ts'

beforeAll(buildCli)
afterAll(removeCli)

/** RFC 9200 Figure 3. */
const hints =
  'a401781c636f6170733a2f2f61732e6578616d706c652e636f6d2f746f6b656e' +
  '0576636f6170733a2f2f72732e6578616d706c652e636f6d' +
  '09667254656d7043' +
  '182745e0a156bb3f'

describe('explain', () => {
  it('tells each byte in the style of RFC 9200 Figure 3', async () => {
    const { code, stdout } = await cli(['explain', hints])
    expect(code).toBe(0)
    expect(stdout).toContain(
      `a4                                      # map(4)
   01                                   # unsigned(1) (=AS)
   78 1c                                # text(28)
      636f6170733a2f2f61732e6578616d70
      6c652e636f6d2f746f6b656e          # "coaps://as.example.com/token"
   05                                   # unsigned(5) (=audience)
   76                                   # text(22)
      636f6170733a2f2f72732e6578616d70
      6c652e636f6d                      # "coaps://rs.example.com"
   09                                   # unsigned(9) (=scope)
   66                                   # text(6)
      7254656d7043                      # "rTempC"
   18 27                                # unsigned(39) (=cnonce)
   45                                   # bytes(5)
      e0a156bb3f
`,
    )
  })

  it('prints what decode takes', async () => {
    const { stdout } = await cli(['explain', hints])
    const annotated = stdout.slice(stdout.indexOf('\na4'), stdout.indexOf('\n\nAS = '))
    const { stdout: json } = await cli(['decode', '--json'], { input: annotated })
    expect(JSON.parse(json)).toMatchObject({ AS: 'coaps://as.example.com/token', cnonce: '4KFWuz8' })
  })

  it('tells what each member means, its section, and what to do', async () => {
    const { stdout } = await cli(['explain', hints])
    expect(stdout).toContain(
      'AS = "coaps://as.example.com/token"  RFC 9200 section 5.3\n  The authorization server',
    )
    expect(stdout).toMatch(/What to do with it\n +The client asks the authorization server named here/)
  })

  it('tells of an error what it means, who can repair what, whether to try again, and its kind', async () => {
    const { code, stdout } = await cli(['explain', 'a1181e02'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/ {3}02 +# unsigned\(2\) \(=invalid_client\)\n/)
    expect(stdout).toContain('error = "invalid_client"  RFC 6749 section 5.2')
    expect(stdout).toMatch(/What the client should do\n +meaning .+\n/)
    expect(stdout).toMatch(/remedy +\S/)
    expect(stdout).toMatch(/try again +no/)
    expect(stdout).toMatch(/kind +auth_error: .*fix_config/)
    expect(stdout).toMatch(/failure +client_invalid_client/)
  })

  it.each([
    ['a private-use code', 'a1181e3a0001869e', 'negative(-99999) (private use)'],
    ['an unassigned code', 'a1181e1901a2', 'unsigned(418) (unassigned)'],
    ['an error in problem details', 'a102a1003a0001869e', 'negative(-99999) (private use)'],
  ])('advises on %s', async (_, hex, annotation) => {
    const { stdout } = await cli(['explain', hex])
    expect(stdout).toContain(annotation)
    expect(stdout).toMatch(/failure +client_other_error/)
  })

  it('names what is in the maps of a message', async () => {
    const { stdout } = await cli(['explain', 'a104a101a401022001214101224102'])
    for (const name of ['=req_cnf', '=COSE_Key', '=kty', '=EC2', '=crv', '=P-256', '=x', '=y'])
      expect(stdout).toContain(`(${name})`)
  })

  it('tells indefinite lengths as they are', async () => {
    const { stdout } = await cli(['explain', 'bf097f61726165ffff'])
    expect(stdout).toMatch(/^bf +# map\(\*\)\n/m)
    expect(stdout).toMatch(
      /7f +# text\(\*\)\n +61 +# text\(1\)\n +72 +# "r"\n[\s\S]*ff +# break\nff +# break\n/,
    )
  })

  it.each([
    ['f6', 'null'],
    ['f5', 'true'],
    ['f93e00', 'float(1.5)'],
    ['f98000', 'float(-0)'],
    ['f0', 'simple(16)'],
    ['d8266178', 'tag(38) (=language-tagged string)'],
    ['3bffffffffffffffff', 'negative(-18446744073709551616)'],
    ['40', 'bytes(0)'],
  ])('tells an unknown member of %s', async (item, annotation) => {
    const { code, stdout } = await cli(['explain', `a2181e033a0001116f${item}`])
    expect(code).toBe(0)
    expect(stdout).toContain('negative(-70000) (private use)')
    expect(stdout).toContain(`# ${annotation}`)
  })

  it('shows what is well-formed but refused as well, beside the refusal', async () => {
    const { code, stdout, stderr } = await cli(['explain', 'a1181e6178'])
    expect(code).toBe(1)
    expect(stdout).toContain('# unsigned(30) (=error)')
    expect(stderr).toContain('refused: unexpected_type at byte 3')
  })

  it('shows what is no map, of which no message can be guessed', async () => {
    const { code, stdout, stderr } = await cli(['explain', '82016161'])
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: '82        # array(2)\n   01     # unsigned(1)\n   61     # text(1)\n      61  # "a"\n',
    })
    expect(stderr).toContain('refused: unexpected_type at byte 0')
  })

  it('refuses what is not well-formed', async () => {
    const { code, stdout, stderr } = await cli(['explain', 'a1181e'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('refused: truncated')
  })
})
