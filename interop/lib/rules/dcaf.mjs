// dcaf on the messages of ACE-OAuth.
import { sameValue } from '../same-value.mjs'
import { member } from '../sent.mjs'
import { isRefused, isTaken, isToldOtherwise, without } from './conditions.mjs'

const who = ['dcaf']

/** The keys of the maps of an item, at any depth. */
function keysIn(item) {
  if (Array.isArray(item)) return item.flatMap(keysIn)
  if (item?.tag !== undefined) return keysIn(item.item)
  return item?.pairs?.flatMap(([key, value]) => [key, ...keysIn(value)]) ?? []
}

const valuesOf = ({ sent }) => sent.item?.pairs?.map(([, value]) => value) ?? []

/** The keys that dcaf has for a message. */
const known = {
  'error-response': [30, 31, 32],
  'creation-hints': [1, 2, 5, 9, 39],
  'token-request': [4, 5, 9, 24, 27, 33, 39],
  'token-response': [1, 2, 6, 8, 9, 34, 37, 38, 41],
}

/** Whether the confirmation of a message has a method of RFC 8747. */
function isKnownMethod(item) {
  const cnf = member(item, 4) ?? member(item, 8)
  return cnf?.pairs === undefined || cnf.pairs.every(([key]) => [1n, 2n, 3n].includes(key))
}

/** RFC 3986: a scheme, and no fragment or character that a URI cannot have. */
const absoluteUri = /^[a-z][a-z0-9+.-]*:(?:\/\/\[[\da-f:.]+\])?(?:[\w\-.~:/?@!$&'()*+,;=]|%[\da-f]{2})*$/i
/** What a grant requires. */
const required = {
  authorization_code: ['code'],
  password: ['username', 'password'],
  refresh_token: ['refresh_token'],
}
const scopeTokens = /^[!#-[\]-~]+( [!#-[\]-~]+)*$/

export const rules = [
  {
    who,
    title: 'members that the message does not have are refused, also keys beyond 8 bits and texts',
    when: (facts) => {
      const { subject, sent } = facts
      const keys = keysIn(sent.item)
      return (
        (isRefused(facts, /unknown field with key/) &&
          (sent.item.pairs.some(([key]) => !known[subject]?.includes(Number(key))) ||
            !isKnownMethod(sent.item))) ||
        (isRefused(facts, /out of range integral/) && keys.some((key) => key > 255n || key < 0n)) ||
        (isRefused(facts, /CBOR map key must be an integer|CBOR map with integer keys/) &&
          keys.some((key) => typeof key !== 'bigint'))
      )
    },
    fault: 'theirs',
    section: 'RFC 6749 §5.1 and §5.2: unrecognized members must be ignored; for requests §3.2',
  },
  {
    who,
    title: 'codes and numbers beyond 32 bits are refused',
    when: (facts) =>
      isRefused(facts, /must be a valid (i32|u32)/) &&
      valuesOf(facts).some(
        (value) => typeof value === 'bigint' && (value >= 2n ** 31n || value < -(2n ** 31n)),
      ),
    fault: 'theirs',
    section:
      'RFC 9200 §8.4: private use begins below -65536 and has no end; §5.8.2 gives expires_in any unsigned integer',
  },
  {
    who,
    title: 'a bignum is taken for an integer',
    when: (facts) =>
      isTaken(facts, 'unexpected_type') && valuesOf(facts).some(({ tag }) => tag === 2n || tag === 3n),
    fault: 'theirs',
    section: 'RFC 9200 Table 5: codes are integers, which a bignum is not (RFC 8949 §3.4.3)',
  },
  {
    who,
    title: 'a string of chunks of chunks is taken for a string',
    when: (facts) =>
      isTaken(facts, 'unexpected_type', 'reserved_head') &&
      facts.sent.chunks === true &&
      facts.sent.fault === 'head',
    fault: 'theirs',
    section: 'RFC 8949 §3.2.3: the chunks of a string are of definite length',
  },
  {
    who,
    title: 'kid in creation hints is written as an array of numbers',
    when: ({ subject, way, ours, sent }) =>
      subject === 'creation-hints' &&
      way === 'theirs-ours' &&
      ours.reason === 'unexpected_type' &&
      ours.path === 'kid' &&
      Array.isArray(member(sent.item, 2)),
    fault: 'theirs',
    section: 'RFC 9200 §5.3, Table 1: kid is a byte string',
  },
  {
    who,
    title: 'a scope with two spaces, or one at an end, is refused',
    when: (facts) => isRefused(facts, /scope/) && !scopeTokens.test(member(facts.sent.item, 9) ?? 'a'),
    fault: 'choice',
    section: 'RFC 6749 §3.3 has one space between tokens; ours takes what a receiver can still read',
  },
  {
    who,
    title: 'a member that another one requires may be absent',
    when: (facts) => {
      const needed = required[facts.theirs.value?.grant_type] ?? []
      const { path } = facts.ours
      return isTaken(facts, 'missing_member') && needed.includes(path) && !(path in facts.theirs.value)
    },
    fault: 'theirs',
    section: 'RFC 6749 §4.1.3, §4.3.2 and §6: what each grant requires',
  },
  {
    who,
    title: 'members that exclude each other are taken together',
    when: (facts) => {
      const { token_type: type, cnf, rs_cnf: rsCnf } = facts.theirs.value ?? {}
      const isBearerWithKey = type === 'Bearer' && (cnf ?? rsCnf) !== undefined
      return (
        isTaken(facts, 'conflicting_members') &&
        (isBearerWithKey || (cnf?.jwk?.kty === 'oct' && rsCnf !== undefined))
      )
    },
    fault: 'theirs',
    section: 'RFC 9200 §5.8.2 and RFC 9201 §3.2: when cnf and rs_cnf are absent',
  },
  {
    who,
    title: 'the AS of creation hints need not be an absolute URI',
    when: (facts) =>
      isTaken(facts, 'invalid_value') && facts.ours.path === 'AS' && !absoluteUri.test(facts.theirs.value.AS),
    fault: 'theirs',
    section: 'RFC 9200 §5.3: an absolute URI of the authorization server',
  },
  {
    who,
    title: 'rs_cnf may be a symmetric key',
    when: (facts) =>
      isTaken(facts, 'invalid_value') &&
      facts.ours.path?.startsWith('rs_cnf') &&
      facts.theirs.value.rs_cnf?.jwk?.kty === 'oct',
    fault: 'theirs',
    section: 'RFC 9201 §3.2: the public key of the resource server',
  },
  {
    who,
    title: 'a private key in a confirmation is taken, and told with its private part',
    when: (facts) => {
      const { req_cnf: { jwk } = {}, ...others } = facts.theirs.value ?? {}
      const told = { ...others, req_cnf: { jwk: without(jwk ?? {}, ['d']) } }
      return isToldOtherwise(facts) && jwk?.d !== undefined && sameValue(told, facts.ours.value)
    },
    fault: 'choice',
    section:
      'RFC 8747 §3.2 has a public key there for the sender; ours lists it and does not tell the private part',
  },
  {
    who,
    title: 'a confirmation with two methods, or an encrypted key with a tag, is refused',
    when: (facts) => {
      const cnf = member(facts.sent.item, 4) ?? member(facts.sent.item, 8)
      return (
        (isRefused(facts, /exactly one element/) && cnf?.pairs?.length !== 1) ||
        (isRefused(facts, /couldn't create CoseEncrypt0/) && member(cnf, 2)?.tag === 16n)
      )
    },
    fault: 'choice',
    section: 'RFC 8747 §3.1 asks for one key; RFC 9052 §2 has the tag where the structure is not known',
  },
  {
    who,
    title: 'a confirmation whose method is a text is refused',
    when: (facts) => {
      const cnf = member(facts.sent.item, 4) ?? member(facts.sent.item, 8)
      return (
        isRefused(facts, /_cnf is not a valid CBOR map/) &&
        cnf?.pairs?.some(([key]) => typeof key !== 'bigint')
      )
    },
    fault: 'choice',
    section:
      'RFC 8747 §3.1: methods of confirmation are integers or texts; one that is not known need not be taken',
  },
  {
    who,
    title: 'undefined is taken for null',
    when: (facts) =>
      isTaken(facts, 'unexpected_type') &&
      facts.ours.path === 'ace_profile' &&
      member(facts.sent.item, 38)?.simple === 23n,
    fault: 'theirs',
    section: 'RFC 9200 §5.8.4.3: ace_profile in a request is null',
  },
  {
    who,
    title: 'the key 1 of a request is taken for iss',
    when: (facts) =>
      facts.subject === 'token-request' &&
      isToldOtherwise(facts) &&
      typeof member(facts.sent.item, 1) === 'string' &&
      sameValue(without(facts.theirs.value, ['iss']), facts.ours.value),
    fault: 'theirs',
    section: 'RFC 9200 §8.10: 1 is access_token among the parameters of OAuth; iss has none',
  },
  {
    who,
    title: 'integers of AIF have 32 bits',
    when: (facts) =>
      facts.subject === 'aif' &&
      isRefused(facts, /MalformedArray/) &&
      /1[ab][\da-f]{8}/.test(facts.input.hex),
    fault: 'choice',
    section: 'RFC 9237 §3: the set is an unsigned integer; the registered methods need 38 bits',
  },
]
