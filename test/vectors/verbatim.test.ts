import { describe, expect, test } from 'vitest'
import { loadVectors } from '../../src/conformance/node.ts'

const vectors = (await loadVectors()).flatMap((document) => document.vectors)
const hexOf = (id: string): string | undefined => vectors.find((vector) => vector.id === id)?.hex
const printed = (annotated: string): string =>
  annotated.replaceAll(/#.*$/gm, '').replaceAll(/\s/g, '').toLowerCase()

describe('what the RFCs print', () => {
  test('RFC 9200 Figure 3: AS Request Creation Hints', () => {
    expect(hexOf('rfc9200-fig3')).toBe(
      printed(`
        a4                                   # map(4)
           01                                # unsigned(1) (=AS)
           78 1c                             # text(28)
              636f6170733a2f2f61732e657861
              6d706c652e636f6d2f746f6b656e   # "coaps://as.example.com/token"
           05                                # unsigned(5) (=audience)
           76                                # text(22)
              636f6170733a2f2f72732e657861
              6d706c652e636f6d               # "coaps://rs.example.com"
           09                                # unsigned(9) (=scope)
           66                                # text(6)
              7254656d7043                   # "rTempC"
           18 27                             # unsigned(39) (=cnonce)
           45                                # bytes(5)
              e0a156bb3f                     #`),
    )
  })

  test('RFC 9203 Figure 6: a claims set with OSCORE_Input_Material', () => {
    expect(hexOf('rfc9203-fig6')).toBe(
      printed(`
        A5 03 76 74656D7053656E736F72496E4C6976696E67526F6F6D
           06 1A 5112D728
           04 1A 51145DC8
           09 78 18 74656D70657261747572655F67206669726D776172655F70
           08 A1 04 A2 00 41 01 02 50 F9AF838368E353E78888E1426BD94E6F`),
    )
  })

  test('RFC 9237 Figure 5: an authorization in CBOR', () => {
    expect(hexOf('rfc9237-fig5')).toBe(
      printed(`
        83
           82
              67
                 2f732f74656d70   # "/s/temp"
              01
           82
              66
                 2f612f6c6564     # "/a/led"
              05
           82
              65
                 2f64746c73       # "/dtls"
              02`),
    )
  })

  test('RFC 8949: all 81 examples of Appendix A and all 94 of Appendix F.1', () => {
    const verbatim = vectors.filter(({ source, kind }) => source === 'RFC 8949' && kind === 'verbatim')
    expect(verbatim.filter(({ section }) => section === 'Appendix A')).toHaveLength(81)
    expect(verbatim.filter(({ section }) => section === 'Appendix F.1')).toHaveLength(94)
    expect(
      verbatim.every(({ section, expect: expected }) => (section === 'Appendix A') === 'accept' in expected),
    ).toBe(true)
  })

  test.each([
    ['rfc9200-fig2', 'rfc9200-fig3'],
    ['rfc9203-fig5', 'rfc9203-fig6'],
    ['rfc9202-fig9', 'rfc9202-fig9-bytes'],
  ])('%s, made from the diagnostic notation, has the bytes of %s', (computed, verbatim) => {
    expect(hexOf(computed)).toBe(hexOf(verbatim))
  })
})
