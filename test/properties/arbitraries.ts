import fc from 'fast-check'
import {
  AccessTokenRequest,
  AccessTokenResponse,
  type CborValue,
  type ConfirmationInput,
  type CoseKey,
  CreationHints,
  ErrorCode,
  ErrorResponse,
  encodeValue,
  IntrospectionRequest,
  IntrospectionResponse,
  type Message,
  type MessageClass,
  problemDetailsWith,
  RevocationRequest,
  type UnknownCborMember,
} from '../../src/index.ts'

// Every run is the same run: a failure can be looked at again.
fc.configureGlobal({ seed: 9200 })

export const ProblemDetails: MessageClass<Message, never> = problemDetailsWith(2) as never

const text = fc.string({ unit: 'binary', maxLength: 12 }).map((given) => given.toWellFormed())
const word = fc.string({ minLength: 1, maxLength: 12 }).map((given) => `${given}.`)
const bytes = fc.uint8Array({ maxLength: 80 })
const scopeToken = fc.stringMatching(/^[!#-[\]-~]{1,8}$/)
const scope = fc.oneof(
  fc.array(scopeToken, { minLength: 1, maxLength: 4 }).map((tokens) => tokens.join(' ')),
  bytes,
  fc.array(fc.tuple(text, fc.integer({ min: 0, max: 2 ** 40 })), { maxLength: 3 }),
)
/** A token is bytes here: of a text CBOR keeps the bytes only. */
const opaque = fc.uint8Array({ minLength: 1, maxLength: 160 })
/** An integer of the whole range, as a number where that is safe. */
export const integer: fc.Arbitrary<number | bigint> = fc
  .oneof(
    fc.bigInt({ min: -70_000n, max: 70_000n }),
    fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n - 1n }),
    fc.constantFrom(-(2n ** 64n), 2n ** 64n - 1n, 2n ** 53n - 1n, 2n ** 53n, -(2n ** 53n), 1n - 2n ** 53n),
  )
  .map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value))
// cbor2 and cborg take -2^53 for a number that is safe.
const exact = integer.filter((value) => value !== -(2n ** 53n))
const privateUse = exact.filter((value) => value < -65_536)
const unsigned = exact.filter((value) => value >= 0)
const date = fc.oneof(
  exact,
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
)

/** A value of any shape, in CBOR. */
const anyCbor: fc.Arbitrary<Uint8Array> = fc
  .letrec<{ value: CborValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', maxDepth: 3 },
      fc.oneof(text, bytes, exact, fc.double(), fc.constantFrom(true, false, null, undefined)),
      fc.array(tie('value'), { maxLength: 4 }),
      fc
        .uniqueArray(fc.tuple(fc.oneof(text, fc.integer()), tie('value')), {
          selector: ([key]) => key,
          maxLength: 4,
        })
        .map((members) => new Map(members)),
    ),
  }))
  .value.map(encodeValue)

/** Members under keys that no message knows: above the registered ones, for private use, and texts. */
const unknownKey = fc.oneof(
  fc.integer({ min: 1_000, max: 100_000 }),
  privateUse,
  text.map((given) => `x:${given}`),
  fc.integer({ min: 0, max: 70_000 }).map((digits) => `x:${digits}`),
)
export const unknown: fc.Arbitrary<UnknownCborMember[]> = fc.uniqueArray(
  fc.record({ key: unknownKey, cbor: anyCbor }),
  {
    selector: ({ key }) => key,
    maxLength: 4,
  },
)

/** A record of which some members are left out. */
function some<T extends object>(
  members: { [K in keyof T]: fc.Arbitrary<T[K]> },
  needed: (keyof T)[] = [],
): fc.Arbitrary<Partial<T>> {
  return fc.record(members, { requiredKeys: needed as never }) as fc.Arbitrary<Partial<T>>
}

const common = {
  kid: bytes,
  key_ops: fc.uniqueArray(fc.constantFrom('sign', 'verify', 'MAC create', 'derive key'), {
    minLength: 1,
    maxLength: 3,
  }),
  'Base IV': bytes,
}
const algorithm = (...names: string[]) => fc.oneof(fc.constantFrom(...names), privateUse)
export const coseKey: fc.Arbitrary<CoseKey> = fc
  .oneof(
    some(
      {
        kty: fc.constant('EC2'),
        ...common,
        alg: algorithm('ES256'),
        crv: fc.constantFrom('P-256', 'P-521'),
        x: bytes,
        y: fc.oneof(bytes, fc.boolean()),
        d: bytes,
      },
      ['kty', 'crv', 'x', 'y'],
    ),
    some(
      {
        kty: fc.constant('OKP'),
        ...common,
        alg: privateUse,
        crv: fc.oneof(fc.constantFrom('X25519', 'Ed448'), privateUse),
        x: bytes,
        d: bytes,
      },
      ['kty', 'crv', 'x'],
    ),
    some(
      {
        kty: fc.constant('Symmetric'),
        ...common,
        alg: algorithm('HMAC 256/256', 'AES-CCM-16-64-128', 'A128GCM'),
        k: bytes,
      },
      ['kty'],
    ),
    some({ kty: privateUse, ...common, alg: privateUse }, ['kty']),
  )
  .chain((key) =>
    fc.oneof(
      fc.constant(key),
      unknown.filter((all) => all.length > 0).map((all) => ({ ...key, unknown: all })),
    ),
  ) as never

const encrypted = fc.tuple(fc.constantFrom('', 'd0', 'd860'), bytes).map(([tag, ciphertext]) => {
  const content = encodeValue([
    new Uint8Array(0),
    new Map<CborValue, CborValue>([[5, Uint8Array.of(1)]]),
    ciphertext,
  ])
  return new Uint8Array(Buffer.concat([Buffer.from(tag, 'hex'), content]))
})
export const confirmation: fc.Arbitrary<ConfirmationInput> = fc
  .tuple(
    fc.oneof(
      coseKey.map(({ d: _, ...COSE_Key }) => ({ COSE_Key })),
      encrypted.map((Encrypted_COSE_Key) => ({ Encrypted_COSE_Key })),
      some({
        id: bytes,
        version: unsigned,
        ms: bytes,
        hkdf: fc.constantFrom('HMAC 256/256', -70_001),
        alg: fc.constant('A128GCM'),
        salt: bytes,
        contextId: bytes,
      }).map((osc) => ({ osc })),
      bytes.map((ckt) => ({ ckt })),
      bytes.map((jkt) => ({ jkt })),
    ),
    fc.option(bytes, { nil: undefined }),
    unknown,
  )
  .map(([key, kid, others]) => ({
    ...key,
    ...(kid && { kid }),
    ...(others.length > 0 && { unknown: others }),
  })) as never

/** Whether a confirmation may be that of a resource server. */
function isPublic({ COSE_Key, Encrypted_COSE_Key, osc }: ConfirmationInput): boolean {
  return COSE_Key?.kty !== 'Symmetric' && !Encrypted_COSE_Key && !osc
}

const code = <T extends string>(...names: T[]): fc.Arbitrary<string | number | bigint> =>
  fc.oneof(fc.constantFrom(...names), privateUse)
const clientId = fc.stringMatching(/^[ -~]{1,12}$/)

/** Everything that a message and its like are made from, by the name of its class. */
interface Kind {
  readonly class: MessageClass<Message, never>
  readonly members: fc.Arbitrary<object>
}

const profile = code('coap_dtls', 'coap_oscore')
const request = some({
  audience: text,
  scope,
  req_cnf: confirmation,
  cnonce: bytes,
  ace_profile: fc.oneof(fc.constant(null), profile),
  client_id: clientId,
  client_secret: opaque,
})
const grant = fc.oneof(
  fc.constantFrom({}, { grant_type: 'client_credentials' }),
  fc.record({
    grant_type: fc.constant('authorization_code'),
    code: opaque,
    redirect_uri: fc.constantFrom('coap://c', '/cb?x=%20', ''),
  }),
  fc.record({ grant_type: fc.constant('password'), username: word, password: word }),
  fc.record({ grant_type: fc.constant('refresh_token'), refresh_token: opaque }),
  fc.record({ grant_type: privateUse, code: opaque, username: word }),
)
const tagged = fc.oneof(
  text,
  fc.record({ lang: fc.constantFrom('en', 'de-CH'), text, rtl: fc.constantFrom(true, false, null) }),
  fc.record({ lang: fc.constant('ar'), text }),
)

export const kinds: Readonly<Record<string, Kind>> = {
  AccessTokenRequest: {
    class: AccessTokenRequest as never,
    members: fc.tuple(request, grant).map(([members, granted]) => ({ ...members, ...granted })),
  },
  AccessTokenResponse: {
    class: AccessTokenResponse as never,
    members: fc
      .tuple(
        some(
          {
            access_token: opaque,
            expires_in: unsigned,
            scope,
            refresh_token: opaque,
            ace_profile: profile,
            state: word,
          },
          ['access_token'],
        ),
        fc.oneof(
          some({ token_type: code('PoP'), cnf: confirmation }),
          fc.record({ token_type: fc.constant('Bearer') }),
          fc.record({ rs_cnf: confirmation.filter(isPublic), cnf: bytes.map((kid) => ({ kid })) }),
        ),
      )
      .map(([members, bound]) => ({ ...members, ...bound })),
  },
  IntrospectionRequest: {
    class: IntrospectionRequest as never,
    members: some({ token: opaque, token_type_hint: word, client_id: word }, ['token']),
  },
  IntrospectionResponse: {
    class: IntrospectionResponse as never,
    members: fc.oneof(
      { weight: 1, arbitrary: fc.constant({ active: false }) },
      {
        weight: 9,
        arbitrary: some(
          {
            active: fc.constant(true),
            scope,
            client_id: clientId,
            username: clientId,
            token_type: code('PoP', 'Bearer'),
            exp: date,
            iat: date,
            nbf: date,
            sub: text,
            aud: fc.oneof(text, fc.array(text, { maxLength: 3 })),
            iss: text,
            cti: bytes,
            exi: unsigned,
            cnonce: bytes,
            ace_profile: profile,
            cnf: confirmation,
          },
          ['active'],
        ).filter(({ token_type, cnf }) => token_type !== 'Bearer' || !cnf),
      },
    ),
  },
  CreationHints: {
    class: CreationHints as never,
    members: some({
      AS: fc.constantFrom('coaps://as.example.com/token', 'coap+tcp://[::1]/%20'),
      kid: bytes,
      audience: text,
      scope,
      cnonce: bytes,
    }),
  },
  RevocationRequest: {
    class: RevocationRequest as never,
    members: some({ token: opaque, token_type_hint: word, client_id: clientId, client_secret: opaque }, [
      'token',
    ]),
  },
  ProblemDetails: {
    class: ProblemDetails,
    members: some({
      title: tagged,
      detail: tagged,
      instance: fc.constantFrom('/a', 'coaps://as/e#1', ''),
      'response-code': fc.nat(255),
      'base-uri': fc.constantFrom('coaps://as/', 'urn:a'),
      'base-lang': fc.constantFrom('en', 'de-CH'),
      'base-rtl': fc.constantFrom(true, false, null),
      'unprocessed-coap-option': fc.array(unsigned, { minLength: 1, maxLength: 3 }),
      'ace-error': fc.record({ error: privateUse.map((value) => ErrorCode.other(value)) }),
    }).filter((members) => Object.keys(members).length > 0),
  },
}

/** A message of one kind, that knows all of its members. */
export function known({ class: made, members }: Kind): fc.Arbitrary<Message> {
  return members.map((given) => new made(given as never))
}

/** A message of one kind, with members that it does not know. */
export function open({ class: made, members }: Kind): fc.Arbitrary<Message> {
  // A custom entry of problem details is a map, and an inactive token has nothing beside it.
  return fc
    .tuple(members, unknown)
    .map(
      ([given, others]) =>
        new made(
          given as never,
          made === ProblemDetails || (given as { active?: boolean }).active === false ? [] : others,
        ),
    )
}

const errorText = fc.stringMatching(/^[ !#-[\]-~]{1,40}$/)

export const errorResponse: fc.Arbitrary<ErrorResponse> = fc
  .tuple(
    fc.oneof(fc.constantFrom(...[1, 2, 3, 4, 5, 6, 7, 8]), privateUse).map((value) => ErrorCode.other(value)),
    fc.option(errorText, { nil: undefined }),
    fc.option(fc.constantFrom('https://as.example.com/errors?a=b#c', '/e', 'urn:x'), { nil: undefined }),
  )
  .map(([error, description, uri]) =>
    ErrorResponse.builder().error(error).description(description).uri(uri).build(),
  )

/** Whether a text is told as it is in a form: one that is empty is as good as absent. */
export function fitsForm(message: Message): boolean {
  return Object.values(message.toJson()).every((value) => value !== '')
}
