import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromDiagnosticNotation } from '../../src/cli/input/diagnostic-notation.ts'
import { contentOf } from '../../src/cli/input/notation.ts'
import { diagnosticNotation } from '../../src/cli/show/diagnostic-notation.ts'
import { itemOf } from '../../src/cli/show/item.ts'
import { didYouMean } from '../../src/cli/suggestion.ts'
import { encodeValue } from '../../src/index.ts'

const bytes = Uint8Array.of(0xa1, 0x18, 0x1e, 0x03)
const long = Uint8Array.from({ length: 37 }, (_, i) => (i * 7 + 0x61) & 0xff)

const hexOf = (value: Uint8Array): string => Buffer.from(value).toString('hex')

describe('the notation of bytes', () => {
  it.each([
    ['hex', 'a1181e03'],
    ['hex in upper case', 'A1181E03'],
    ['spaces', 'a1 18 1e 03'],
    ['colons', 'a1:18:1e:03'],
    ['dashes', 'A1-18-1E-03'],
    ['commas', 'a1,18,1e,03'],
    ['0x before all', '0xa1181e03'],
    ['0x before each', '0xa1 0x18 0x1e 0x03'],
    ['0x and commas', '0xa1, 0x18, 0x1e, 0x03'],
    ['a C initializer', '{ 0xa1, 0x18, 0x1e, 0x03 };'],
    ['a C declaration', 'unsigned char e[] = {\n  0xa1, 0x18, 0x1e, 0x03\n};\nunsigned int e_len = 4;\n'],
    ['a C declaration with comments', 'char peer0_0[] = { /* Packet 1 */\n0xa1, 0x18, 0x1e, 0x03 };'],
    ['brackets', '[a1, 18, 1e, 03]'],
    ['\\x', '\\xa1\\x18\\x1e\\x03'],
    ['percent signs', '%a1%18%1e%03'],
    ['a Buffer', '<Buffer a1 18 1e 03>'],
    ["h''", "h'a1 18 1e 03'"],
    ['annotated with #', 'a1      # map(1)\n   18 1e  # unsigned(30)\n   03     # 3\n'],
    ['annotated with --', 'A1      -- map(1)\n   18 1E  -- unsigned(30)\n   03     -- 3\n'],
    ['quotation marks', '"a1181e03"'],
    ['line ends of Windows', 'a118\r\n1e03\r\n'],
    ['semicolons', 'a1;18;1e;03'],
    ['dots', 'a1.18.1e.03'],
    ['bars', 'a1|18|1e|03'],
    ['dollars', '$a1 $18 $1e $03'],
    ['h behind each', 'A1h 18h 1Eh 03h'],
    ['0x with a single digit', '0xa1, 0x18, 0x1e, 0x3'],
    ['\\x that was escaped once more', String.raw`\\xa1\\x18\\x1e\\x03`],
    ['a call of Python', "bytes.fromhex('a1 18 1e 03')"],
    ['a call of JavaScript', 'Buffer.from("a1181e03", "hex")'],
    ['a macro of Rust', 'hex!("a1181e03")'],
    ['a literal of SQL', "X'A1181E03'"],
    ['an array of Rust', 'let e: [u8; 4] = [0xa1, 0x18, 0x1e, 0x03];'],
    ['a slice of Rust with types', '&[0xa1u8, 0x18, 0x1e, 0x03]'],
    ['a slice of Go', '[]byte{0xa1, 0x18, 0x1e, 0x03}'],
    ['an array of Java', 'new byte[] { (byte) 0xa1, 0x18, 0x1e, 0x03 }'],
    ['a name before it', 'payload: a1 18 1e 03'],
    ['strings in lines', '"a118" \\\n"1e03"'],
  ])('is hex: %s', async (_, text) => {
    expect(await contentOf(text)).toEqual({ is: 'bytes', bytes, notation: 'hex' })
  })

  it.each([
    ['xxd', '00000000: a118 1e03                                ....\n'],
    ['hexdump -C', '00000000  a1 18 1e 03                                       |....|\n00000004\n'],
    ['Wireshark', '0000   a1 18 1e 03                                       ....\n'],
    ['od -tx1', '0000000 a1 18 1e 03\n0000004\n'],
    ['xxd -b', '00000000: 10100001 00011000 00011110 00000011  ....\n'],
    ['tcpdump -X', '\t0x0000:  a118 1e03                                ....\n'],
    ['gdb', '0x7ffe0000:\t0xa1\t0x18\n0x7ffe0002:\t0x1e\t0x03\n'],
    [
      'Format-Hex',
      '\n           00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F\n\n00000000   A1 18 1E 03                                      ....\n',
    ],
  ])('is a hex dump: %s', async (_, text) => {
    expect(await contentOf(text)).toEqual({ is: 'bytes', bytes, notation: 'a hex dump' })
  })

  it('is a hex dump of several lines, whatever stands in its column of characters', async () => {
    const ascii = 'deadbeef 00 01 ab'.slice(0, 16)
    const row = (start: number): string =>
      (hexOf(long.subarray(start, start + 16)).match(/../g) ?? []).join(' ').padEnd(47)
    const lines = (offset: (n: number) => string, gap: string, end: string): string =>
      [0, 16, 32].map((start) => `${offset(start)}${row(start)}${gap}${ascii}${end}\n`).join('')
    const wide = (n: number): string => n.toString(16).padStart(8, '0')
    for (const text of [
      lines((n) => `${wide(n)}  `, '  |', '|'),
      lines((n) => `${wide(n).slice(4)}   `, '   ', ''),
      lines((n) => `${n.toString(8).padStart(7, '0')} `, '  >', '<'),
    ])
      expect(await contentOf(text)).toEqual({ is: 'bytes', bytes: long, notation: 'a hex dump' })
  })

  it('is a hex dump of 16-bit words where hexdump and od -x print it, low byte first', async () => {
    expect(await contentOf('0000000 18a1 031e\n0000004\n')).toEqual({
      is: 'bytes',
      bytes,
      notation: 'a hex dump of 16-bit words, low byte first',
    })
    // The last word of an odd number of bytes is filled up.
    expect(await contentOf('0000000 18a1 001e\n0000003\n')).toMatchObject({ bytes: bytes.subarray(0, 3) })
  })

  it('is a hex dump whose repeated lines are left out, and each line as long as its offset says', async () => {
    const zeros = '00 '.repeat(16)
    const dump = `00000000  ${zeros} |................|\n*\n00000030  a1 18                |..|\n00000032\n`
    const content = await contentOf(dump)
    expect(content.is === 'bytes' && hexOf(content.bytes)).toBe(`${'00'.repeat(48)}a118`)
    // Characters that look like bytes, behind a single space.
    const row = (offset: string, ascii: string): string =>
      `${offset} ${'61 '.repeat(16).trimEnd()} ${ascii}\n`
    const wide = await contentOf(row('0000', 'aa bb cc dd ee f') + row('0010', 'aa bb cc dd ee f'))
    expect(wide.is === 'bytes' && hexOf(wide.bytes)).toBe('61'.repeat(32))
  })

  it('is not what the one who printed it left out', async () => {
    for (const text of ['<Buffer a1 18 ... 40 more bytes>', ' a1 18 00\n*\n 1e 03\n'])
      expect(await contentOf(text)).toEqual({
        is: 'unreadable',
        why: expect.stringMatching(/(?:left|leaves) .*out/),
      })
  })

  it.each([
    ['a Uint8Array', 'Uint8Array(4) [ 161, 24, 30, 3 ]'],
    ['numbers alone', '161 24 30 3'],
    ['signed numbers alone', '-95, 24, 30, 3'],
    ['bits', '0b10100001 0b00011000 0b00011110 0b00000011'],
    ['an array of NumPy', 'array([161,  24,  30,   3], dtype=uint8)'],
    ['JSON of a Buffer', '{"type":"Buffer","data":[161,24,30,3]}'],
    ['JSON of a Uint8Array', '{"0":161,"1":24,"2":30,"3":3}'],
    ['a list of Python', '[161, 24, 30, 3]'],
    ['a slice of Go', '[161 24 30 3]'],
    ['signed bytes of Java', '[-95, 24, 30, 3]'],
    ['bytes of a constructor', 'bytes([161, 24, 30, 3])'],
  ])('is a list of bytes: %s', async (_, text) => {
    expect(await contentOf(text)).toEqual({ is: 'bytes', bytes, notation: 'a list of bytes' })
  })

  it.each([
    ['Python', String.raw`b'\xa1\x18\x1e\x03'`],
    ['C with octal', String.raw`"\241\030\036\003"`],
    ['a shell', String.raw`$'\xa1\x18\x1e\x03'`],
    ['JSON', String.raw`"\u00a1\u0018\u001e\u0003"`],
    ['Python inside a constructor', String.raw`bytearray(b"\xa1\x18\x1e\x03")`],
    ['Wireshark, in lines', '"\\xa1\\x18" \\\n"\\x1e\\x03"'],
  ])('is a string with escapes: %s', async (_, text) => {
    expect(await contentOf(text)).toEqual({ is: 'bytes', bytes, notation: 'a string with escapes' })
  })

  it('is a string with escapes where characters stand for themselves', async () => {
    expect(await contentOf(String.raw`b'\xa1ab\n\\'`)).toEqual({
      is: 'bytes',
      bytes: Uint8Array.of(0xa1, 0x61, 0x62, 0x0a, 0x5c),
      notation: 'a string with escapes',
    })
  })

  it.each([
    ['a map', '{30: 3}', 'a1181e03'],
    ['a map with comments', '{ / error / 30 : 3 / invalid_grant / }', 'a1181e03'],
    ['even digits', '{10: 10}', 'a10a0a'],
    ['a nested map and base64', "{4: {1: {1: 2, -2: b64'usWx'}}}", 'a104a101a201022143bac5b1'],
    ['embedded CBOR', '{9: <<[["/a", 1]]>>}', 'a109468182622f6101'],
    ['a tag', "18([h'a10126', {}, h'a0', h''])", 'd28443a10126a041a040'],
  ])('is diagnostic notation: %s', async (_, text, hex) => {
    const content = await contentOf(text)
    expect(content).toMatchObject({ is: 'bytes', notation: 'diagnostic notation' })
    expect(content.is === 'bytes' && hexOf(content.bytes)).toBe(hex)
  })

  it.each([
    ['oRgeAw==', 'base64'],
    ['oRgeAw', 'base64'],
    ['oRge\nAw==\n', 'base64'],
    ['-_-_', 'base64url'],
  ])('is base64 or base64url, in lines or not: %s', async (text, notation) => {
    expect(await contentOf(text)).toMatchObject({ is: 'bytes', notation })
  })

  it.each([
    ['eyJhbGciOiJFUzI1NiJ9.e30.AA'],
    ['Bearer eyJhbGciOiJFUzI1NiJ9.e30.AA'],
    ['Authorization: Bearer eyJhbGciOiJFUzI1NiJ9.e30.AA'],
    ['eyJhbGciOiJFUzI1NiJ9\n.e30\n.AA\n'],
  ])('is a JWT: %j', async (text) => {
    expect(await contentOf(text)).toEqual({ is: 'jwt', text: 'eyJhbGciOiJFUzI1NiJ9.e30.AA' })
  })

  it('is JSON or PEM where it is that', async () => {
    expect(await contentOf('{"error":"invalid_grant"}')).toEqual({
      is: 'json',
      json: { error: 'invalid_grant' },
    })
    const pem = '-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----'
    expect(await contentOf(`${pem}\n`)).toEqual({ is: 'pem', text: pem })
  })

  it.each([
    ['a1181e0', 'odd number of hex digits'],
    ['{1:', 'line 1, column 4: it ends'],
    ['zz!!', 'not hex, base64, base64url or diagnostic notation'],
    ['['.repeat(1000), 'nesting deeper than 256'],
  ])('is unreadable, and why: %j', async (text, why) => {
    expect(await contentOf(text)).toEqual({ is: 'unreadable', why: expect.stringContaining(why) })
  })

  it('never throws, and takes what it takes for the same bytes again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (text) => {
        const content = await contentOf(text)
        if (content.is === 'bytes')
          expect(await contentOf(hexOf(content.bytes))).toMatchObject({ bytes: content.bytes })
      }),
    )
  })
})

describe('diagnostic notation (RFC 8949 section 8)', () => {
  it.each([
    'a1181e03',
    'bf181801616102ff',
    '5f41014102ff',
    '9f01ff',
    'd28443a10126a041a040',
    'f93e00',
    'fb3ff8000000000000',
    'fa47c35000',
    'f7',
    'f0',
    'f8ff',
    '3bffffffffffffffff',
    '19000a',
    'f97e00',
    'f98000',
    '7f61616162ff',
    '5fff',
  ])('stands for the very bytes: %s', (hex) => {
    const item = Uint8Array.from(Buffer.from(hex, 'hex'))
    expect(hexOf(fromDiagnosticNotation(diagnosticNotation(item, itemOf(item))))).toBe(hex)
  })

  it('stands for the very bytes of any value', () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        fc.integer(),
        fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n - 1n }),
        fc.string({ unit: 'grapheme' }),
        fc.uint8Array({ maxLength: 40 }),
        fc.boolean(),
        fc.constant(null),
        fc.double({ noNaN: true }),
        fc.array(tie('any'), { maxLength: 4 }),
      ),
    })).any
    fc.assert(
      fc.property(value, (given) => {
        const item = encodeValue(given as never)
        expect(hexOf(fromDiagnosticNotation(diagnosticNotation(item, itemOf(item))))).toBe(hexOf(item))
      }),
    )
  })
})

describe('a suggestion', () => {
  it.each([
    ['invalid_grnt', 'invalid_grant'],
    ['invaild_grant', 'invalid_grant'],
    ['eror', 'error'],
    ['ES265', 'ES256'],
  ])('for %s is %s', (given, name) => {
    expect(didYouMean(given, ['error', 'invalid_grant', 'ES256', 'EdDSA'])).toBe(`; did you mean ${name}?`)
  })

  it('is none where nothing is near', () => {
    expect(didYouMean('something else', ['error', 'invalid_grant'])).toBe('')
    expect(didYouMean('x'.repeat(100_000), ['x'])).toBe('')
  })
})
