import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openCose } from '../../src/cose/open-cose.ts'
import { protectCose } from '../../src/cose/protect-cose.ts'
import { TokenKey } from '../../src/cose/token-key.ts'
import { hex } from '../../src/table/hex.ts'
import { unhex } from '../token/bytes.ts'
import { seal } from './chacha20-poly1305.ts'

// Another implementation, which is right by the RFC's own example and that of the COSE working group.
describe('the second ChaCha20-Poly1305', () => {
  it('is that of RFC 8439 §2.8.2', () => {
    const plaintext =
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it."
    const sealed = seal(
      Uint8Array.from({ length: 32 }, (_, i) => 0x80 + i),
      unhex('070000004041424344454647'),
      unhex('50515253c0c1c2c3c4c5c6c7'),
      new TextEncoder().encode(plaintext),
    )
    expect(hex(sealed)).toBe(
      'd31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b' +
        '1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc' +
        '3ff4def08e4b7a9de576d26586cec64b6116' +
        '1ae10b594f09e26a7e902ecbd0600691',
    )
  })

  it('is that of cose-wg/Examples, chacha-poly-examples/chacha-poly-enc-01', () => {
    const sealed = seal(example.key, example.iv, unhex('8368456e63727970743144a101181840'), content)
    expect(hex(sealed)).toBe(`${example.ciphertext}46d0e41a8a1abd12bc9525922f4eb618`)
  })
})

const content = new TextEncoder().encode('This is the content.')

// The example is older than RFC 8439: of its IV, 5c3a9950bd2852f66e6c8d4f, the last eight bytes count. What it covers
// begins with Encrypt1, as drafts of COSE had it, so that its tag is another than in COSE.
const example = {
  key: unhex('0f1e2d3c4b5a69788796a5b4c3d2e1f01f2e3d4c5b6a798897a6b5c4d3e2f100'),
  iv: unhex('00000000bd2852f66e6c8d4f'),
  ciphertext: '3e536d4992a21591575c55fa22981b31ae1c0459',
}

describe('ChaCha20/Poly1305 in COSE_Encrypt0 (RFC 9053 §4.3)', () => {
  it('is the example of the working group, up to the tag', async () => {
    const key = await TokenKey.fromBytes(example.key, { alg: 'ChaCha20/Poly1305' })
    const message = hex(await protectCose(content, key, { iv: example.iv }))
    expect(message.slice(0, -32)).toBe(`d08344a1011818a1054c${hex(example.iv)}5824${example.ciphertext}`)
  })

  it('is what the second implementation makes and opens what it makes, for any key, IV and payload', async () => {
    const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
      fc.uint8Array({ minLength: length, maxLength: length })
    const property = fc.asyncProperty(
      bytes(32),
      bytes(12),
      fc.uint8Array({ maxLength: 200 }),
      async (k, iv, payload) => {
        const sealed = seal(k, iv, unhex('8368456e63727970743044a101181840'), payload)
        const head = sealed.length < 24 ? [0x40 + sealed.length] : [0x58, sealed.length]
        const message = Uint8Array.of(...unhex('d08344a1011818a1054c'), ...iv, ...head, ...sealed)
        const key = await TokenKey.fromBytes(k, { alg: 'ChaCha20/Poly1305' })
        expect(hex(await protectCose(payload, key, { iv }))).toBe(hex(message))
        expect((await openCose(message, { keys: key })).payload).toEqual(payload)
      },
    )
    await fc.assert(property, { numRuns: 100 })
  })
})
