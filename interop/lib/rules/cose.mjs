// COSE keys and messages.

import { sameValue } from '../same-value.mjs'
import { lookAt } from '../sent.mjs'
import { isMistyped, isRefused, isTaken, isToldOtherwise, isUnusable, keyOf, without } from './conditions.mjs'

const isKey = ({ subject }) => subject === 'cose-key'
const added = ['alg', 'key_ops']

/** How many tags are around an item. */
const outerTags = (item) => (item?.tag === undefined ? 0 : 1 + outerTags(item.item))

const untagged = (item) => (item?.tag === undefined ? item : untagged(item.item))

/** A COSE_Key in hex without the members that restrict it. */
const unrestricted = (hex) => lookAt(hex).item.pairs.filter(([label]) => label !== 3n && label !== 4n)

const printed = (pairs) =>
  pairs
    .map((pair) => JSON.stringify(pair, (_, value) => (typeof value === 'bigint' ? `${value}n` : value)))
    .sort()
    .join()

export const rules = [
  {
    title: 'the tag of CWT around a message is refused',
    who: ['cose-java'],
    when: (facts) => isRefused(facts, /too many tags/) && facts.sent.tags.includes(61n),
    fault: 'choice',
    section: 'RFC 8392 §6: the tag of CWT is for CWT; COSE alone has none around',
  },
  {
    title: 'a tag inside a COSE structure is passed over',
    who: ['cose-java', 'cose-js', 'cose-ts', 'pycose', 'python-cwt'],
    when: (facts) =>
      facts.subject === 'cose' &&
      isTaken(facts, 'unexpected_type') &&
      facts.sent.tags.length > outerTags(facts.sent.item),
    fault: 'theirs',
    section: 'RFC 9052 §3.1, §4.2, §5.2, §6.2: the parts of a structure and its headers are untagged',
  },
  {
    title: 'a tag around a COSE_Key is passed over',
    who: ['go-cose'],
    when: (facts) => isKey(facts) && isTaken(facts, 'unexpected_type') && outerTags(facts.sent.item) > 0,
    fault: 'theirs',
    section: 'RFC 9052 §7: a COSE_Key is a map, and has no tag',
  },
  {
    title: 'what is no map is taken in place of the unprotected header',
    who: ['cose-js'],
    when: (facts) =>
      facts.subject === 'cose' &&
      isTaken(facts, 'unexpected_type') &&
      untagged(facts.sent.item)?.[1]?.pairs === undefined,
    fault: 'theirs',
    section: 'RFC 9052 §3: the headers are a byte string and a map',
  },
  {
    title: 'the types of members of a COSE_Key that it does not use, and of labels, are not looked at',
    who: ['cose-java', 'cose-ts', 'pycose', 'python-cwt'],
    when: (facts) => isKey(facts) && isTaken(facts, 'unexpected_type') && isMistyped(facts.sent),
    fault: 'theirs',
    section: 'RFC 9052 §7.1: the types of kid, alg, key_ops and Base IV; §1.4: labels are integers or texts',
  },
  {
    title: 'symmetric keys have 16, 24 or 32 bytes: none for HMAC 384/384',
    who: ['pycose'],
    when: (facts) => {
      if (!isRefused(facts, /Key length should be either 16, 24, or 32 bytes/)) return false
      return isKey(facts) ? ![16, 24, 32].includes(keyOf(facts).k?.length) : facts.alg === 'HMAC 384/384'
    },
    fault: 'theirs',
    section: 'RFC 9053 §3.1: an HMAC key has the length of the hash at least, here 48 bytes',
  },
  {
    title: 'a key without an algorithm is refused where its type implies none',
    who: ['python-cwt'],
    when: (facts) =>
      isKey(facts) && isRefused(facts, /alg\(3\) (not found|should be)/) && keyOf(facts).alg === undefined,
    fault: 'choice',
    section: 'RFC 9052 §7.1: alg is optional; the library binds each key to one',
  },
  {
    title: 'key_ops and alg are added to a key that names none',
    who: ['python-cwt'],
    when: (facts) => {
      if (!isKey(facts)) return false
      if (facts.theirs.hex !== undefined)
        return printed(unrestricted(facts.theirs.hex)) === printed(unrestricted(facts.ours.hex))
      return (
        facts.way === 'theirs-ours' &&
        isToldOtherwise(facts) &&
        added.every((name) => !(name in facts.theirs.value)) &&
        sameValue(without(facts.ours.value, added), facts.theirs.value)
      )
    },
    fault: 'choice',
    section: 'RFC 9052 §7.1: both restrict the key to what it implies',
  },
  {
    title: 'the length of the key is held to its algorithm as it is read',
    who: ['python-cwt'],
    when: (facts) =>
      isKey(facts) && isRefused(facts, /The length of .* key should be/) && keyOf(facts).alg !== undefined,
    fault: 'choice',
    section: 'RFC 8392 A.2.2 prints a 256-bit key with a 128-bit algorithm (erratum 8655)',
  },
  {
    title: 'symmetric keys are refused as they are read',
    who: ['go-cose'],
    when: (facts) =>
      isKey(facts) && isRefused(facts, /unexpected key type "Symmetric"/) && keyOf(facts).kty === 4n,
    fault: 'choice',
    section: 'RFC 9052 §7: the library signs only',
  },
  {
    title:
      'a key of a type or curve that it does not know, without what its type needs, or whose point is not on its curve, is refused as it is read',
    when: (facts) =>
      isKey(facts) && facts.way === 'damaged' && isRefused(facts, /^/) && isUnusable(keyOf(facts)),
    fault: 'choice',
    section:
      'RFC 9052 §7: a set of keys may hold keys that a receiver does not understand; ours looks at the key as it is used',
  },
  {
    title: 'an algorithm or an operation of a key that it does not know is refused as it is read',
    when: (facts) =>
      isKey(facts) &&
      facts.way === 'damaged' &&
      isRefused(facts, /^/) &&
      (keyOf(facts).alg !== undefined || keyOf(facts).operations !== undefined),
    fault: 'choice',
    section: 'RFC 9052 §7.1: alg and key_ops restrict the use of a key, which ours looks at as it is used',
  },
]
