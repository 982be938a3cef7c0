// CBOR as such.
import { sameValue } from '../same-value.mjs'
import { isRefused, isTaken, isToldOtherwise, replaced } from './conditions.mjs'

const simpleUndefined = (value) => (value?.simple === 'undefined' ? null : undefined)
const minusZero = (value) => (value?.float === '-0' ? 0 : undefined)
const least = -9007199254740992
const leastAsNumber = (value) => (value?.integer === `${least}` ? least : undefined)

/** The tags whose content RFC 8949 §3.4 describes. */
const knownTags = [0n, 1n, 2n, 3n, 4n, 5n, 21n, 22n, 23n, 24n, 32n, 33n, 34n, 36n]

export const rules = [
  {
    title: 'bytes behind the item are passed over',
    who: ['cbor2-python', 'pycose', 'python-cwt', 'dcaf'],
    when: (facts) => isTaken(facts, 'trailing_bytes') && facts.sent.trailing === true,
    fault: 'choice',
    section:
      'RFC 8949 §5.1, which lets a decoder of one item leave the rest to its caller; RFC 9200 §5.8.3 gives a payload one map',
  },
  {
    title: 'a key twice in a map is taken, and the last value, or both, kept',
    who: ['cborg', 'cbor2-python'],
    when: (facts) => isTaken(facts, 'duplicate_key') && facts.sent.duplicate === true,
    fault: 'choice',
    section:
      'RFC 8949 §5.3.1 and §5.6: such a map is not valid; §5.4: not every decoder has to check, and then its application does',
  },
  {
    title: 'a key twice in a map is refused only where both are written alike',
    who: ['cbor2'],
    when: (facts) => isTaken(facts, 'duplicate_key') && facts.sent.duplicate === true,
    fault: 'theirs',
    section: 'RFC 8949 §5.6.1: keys are compared by value',
  },
  {
    title: 'a key twice in a map is taken, and the last value kept',
    who: ['dcaf', 'pycose', 'python-cwt'],
    when: (facts) => isTaken(facts, 'duplicate_key') && facts.sent.duplicate === true,
    fault: 'theirs',
    section:
      'RFC 9052 §9: messages with the same label twice must not be processed; RFC 6749 §3.2: no parameter more than once',
  },
  {
    title: 'text that is not UTF-8 is taken, with other characters in its place',
    who: ['cborg', 'cose-java'],
    when: (facts) => isTaken(facts, 'invalid_utf8') && facts.sent.badText === true,
    fault: 'choice',
    section:
      'RFC 8949 §5.3.1: a text string that is not UTF-8 is not valid; §5.4: not every decoder has to check',
  },
  {
    title: 'a break inside a map of definite length is taken',
    who: ['cborg', 'pycose'],
    when: (facts) => isTaken(facts, 'unexpected_break') && facts.sent.fault === 'break',
    fault: 'theirs',
    section: 'RFC 8949 §3.2.1: a break only ends items of indefinite length',
  },
  {
    title: 'tags are refused unless the caller brings what reads them',
    who: ['cborg'],
    when: (facts) => isRefused(facts, /tag not supported/) && facts.sent.tags.length > 0,
    fault: 'choice',
    section:
      'RFC 8949 §5.4: a tag that a decoder does not recognize may be an error, which is not encouraged',
  },
  {
    title: 'strings in chunks are refused',
    who: ['cborg'],
    when: (facts) => isRefused(facts, /indefinite length bytes\/strings/) && facts.sent.chunks === true,
    fault: 'choice',
    section: 'RFC 8949 §5.1: some applications and protocols will not want indefinite lengths',
  },
  {
    title: 'a simple value without a meaning is refused',
    who: ['cbor2', 'cbor2-python', 'cborg', 'fxamacker-cbor', 'cose-java', 'dcaf'],
    when: (facts) => isRefused(facts, /[Ss]imple/) && facts.sent.simples.length > 0,
    fault: 'choice',
    section:
      'RFC 8949 §5.4: a simple value that a decoder does not recognize may be an error, which is not encouraged',
  },
  {
    title: 'a float -0 is written as the integer 0',
    who: ['cborg'],
    when: (facts) =>
      facts.way === 'theirs-ours' &&
      isToldOtherwise(facts) &&
      sameValue(facts.ours.value, replaced(facts.theirs.value, minusZero)),
    fault: 'choice',
    section: 'RFC 8949 §4.2.2: JavaScript has one number type, and an application says how it goes to CBOR',
  },
  {
    title: '-2^53 is a number, where JSON here has its digits',
    who: ['cbor2', 'cborg'],
    when: (facts) =>
      isToldOtherwise(facts) && sameValue(replaced(facts.ours.value, leastAsNumber), facts.theirs.value),
    fault: 'choice',
    section: 'RFC 8949 §4.2.2: -2^53 is exact as a JavaScript number, though not a safe integer',
  },
  {
    title: 'the content of a known tag is checked',
    who: ['cbor2', 'cbor2-python', 'fxamacker-cbor', 'cose-java'],
    when: (facts) =>
      facts.way === 'damaged' &&
      isRefused(facts, /^/) &&
      facts.ours.value === undefined &&
      facts.sent.tags.some((tag) => knownTags.includes(tag)),
    fault: 'choice',
    section:
      'RFC 8949 §5.3.2 and §5.4: whether the content of a tag is checked is left to the decoder; ours takes what is well-formed and tells no value for it',
  },
  {
    title: 'undefined is nil, as null is',
    who: ['fxamacker-cbor'],
    when: (facts) =>
      facts.sent.undefined === true &&
      isToldOtherwise(facts) &&
      sameValue(replaced(facts.ours.value, simpleUndefined), facts.theirs.value),
    fault: 'choice',
    section: 'RFC 8949 §2: a generic data model may map both to one value of the language',
  },
  {
    title: 'map keys are what Go can compare: no arrays, maps, tags or integers beyond 64 bits',
    who: ['fxamacker-cbor'],
    when: (facts) => isRefused(facts, /invalid map key type/) && facts.sent.keys.length > 0,
    fault: 'choice',
    section: 'RFC 8949 §5.6: an application may restrict the keys of its maps',
  },
]
