import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import {
  AccessTokenRequest,
  type AccessTokenRequestMembers,
  encodeAif,
  methodSet,
  oauthParameters,
} from '../../src/index.ts'
import { fromHex, refusal, toHex } from '../cbor/bytes.ts'

const ec2 = { kty: 'EC2', crv: 'P-256', x: Uint8Array.of(1), y: Uint8Array.of(2) } as const
/** A request with each of the members that are of no grant. */
const full: AccessTokenRequestMembers = {
  grant_type: 'client_credentials',
  audience: 'tempSensor4711',
  scope: 'read write',
  req_cnf: { COSE_Key: ec2 },
  cnonce: Uint8Array.of(0xe0, 0xa1),
  ace_profile: null,
  client_id: 'myclient',
  client_secret: Uint8Array.of(0xfa, 0xce),
}

describe('AccessTokenRequest', () => {
  it('RFC 9203 Figure 2: an audience and a scope', () => {
    const request = AccessTokenRequest.fromCbor(fromHex('a2056e74656d7053656e736f7234373131096472656164'), {
      strict: true,
      deterministic: true,
    })
    expect(request.audience).toBe('tempSensor4711')
    expect(request.scope).toBe('read')
    expect(toHex(new AccessTokenRequest({ audience: 'tempSensor4711', scope: 'read' }).toCbor())).toBe(
      toHex(request.toCbor()),
    )
  })

  it.each([
    ['username', 'a\nb', 'forbidden_character'],
    ['username', 'a\x7f', 'forbidden_character'],
    ['username', '', undefined],
    ['username', 'a\tb é \u{1f511}', undefined],
    ['password', 'a\rb', 'forbidden_character'],
    ['password', '"a\\', undefined],
    ['redirect_uri', 'not a uri', 'not_a_uri_reference'],
    ['redirect_uri', 'coap://c/?a#b', undefined],
  ] as const)('RFC 6749 App. A.6, A.15, A.16: %s %j: %s', (name, value, rule) => {
    const grant = name === 'redirect_uri' ? 'authorization_code' : 'password'
    const own = name === 'redirect_uri' ? { code: 'abc' } : { username: 'u', password: 'p' }
    const json = { grant_type: grant, ...own, [name]: value }
    const request = AccessTokenRequest.fromJson(json)
    expect(request.violations).toEqual(rule === undefined ? [] : [{ rule, path: name }])
    expect(request.toJson()).toEqual(json)
    if (rule === undefined) {
      expect(AccessTokenRequest.fromCbor(request.toCbor(), { strict: true }).equals(request)).toBe(true)
      expect(new AccessTokenRequest(json).equals(request)).toBe(true)
    } else {
      const refused = { reason: 'violation', path: name }
      expect(refusal(() => new AccessTokenRequest(json))).toMatchObject(refused)
      expect(refusal(() => AccessTokenRequest.fromJson(json, { strict: true }))).toMatchObject(refused)
    }
  })

  it('R9200-5.8.1-2: an absent grant_type stands for client_credentials, and the two are equal', () => {
    const absent = AccessTokenRequest.fromCbor(fromHex('a1 05 6161'))
    const explicit = AccessTokenRequest.fromCbor(fromHex('a2 05 6161 1821 02'))
    expect(absent.grant_type).toBe('client_credentials')
    expect(explicit.grant_type).toBe('client_credentials')
    expect(absent.equals(explicit)).toBe(true)
    expect(toHex(absent.toCbor())).toBe('a1056161')
    expect(toHex(explicit.toCbor())).toBe('a2056161182102')
    expect(absent.toJson()).toEqual({ audience: 'a' })
    expect(explicit.toJson()).toEqual({ audience: 'a', grant_type: 'client_credentials' })
  })

  it('takes the empty map, which asks for all defaults (RFC 9200 §5.8.1)', () => {
    expect(AccessTokenRequest.fromCbor(fromHex('a0'), { strict: true }).grant_type).toBe('client_credentials')
    expect(toHex(new AccessTokenRequest({}).toCbor())).toBe('a0')
  })

  it('R9200-5.8.5-1 R9201-6-1: gives each member the key of RFC 9200 Table 5', () => {
    const keys = Object.fromEntries(AccessTokenRequest.table.map(({ name, key }) => [name, key]))
    expect(keys).toEqual({
      req_cnf: 4,
      audience: 5,
      scope: 9,
      client_id: 24,
      client_secret: 25,
      redirect_uri: 27,
      code: 29,
      grant_type: 33,
      username: 35,
      password: 36,
      refresh_token: 37,
      ace_profile: 38,
      cnonce: 39,
    })
    for (const { name, key, section } of AccessTokenRequest.table) {
      expect(key).toBe(oauthParameters[name as keyof typeof oauthParameters])
      expect(section).toMatch(/^RFC \d+ section [\d.]+$/)
    }
  })

  it('has every member come out as it went in, in CBOR, JSON and a form', () => {
    const request = new AccessTokenRequest(full)
    expect(
      AccessTokenRequest.fromCbor(request.toCbor(), { strict: true, deterministic: true }).equals(request),
    ).toBe(true)
    expect(
      AccessTokenRequest.fromJson(JSON.parse(JSON.stringify(request.toJson())), { strict: true }).equals(
        request,
      ),
    ).toBe(true)
    expect(request.toJson()).toEqual({
      grant_type: 'client_credentials',
      audience: 'tempSensor4711',
      scope: 'read write',
      req_cnf: { jwk: { kty: 'EC', crv: 'P-256', x: 'AQ', y: 'Ag' } },
      cnonce: '4KE',
      ace_profile: null,
      client_id: 'myclient',
      client_secret: '~-s4',
    })
  })

  describe('ace_profile', () => {
    it('R9200-5.8.1-6: null asks for the profile (erratum 8237)', () => {
      const request = new AccessTokenRequest({ ace_profile: null })
      expect(toHex(request.toCbor())).toBe('a11826f6')
      expect(AccessTokenRequest.fromCbor(fromHex('a11826f6'), { strict: true }).ace_profile).toBeNull()
      expect(AccessTokenRequest.fromJson({ ace_profile: null }).ace_profile).toBeNull()
      expect(new AccessTokenRequest({}).ace_profile).toBeUndefined()
      expect(request.equals(new AccessTokenRequest({}))).toBe(false)
    })
    it('D-WAP-7: may name one by its integer, and no text in CBOR (erratum 8232)', () => {
      expect(AccessTokenRequest.fromCbor(fromHex('a1182601')).ace_profile).toBe('coap_dtls')
      expect(refusal(() => AccessTokenRequest.fromCbor(fromHex('a118266161')))).toEqual({
        name: 'DecodeError',
        reason: 'unexpected_type',
        path: 'ace_profile',
        offset: 3,
      })
    })
  })

  describe('scope (R9200-5.8.1-5)', () => {
    it('is text, bytes, or an AIF inside bytes', () => {
      expect(toHex(new AccessTokenRequest({ scope: 'a b' }).toCbor())).toBe('a10963612062')
      expect(toHex(new AccessTokenRequest({ scope: Uint8Array.of(1, 2) }).toCbor())).toBe('a109420102')
      const request = new AccessTokenRequest({ scope: [['/s/temp', methodSet(['GET', 'Dynamic-GET'])]] })
      expect(request.scope).toEqual(encodeAif([['/s/temp', 2 ** 32 + 1]]))
      expect(toHex(request.toCbor())).toBe(
        'a109 53 8182 672f732f74656d70 1b0000000100000001'.replaceAll(' ', ''),
      )
    })
    it('R9237-x-1: is no bare array in CBOR', () => {
      expect(refusal(() => AccessTokenRequest.fromCbor(fromHex('a10980')))).toMatchObject({
        reason: 'unexpected_type',
        path: 'scope',
        offset: 2,
      })
    })
    for (const [scope, rule] of [
      ['a  b', 'forbidden_character'],
      [' a', 'forbidden_character'],
      ['a ', 'forbidden_character'],
      ['a"b', 'forbidden_character'],
      ['a\\b', 'forbidden_character'],
      ['é', 'forbidden_character'],
      ['', 'empty_text'],
    ] as const)
      it(`${JSON.stringify(scope)} is ${rule} (R6749-3.3-3)`, () => {
        const received = AccessTokenRequest.fromJson({ scope })
        expect(received.violations).toEqual([{ rule, path: 'scope' }])
        expect(received.scope).toBe(scope)
        expect(refusal(() => received.toCbor())).toEqual({
          name: 'EncodeError',
          reason: 'violation',
          path: 'scope',
        })
        expect(refusal(() => AccessTokenRequest.fromJson({ scope }, { strict: true }))).toEqual({
          name: 'DecodeError',
          reason: 'violation',
          path: 'scope',
          offset: undefined,
        })
        expect(refusal(() => new AccessTokenRequest({ scope }))).toEqual({
          name: 'EncodeError',
          reason: 'violation',
          path: 'scope',
        })
      })
  })

  describe('grants: what each needs and which members no specification allows together', () => {
    const members = {
      code: 'c.',
      redirect_uri: 'https://c.example/',
      username: 'u',
      password: 'p',
      refresh_token: 'r.',
    }
    const grants = {
      client_credentials: [], // RFC 6749 §4.4.2
      authorization_code: ['code', 'redirect_uri'], // §4.1.3
      password: ['username', 'password'], // §4.3.2
      refresh_token: ['refresh_token'], // §6
    } as const
    /** What grants nothing by itself. */
    const companions = ['redirect_uri', 'username']
    for (const [grant_type, allowed] of Object.entries(grants)) {
      const own = Object.fromEntries(allowed.map((name) => [name, members[name as 'code']]))
      it(`${grant_type} is taken with its own`, () => {
        const request = new AccessTokenRequest({ grant_type, ...own })
        expect(AccessTokenRequest.fromCbor(request.toCbor()).grant_type).toBe(grant_type)
        expect(AccessTokenRequest.fromForm(request.toForm()).equals(request)).toBe(true)
      })
      for (const name of Object.keys(members).filter(
        (each) => !(allowed as readonly string[]).includes(each),
      ))
        it(`${grant_type} with ${name}: ${companions.includes(name) ? 'a violation' : 'refused'}`, () => {
          const json = { grant_type, ...own, [name]: members[name as 'code'] }
          if (companions.includes(name)) {
            const violations = [{ rule: 'member_of_another_grant', path: name }]
            const received = AccessTokenRequest.fromJson(json)
            expect(received.violations).toEqual(violations)
            expect(AccessTokenRequest.fromForm(new URLSearchParams(json)).violations).toEqual(violations)
            const refused = { reason: 'violation', path: name }
            expect(refusal(() => AccessTokenRequest.fromJson(json, { strict: true }))).toMatchObject(refused)
            expect(refusal(() => new AccessTokenRequest(json))).toMatchObject(refused)
            expect(refusal(() => received.toCbor())).toMatchObject(refused)
            return
          }
          const expected = { reason: 'conflicting_members', path: name }
          expect(refusal(() => AccessTokenRequest.fromJson(json))).toMatchObject({
            name: 'DecodeError',
            ...expected,
          })
          expect(refusal(() => new AccessTokenRequest(json))).toMatchObject({
            name: 'EncodeError',
            ...expected,
          })
          expect(refusal(() => AccessTokenRequest.fromForm(new URLSearchParams(json)))).toMatchObject(
            expected,
          )
        })
      for (const name of allowed.filter((each) => each !== 'redirect_uri'))
        it(`${grant_type} is refused without ${name}`, () => {
          const { [name]: _, ...rest } = own
          expect(refusal(() => AccessTokenRequest.fromJson({ grant_type, ...rest }))).toMatchObject({
            reason: 'missing_member',
            path: name,
          })
          expect(refusal(() => new AccessTokenRequest({ grant_type, ...rest }))).toMatchObject({
            name: 'EncodeError',
            reason: 'missing_member',
            path: name,
          })
        })
    }
    it('authorization_code needs no redirect_uri', () => {
      expect(
        new AccessTokenRequest({ grant_type: 'authorization_code', code: 'c.' }).redirect_uri,
      ).toBeUndefined()
    })
    it('in CBOR the offset is that of the map', () => {
      expect(refusal(() => AccessTokenRequest.fromCbor(fromHex('a1 1825 4101')))).toEqual({
        name: 'DecodeError',
        reason: 'conflicting_members',
        path: 'refresh_token',
        offset: 0,
      })
      expect(refusal(() => AccessTokenRequest.fromCbor(fromHex('a1 1821 00')))).toMatchObject({
        reason: 'missing_member',
      })
    })
    it('a grant type of private use or by another name may take what it likes', () => {
      expect(new AccessTokenRequest({ grant_type: -70_001, ...members }).toJson()).toMatchObject(members)
      const device = new AccessTokenRequest({
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        code: 'x.',
      })
      expect(device.toForm().get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:device_code')
      expect(refusal(() => device.toCbor())).toEqual({
        name: 'EncodeError',
        reason: 'no_cbor_form',
        path: 'grant_type',
      })
      for (const grant_type of ['toString', '__proto__', 'constructor'])
        expect(new AccessTokenRequest({ grant_type, code: 'x.' }).grant_type).toBe(grant_type)
    })
    it('an unassigned integer is taken, listed, and not built (RFC 9200 §8.5)', () => {
      const request = AccessTokenRequest.fromCbor(fromHex('a1182117'))
      expect(request.grant_type).toBe(23)
      expect(request.violations).toEqual([{ rule: 'unassigned_code', path: 'grant_type' }])
      expect(toHex(request.toCbor())).toBe('a1182117')
      expect(refusal(() => new AccessTokenRequest({ grant_type: 23 })).reason).toBe('violation')
      expect(AccessTokenRequest.fromCbor(fromHex('a118213bffffffffffffffff')).grant_type).toBe(-(2n ** 64n))
    })
  })

  describe('forms (RFC 6749 App. B)', () => {
    it('R9200-5.8.1-10: is what a client of HTTP sends', () => {
      const { req_cnf: _, client_secret: __, ...rest } = full
      expect(new AccessTokenRequest(rest).toForm().toString()).toBe(
        'audience=tempSensor4711&scope=read+write&client_id=myclient&grant_type=client_credentials&ace_profile=&cnonce=4KE',
      )
    })
    it('are read as UTF-8, percent-encoding and plus signs', () => {
      const request = AccessTokenRequest.fromForm(
        'audience=%C3%A9%26%3D+a&grant_type=password&username=%E6%B0%B4&password=a%2Bb+c',
      )
      expect(request.audience).toBe('é&= a')
      expect(request.username).toBe('水')
      expect(request.password).toBe('a+b c')
      expect(AccessTokenRequest.fromForm(request.toForm().toString()).equals(request)).toBe(true)
    })
    it('carry a map in JSON', () => {
      const request = new AccessTokenRequest({ req_cnf: { COSE_Key: ec2 } })
      const form = request.toForm()
      expect(JSON.parse(form.get('req_cnf')!)).toEqual({ jwk: { kty: 'EC', crv: 'P-256', x: 'AQ', y: 'Ag' } })
      expect(AccessTokenRequest.fromForm(form).equals(request)).toBe(true)
      expect(refusal(() => AccessTokenRequest.fromForm('req_cnf=%7B'))).toMatchObject({
        reason: 'invalid_value',
        path: 'req_cnf',
        offset: undefined,
      })
      expect(refusal(() => AccessTokenRequest.fromForm('req_cnf=1'))).toMatchObject({
        reason: 'unexpected_type',
        path: 'req_cnf',
      })
    })
    it('R6749-3.2-2: a parameter without a value is as good as absent', () => {
      const request = AccessTokenRequest.fromForm('scope=&audience=&grant_type=&client_id=a&extra=')
      expect(request.equals(new AccessTokenRequest({ client_id: 'a' }))).toBe(true)
      expect(request.unknown).toEqual([])
    })
    it('R9200-5.8.4.3-6: but an empty ace_profile asks for one', () => {
      expect(AccessTokenRequest.fromForm('ace_profile=').ace_profile).toBeNull()
      expect(AccessTokenRequest.fromForm('ace_profile').ace_profile).toBeNull()
      expect(AccessTokenRequest.fromForm('ace_profile=coap_oscore').ace_profile).toBe('coap_oscore')
      expect(AccessTokenRequest.fromForm('a=b').ace_profile).toBeUndefined()
      expect(new AccessTokenRequest({ ace_profile: null }).toForm().toString()).toBe('ace_profile=')
    })
    it('R6749-3.2-4: a parameter of the request may be there once (erratum 5708 for the others)', () => {
      for (const form of [
        'scope=a&scope=b',
        'scope=a&scope=a',
        'scope=&scope=a',
        'ace_profile=&ace_profile=',
      ])
        expect(refusal(() => AccessTokenRequest.fromForm(form))).toMatchObject({
          name: 'DecodeError',
          reason: 'duplicate_key',
          path: form.split('=')[0],
        })
      const request = AccessTokenRequest.fromForm('resource=a&resource=b')
      expect(request.unknown).toEqual([
        { name: 'resource', json: 'a' },
        { name: 'resource', json: 'b' },
      ])
      expect(request.toForm().toString()).toBe('resource=a&resource=b')
    })
    it('RFC 6749 §2.3.1: a client_secret is the text that a person chose, not base64url', () => {
      const request = AccessTokenRequest.fromForm('client_id=a&client_secret=abcd')
      expect(request.client_secret).toEqual(fromHex('61626364'))
      expect(toHex(request.toCbor())).toBe('a218186161181944 61626364'.replace(' ', ''))
      expect(request.toForm().get('client_secret')).toBe('abcd')
    })
    it('have no place for JSON that is no text', () => {
      for (const json of [{ a: 1 }, [1], null])
        expect(refusal(() => new AccessTokenRequest({}, [{ name: 'x', json }]).toForm())).toEqual({
          name: 'EncodeError',
          reason: 'no_form',
          path: 'x',
        })
      expect(new AccessTokenRequest({}, [{ name: 'x', json: 5 }]).toForm().toString()).toBe('x=5')
    })
  })

  describe('R6749-3.2-3: members that it does not know (RFC 9200 §5)', () => {
    it('come out again in the encoding that they came in', () => {
      const cbor = AccessTokenRequest.fromCbor(fromHex('a3 6178 9f 1801 ff 056161 3a00011170 f6'))
      expect(cbor.unknown).toEqual([
        { key: 'x', cbor: fromHex('9f1801ff') },
        { key: -70_001, cbor: fromHex('f6') },
      ])
      expect(toHex(cbor.toCbor())).toBe('a3056161 3a00011170f6 61789f1801ff'.replaceAll(' ', ''))
      expect(cbor.toJson()).toEqual({ audience: 'a' })
      const json = AccessTokenRequest.fromJson({ audience: 'a', x: [1, { y: null }] })
      expect(json.unknown).toEqual([{ name: 'x', json: [1, { y: null }] }])
      expect(json.toJson()).toEqual({ audience: 'a', x: [1, { y: null }] })
      expect(toHex(json.toCbor())).toBe('a1056161')
    })
    it('may be given, but not under a key that the request knows, nor twice, nor malformed', () => {
      expect(toHex(new AccessTokenRequest({}, [{ key: -70_001, cbor: fromHex('01') }]).toCbor())).toBe(
        'a13a0001117001',
      )
      for (const unknown of [
        [{ key: 9, cbor: fromHex('01') }],
        [{ name: 'scope', json: 1 }],
        [
          { key: 50, cbor: fromHex('01') },
          { key: 50n as never, cbor: fromHex('01') },
        ],
        [{ key: 1.5, cbor: fromHex('01') }],
      ])
        expect(refusal(() => new AccessTokenRequest({}, unknown))).toMatchObject({
          name: 'EncodeError',
          reason: 'unexpected_type',
        })
    })
    it('are refused by an EncodeError where their CBOR is not one item, like all that may not be sent', () => {
      for (const cbor of ['', 'ff', '0102', 'a201010101', '61ff'])
        expect(refusal(() => new AccessTokenRequest({}, [{ key: 50, cbor: fromHex(cbor) }])).name).toBe(
          'EncodeError',
        )
    })
    it('have no key with a lone surrogate, which would be written as another', () => {
      expect(refusal(() => new AccessTokenRequest({}, [{ key: '\ud800', cbor: fromHex('01') }])).name).toBe(
        'EncodeError',
      )
    })
    it('nothing can be put into the list of a message that has none, nor of what it violates', () => {
      const { unknown, violations } = AccessTokenRequest.fromCbor(fromHex('a1 056161'))
      expect(() => (unknown as unknown[]).push({})).toThrow(TypeError)
      expect(() => (violations as unknown[]).push({})).toThrow(TypeError)
      expect(AccessTokenRequest.fromCbor(fromHex('a1 056161'))).toMatchObject({ unknown: [], violations: [] })
    })
    it('are checked as strictly as those that it knows', () => {
      for (const [hex, reason] of [
        ['a1 1832 a2 0101 0101', 'duplicate_key'],
        ['a1 1832 61ff', 'invalid_utf8'],
        ['a1 1832 ff', 'unexpected_break'],
        ['a1 1832 f814', 'reserved_head'],
      ] as const)
        expect(refusal(() => AccessTokenRequest.fromCbor(fromHex(hex))).reason).toBe(reason)
    })
  })

  describe('refusals tell the member', () => {
    for (const [what, hex, reason, path, offset] of [
      ['an array', '80', 'unexpected_type', '', 0],
      ['a tagged map', 'd83da0', 'unexpected_type', '', 0],
      ['an audience of bytes', 'a1054161', 'unexpected_type', 'audience', 2],
      ['a grant type as text', 'a118216161', 'unexpected_type', 'grant_type', 3],
      ['a float', 'a11821f94000', 'unexpected_type', 'grant_type', 3],
      ['a bignum', 'a11821c24102', 'unexpected_type', 'grant_type', 3],
      ['a cnonce as text', 'a118276161', 'unexpected_type', 'cnonce', 3],
      ['a code as text', 'a1181d6161', 'unexpected_type', 'code', 3],
      ['null for a scope', 'a109f6', 'unexpected_type', 'scope', 2],
      ['a key id as text', 'a104a1036161', 'unexpected_type', 'req_cnf.kid', 4],
      [
        'a curve of a key in a confirmation',
        'a104a101a2010220f4',
        'unexpected_type',
        'req_cnf.COSE_Key.crv',
        8,
      ],
      ['a member twice in different heads', 'a2056161 18056162', 'duplicate_key', '', 4],
    ] as const)
      it(what, () => {
        expect(refusal(() => AccessTokenRequest.fromCbor(fromHex(hex)))).toMatchObject({
          name: 'DecodeError',
          reason,
          path,
          offset,
        })
      })
    for (const [what, json, reason, path] of [
      ['no object', [1], 'unexpected_type', ''],
      ['null', null, 'unexpected_type', ''],
      ['a number for an audience', { audience: 1 }, 'unexpected_type', 'audience'],
      ['a lone surrogate', { audience: '\ud800' }, 'unexpected_type', 'audience'],
      ['a cnonce that is not base64url', { cnonce: 'A+==' }, 'invalid_value', 'cnonce'],
      ['a cnonce with a single character over', { cnonce: 'AAAAA' }, 'invalid_value', 'cnonce'],
      ['an empty grant type', { grant_type: '' }, 'invalid_value', 'grant_type'],
      ['a key type that is none', { req_cnf: { jwk: { kty: 5 } } }, 'unexpected_type', 'req_cnf.jwk.kty'],
    ] as const)
      it(`${what} in JSON`, () => {
        expect(refusal(() => AccessTokenRequest.fromJson(json))).toMatchObject({
          name: 'DecodeError',
          reason,
          path,
          offset: undefined,
        })
      })
    for (const [what, members, reason, path] of [
      ['a member that there is not', { aud: 'a' }, 'unexpected_type', 'aud'],
      ['a wrong type', { scope: 5 }, 'unexpected_type', 'scope'],
      ['null where there is none', { audience: null }, 'unexpected_type', 'audience'],
      ['a member of a confirmation', { req_cnf: { kid: 5 } }, 'unexpected_type', 'req_cnf.kid'],
      [
        'a character outside %x20-7E in client_id (RFC 6749 App. A.1)',
        { client_id: 'é' },
        'violation',
        'client_id',
      ],
    ] as const)
      it(`${what} when it is built`, () => {
        expect(refusal(() => new AccessTokenRequest(members as never))).toEqual({
          name: 'EncodeError',
          reason,
          path,
        })
      })
  })

  it('is immutable', () => {
    const request = new AccessTokenRequest(full)
    for (const name of ['scope', 'grant_type', 'unknown', 'violations'])
      expect(() => Object.assign(request, { [name]: 'x' })).toThrow(TypeError)
    expect(request.scope).toBe('read write')
  })

  it('equals by content, in any order, and nothing that is no request', () => {
    const request = new AccessTokenRequest(full)
    expect(
      request.equals(new AccessTokenRequest(Object.fromEntries(Object.entries(full).reverse()) as never)),
    ).toBe(true)
    for (const [name, value] of Object.entries({
      audience: 'b',
      cnonce: Uint8Array.of(1),
      ace_profile: 'coap_dtls',
      req_cnf: { kid: Uint8Array.of(1) },
    }))
      expect(request.equals(new AccessTokenRequest({ ...full, [name]: value })), name).toBe(false)
    expect(request.equals(new AccessTokenRequest(full, [{ key: 50, cbor: fromHex('01') }]))).toBe(false)
    expect(
      new AccessTokenRequest({}, [{ key: 50, cbor: fromHex('01') }]).equals(
        new AccessTokenRequest({}, [{ key: 50, cbor: fromHex('02') }]),
      ),
    ).toBe(false)
    for (const other of [null, undefined, full, request.toJson(), 'a'])
      expect(request.equals(other)).toBe(false)
  })

  it('equals in any order of what a key or a confirmation in it does not know', () => {
    const first = { key: -70_001, cbor: fromHex('01') }
    const second = { key: 'x', cbor: fromHex('02') }
    for (const [a, b] of [
      [
        { COSE_Key: { ...ec2, unknown: [first, second] } },
        { COSE_Key: { ...ec2, unknown: [second, first] } },
      ],
      [
        { kid: Uint8Array.of(1), unknown: [first, second] },
        { kid: Uint8Array.of(1), unknown: [second, first] },
      ],
    ] as const) {
      const request = new AccessTokenRequest({ req_cnf: a })
      expect(request.equals(new AccessTokenRequest({ req_cnf: b }))).toBe(true)
      expect(
        AccessTokenRequest.fromCbor(new AccessTokenRequest({ req_cnf: b }).toCbor()).equals(request),
      ).toBe(true)
    }
  })

  it('equals with an unknown member that nests as deep as the limits allow', () => {
    const deep = (): unknown => JSON.parse(`${'['.repeat(510)}${']'.repeat(510)}`)
    const read = (): AccessTokenRequest => AccessTokenRequest.fromJson({ x: deep() }, { maxDepth: 511 })
    expect(read().equals(read())).toBe(true)
  })

  it('keeps a grant type of digits what it is: JSON tells integers and names apart', () => {
    const digits = AccessTokenRequest.fromJson({ grant_type: '-70001' })
    expect(digits.grant_type).toBe(-70_001)
    expect(new AccessTokenRequest({ grant_type: '-70001' }).equals(digits)).toBe(true)
  })

  it('is shown alike, in whichever order its members and those of its key came', () => {
    const members = ['05 6161', '04 a1 01 a4 01 02 02 4107 20 01 21 4105']
    const others = ['04 a1 01 a4 21 4105 20 01 02 4107 01 02', '05 6161']
    const [shown, other] = [members, others].map((all) =>
      AccessTokenRequest.fromCbor(fromHex(`a2 ${all.join(' ')}`)).toString(),
    )
    expect(shown).toBe(
      `AccessTokenRequest { req_cnf: { COSE_Key: { kty: "EC2", kid: h'07', crv: "P-256", x: h'05' } }, audience: "a" }`,
    )
    expect(other).toBe(shown)
  })

  it('shows no secret', () => {
    const secret = 'Zm9v.s3cr3t'
    for (const members of [
      { client_secret: secret },
      { grant_type: 'authorization_code', code: secret },
      { grant_type: 'password', username: 'u', password: secret },
      { grant_type: 'refresh_token', refresh_token: secret },
      { req_cnf: { jwe: secret } },
    ] as const) {
      const request = new AccessTokenRequest(members)
      for (const shown of [
        request.toString(),
        inspect(request),
        inspect({ request }, { depth: 9 }),
        `${request}`,
      ]) {
        expect(shown).not.toContain('s3cr3t')
        expect(shown).toContain('AccessTokenRequest { ')
        expect(shown).toMatch(/<(11 )?secret( bytes)?>/)
      }
    }
    const bytes = fromHex('5ec7e75ec7e7')
    for (const members of [
      { client_secret: bytes },
      { req_cnf: { COSE_Key: { kty: 'Symmetric', k: bytes } } },
      { req_cnf: { osc: { ms: bytes } } },
      {
        req_cnf: { COSE_Key: { kty: -70_001, unknown: [{ key: -70_001, cbor: fromHex('465ec7e75ec7e7') }] } },
      },
    ] as const) {
      const shown = `${new AccessTokenRequest(members)}${inspect(new AccessTokenRequest(members))}`
      expect(shown).not.toMatch(/5ec7e7|XsfnXsfn|94,\s*199/)
      expect(shown).toMatch(/<(\d+ )?secret/)
    }
  })

  it('shows the rest in one line', () => {
    expect(
      `${new AccessTokenRequest({ audience: 'a"b', cnonce: Uint8Array.of(1), ace_profile: null }, [{ key: -70_001, cbor: fromHex('01') }])}`,
    ).toBe(
      `AccessTokenRequest { audience: "a\\"b", ace_profile: null, cnonce: h'01', -70001: <1 secret bytes> }`,
    )
    expect(`${new AccessTokenRequest({})}`).toBe('AccessTokenRequest {}')
  })
})
