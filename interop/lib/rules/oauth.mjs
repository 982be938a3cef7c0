// OAuth 2.0 in JSON.
import { sameValue } from '../same-value.mjs'
import { isRefused, isTaken, isToldOtherwise, only, without } from './conditions.mjs'

const both = ['authlib', 'oauth4webapi']

/** Whether a value in JSON is what RFC 6749 §5.1 and §5.2 and RFC 7662 §2.2 give a member. */
const isText = (value) => typeof value === 'string'
const isNumber = (value) => typeof value === 'number' && Number.isFinite(value)
const kinds = {
  error: (value) => isText(value) && /^[ !#-[\]-~]+$/.test(value),
  error_description: isText,
  error_uri: isText,
  access_token: isText,
  token_type: (value) => isText(value) && /^[!-~]+$/.test(value),
  refresh_token: isText,
  scope: isText,
  expires_in: (value) => Number.isInteger(value) && value >= 0,
  active: (value) => typeof value === 'boolean',
  client_id: isText,
  username: isText,
  sub: isText,
  aud: (value) => isText(value) || (Array.isArray(value) && value.every(isText)),
  iss: isText,
  jti: isText,
  exp: isNumber,
  iat: isNumber,
}
const required = {
  'error-response': 'error',
  'token-response': 'access_token',
  'introspection-response': 'active',
}
const times = ['expires_in', 'exp', 'iat', 'nbf']
const opaque = ['access_token', 'refresh_token']

/** A message without its null members, and with the token type in lower case. */
function plain(value) {
  const present = Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null))
  const type = present.token_type
  return isText(type) ? { ...present, token_type: type.toLowerCase() } : present
}

/** The name of a token type of RFC 6750 and RFC 9200, or another as it was sent. */
const nameOf = ({ token_type: type }) =>
  ['Bearer', 'PoP'].find((name) => name.toLowerCase() === String(type).toLowerCase()) ?? type

/** Whether both tell the same of a message but for some of its members. */
const isSameBut = ({ ours, theirs }, names) =>
  sameValue(plain(without(ours.value, names)), plain(without(theirs.value, names)))

const wasSent = ({ input }, is) => Object.entries(input.json ?? {}).some(([name, member]) => is(member, name))

export const rules = [
  {
    who: both,
    title:
      'members of a type that the specification does not give them, or with such characters, are passed on',
    when: (facts) => {
      const { ours, input } = facts
      const isOfItsKind = kinds[ours.path]
      return (
        isTaken(facts, 'unexpected_type', 'invalid_value') &&
        isOfItsKind !== undefined &&
        ours.path in input.json &&
        !isOfItsKind(input.json[ours.path])
      )
    },
    fault: 'theirs',
    section: 'RFC 6749 §5.1 and §5.2, RFC 7662 §2.2: the types of the members, and the characters of error',
  },
  {
    who: both,
    title: 'a required member may be absent',
    when: (facts) =>
      isTaken(facts, 'missing_member') &&
      facts.ours.path === required[facts.subject] &&
      !(facts.ours.path in facts.input.json),
    fault: 'theirs',
    section: 'RFC 6749 §5.1 and §5.2, RFC 7662 §2.2: access_token, error and active are required',
  },
  {
    who: ['authlib'],
    title: 'a description with characters that RFC 6749 does not allow is refused with an error of its own',
    when: (facts) =>
      isRefused(facts, /forbidden characters/) && !/^[ !#-[\]-~]*$/.test(facts.input.json.error_description),
    fault: 'choice',
    section: 'RFC 6749 §5.2 forbids them to the sender; ours reports them',
  },
  {
    who: ['authlib'],
    title: 'of an error response the error and its description are told, other members are not',
    when: (facts) => {
      if (facts.subject !== 'error-response' || !isToldOtherwise(facts)) return false
      // Of what the other side does not tell, ours has to tell what was sent.
      const { error: _, ...sent } = plain(facts.input.json)
      const { error: __, ...told } = plain(facts.ours.value)
      if (!sameValue(sent, told)) return false
      const { error_description: description, ...others } = only(facts.ours.value, [
        'error',
        'error_description',
      ])
      return sameValue(
        description ? { ...others, error_description: description } : others,
        facts.theirs.value,
      )
    },
    fault: 'choice',
    section:
      'RFC 6749 §5.2: what a client does with error_uri is left to it; members that it does not know it ignores',
  },
  {
    who: both,
    title: 'an error that is an integer, or digits, stays that',
    when: (facts) =>
      isToldOtherwise(facts) &&
      /^\d+$/.test(facts.input.json?.error) &&
      facts.theirs.value.error === facts.input.json.error &&
      isSameBut(facts, ['error']),
    fault: 'choice',
    section:
      'RFC 6749 §5.2 has names in JSON; RFC 9200 §8.4 gives them integers for CBOR, which ours takes in JSON too',
  },
  {
    who: both,
    title: 'the token type keeps or loses its case',
    when: (facts) =>
      isToldOtherwise(facts) &&
      facts.ours.value.token_type !== facts.theirs.value.token_type &&
      facts.ours.value.token_type === nameOf(facts.input.json) &&
      !wasSent(facts, (member) => member === null) &&
      isSameBut(facts, []),
    fault: 'choice',
    section: 'RFC 6749 §5.1: token_type is case insensitive',
  },
  {
    who: both,
    title: 'members that are null are handed on as null',
    when: (facts) =>
      isToldOtherwise(facts) && wasSent(facts, (member) => member === null) && isSameBut(facts, []),
    fault: 'choice',
    section: 'RFC 6749 §5.1 gives them types that null has not; ours takes them as absent and lists them',
  },
  {
    who: ['oauth4webapi'],
    title: 'members that are null are refused',
    when: (facts) =>
      isRefused(facts, /property must/) &&
      wasSent(facts, (member, name) => member === null && facts.theirs.message.includes(`"${name}"`)),
    fault: 'choice',
    section: 'RFC 6749 §5.1 gives them types that null has not; ours takes them as absent and lists them',
  },
  {
    who: both,
    title: 'a number that came as digits in a text stays a text',
    when: (facts) =>
      isToldOtherwise(facts) &&
      wasSent(facts, (member, name) => times.includes(name) && /^\d+$/.test(member) && isText(member)) &&
      times.every((name) =>
        Object.is(Number(facts.ours.value[name]), Number(facts.theirs.value[name] ?? undefined)),
      ) &&
      isSameBut(facts, times),
    fault: 'choice',
    section:
      'RFC 6749 §5.1 and RFC 7662 §2.2 have numbers; ours takes their digits, which it writes itself beyond 2^53',
  },
  {
    who: both,
    title: 'a token with control characters is told as they are',
    when: (facts) =>
      isToldOtherwise(facts) &&
      wasSent(facts, (member, name) => opaque.includes(name) && /\p{Cc}/u.test(member)) &&
      opaque.every((name) => {
        const [ours, theirs] = [facts.ours.value[name], facts.theirs.value[name]]
        return ours === theirs || ours === `~${Buffer.from(theirs).toString('base64url')}`
      }) &&
      isSameBut(facts, opaque),
    fault: 'choice',
    section: 'RFC 6749 A.12 and A.17 have visible characters; ours tells other bytes in base64url',
  },
  {
    who: ['oauth4webapi'],
    title: 'an empty text is refused',
    when: (facts) =>
      isRefused(facts, /property must not be empty/) &&
      wasSent(facts, (member, name) => member === '' && facts.theirs.message.includes(`"${name}"`)),
    fault: 'choice',
    section: 'RFC 6749 A.12 and A.17 have one character at least; ours reports it',
  },
  {
    who: ['oauth4webapi'],
    title: 'a token response has a token type, which is a text',
    when: (facts) =>
      facts.subject === 'token-response' &&
      isRefused(facts, /"token_type" property must be a string/) &&
      !isText(facts.input.json.token_type),
    fault: 'choice',
    section:
      'RFC 6749 §5.1 requires it; RFC 9200 §5.8.2 lets an authorization server leave it out, and §8.4 gives it integers',
  },
  {
    who: ['oauth4webapi'],
    title: 'token types are taken that the caller declared',
    when: (facts) =>
      isRefused(facts, /unsupported `token_type`/) &&
      !['bearer', 'dpop', 'pop'].includes(facts.input.json.token_type.toLowerCase()),
    fault: 'choice',
    section: 'RFC 6749 §7.1: a client must not use a token whose type it does not understand',
  },
  {
    who: ['oauth4webapi'],
    title: 'an error that is no text makes the response no error response',
    when: (facts) =>
      isRefused(facts, /not a conform Token Endpoint response/) && !isText(facts.input.json.error),
    fault: 'choice',
    section: 'RFC 6749 §5.2: error is a text in JSON; ours also takes the integer of RFC 9200',
  },
]
