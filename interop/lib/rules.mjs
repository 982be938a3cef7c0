// Why others and we differ. Each rule says whose it is: `theirs` where the specification asks for what they do not do, `choice`
// where it leaves both, `ours` where we are wrong, which nothing may be for long. What no rule explains fails the run.

const refusedBy =
  (pattern) =>
  ({ theirs }) =>
    theirs !== undefined && pattern.test(theirs)
const expects =
  (reason) =>
  ({ ours }) =>
    ours === reason

const rules = [
  {
    title: 'bytes behind the item are passed over',
    when: ({ ours, isAccepted }) => ours === 'trailing_bytes' && isAccepted,
    fault: 'choice',
    section:
      'RFC 8949 §5.1, which lets a decoder of one item leave the rest to its caller; RFC 9200 §5.8.3 gives a payload one map',
  },
  {
    title: 'a key twice in a map is taken, and the last value, or both, kept',
    when: ({ ours, isAccepted }) => ours === 'duplicate_key' && isAccepted,
    fault: 'theirs',
    section:
      'RFC 8949 §5.6: a map with duplicate keys is not valid, and a receiver of a protocol must not take one value without notice',
  },
  {
    who: ['cborg', 'cose-java'],
    title: 'text that is not UTF-8 is taken, with other characters in its place',
    when: ({ ours, isAccepted }) => ours === 'invalid_utf8' && isAccepted,
    fault: 'theirs',
    section: 'RFC 8949 §3.1: a text string that is not UTF-8 is not valid',
  },
  {
    who: ['cborg'],
    title: 'a break inside a map of definite length is taken',
    when: ({ ours, isAccepted }) => ours === 'unexpected_break' && isAccepted,
    fault: 'theirs',
    section: 'RFC 8949 §3.2.1: a break only ends items of indefinite length',
  },
  {
    who: ['cborg'],
    title:
      'tags, unassigned simple values and strings in chunks are refused unless the caller brings what reads them',
    when: refusedBy(/tag not supported|simple values are not supported|indefinite length bytes\/strings/),
    fault: 'choice',
    section: 'RFC 8949 §5.2 and §5.3: a protocol may leave out what it has no use for',
  },
  {
    who: ['cborg'],
    title: 'a float -0 is written as the integer 0',
    when: ({ way, what }) => way === 'theirs-ours' && /"-0"/.test(what),
    fault: 'choice',
    section: 'RFC 8949 §4.2.2: JavaScript has one number type, and an application says how it goes to CBOR',
  },
  {
    who: ['cbor2', 'cborg'],
    title: '-2^53 is a number, where JSON here has its digits',
    when: ({ theirs, hex }) => /-9007199254740992/.test(theirs) && /3b001fffffffffffff/.test(hex),
    fault: 'choice',
    section: 'RFC 8949 §4.2.2: -2^53 is exact as a JavaScript number, though not a safe integer',
  },
  {
    who: ['cbor2'],
    title: 'a key twice in a map is only found where both are written alike',
    when: expects('duplicate_key'),
    fault: 'theirs',
    section: 'RFC 8949 §5.6: keys are compared by value',
  },
  {
    title: 'the content of a known tag is checked, and a simple value without a meaning refused',
    when: ({ kind, way, isUntold, theirs }) =>
      kind === 'cbor' && way === 'damaged' && isUntold && /refused/.test(theirs),
    fault: 'choice',
    section:
      'RFC 8949 §5.3: whether the content of a tag is checked is left to the decoder; ours takes what is well-formed and tells no value for it',
  },
  {
    who: ['cbor2', 'cbor2-python', 'fxamacker-cbor', 'cose-java'],
    title: 'a simple value without a meaning is refused',
    when: refusedBy(/[Ss]imple/),
    fault: 'choice',
    section: 'RFC 8949 §5.3: unknown simple values may be refused',
  },
  {
    who: ['fxamacker-cbor'],
    title: 'undefined is nil, as null is',
    when: ({ hex, theirs }) => /f7/.test(hex) && /null/.test(theirs),
    fault: 'choice',
    section: 'RFC 8949 §2: a generic data model may map both to one value of the language',
  },
  {
    who: ['fxamacker-cbor'],
    title: 'map keys are what Go can compare: no arrays, maps or integers beyond 64 bits',
    when: refusedBy(/invalid map key type/),
    fault: 'choice',
    section: 'RFC 8949 §5.6: an application may restrict the keys of its maps',
  },
  {
    who: ['cose-java'],
    title: 'the tag of CWT around a message is refused',
    when: refusedBy(/too many tags/),
    fault: 'choice',
    section: 'RFC 8392 §6: the tag of CWT is for CWT; COSE alone has none around',
  },
  {
    title: 'a tag inside a COSE structure is passed over',
    when: ({ kind, ours, isAccepted }) => /^cose /.test(kind) && ours === 'unexpected_type' && isAccepted,
    fault: 'theirs',
    section: 'RFC 9052 §4.2, §5.2, §6.2: the parts of a structure are untagged byte strings',
  },
  {
    title: 'members of a COSE_Key that it does not use are not looked at',
    when: ({ kind, message, ours, isAccepted }) =>
      [kind, message].includes('cose-key') &&
      ['unexpected_type', 'invalid_value', 'missing_member', 'invalid_utf8', 'duplicate_key'].includes(
        ours,
      ) &&
      isAccepted,
    fault: 'theirs',
    section: 'RFC 9052 §7.1: the types of kid, alg, key_ops and Base IV',
  },
  {
    title:
      'a key of a type, curve or algorithm that it does not know, or without what its type needs, is refused as it is read',
    when: ({ kind, way, ours, theirs }) =>
      kind === 'cose-key' && way === 'damaged' && ours === undefined && /refused/.test(theirs),
    fault: 'choice',
    section:
      'RFC 9052 §7: a set of keys may hold keys that a receiver does not understand; ours looks at the key as it is used',
  },
  {
    title: 'a damaged key is told with other members',
    when: ({ kind, way, isAccepted }) => kind === 'cose-key' && way === 'damaged' && isAccepted,
    fault: 'choice',
    section: 'RFC 9052 §7.1: members without a meaning to the receiver are passed over, or kept as ours does',
  },
  {
    who: ['pycose'],
    title: 'symmetric keys have 16, 24 or 32 bytes: none for HMAC 384/384',
    when: refusedBy(/Key length should be either 16, 24, or 32 bytes/),
    fault: 'theirs',
    section: 'RFC 9053 §3.1: an HMAC key has the length of the hash at least, here 48 bytes',
  },
  {
    who: ['python-cwt'],
    title: 'a key without an algorithm is refused where its type implies none',
    when: refusedBy(/alg\(3\) (not found|should be)/),
    fault: 'choice',
    section: 'RFC 9052 §7.1: alg is optional; the library binds each key to one',
  },
  {
    who: ['python-cwt'],
    title: 'key_ops and alg are added to a key that names none',
    when: ({ kind, message, way, got, isAccepted }) =>
      [kind, message].includes('cose-key') && (way === 'theirs-ours' ? isAccepted : /encoded/.test(got)),
    fault: 'choice',
    section: 'RFC 9052 §7.1: both restrict the key to what it implies',
  },
  {
    who: ['python-cwt'],
    title: 'the length of the key is held to its algorithm as it is read',
    when: refusedBy(/The length of .* key should be/),
    fault: 'choice',
    section: 'RFC 8392 A.2.2 prints a 256-bit key with a 128-bit algorithm (erratum 8655)',
  },
  {
    who: ['go-cose'],
    title: 'symmetric keys are refused as they are read',
    when: refusedBy(/unexpected key type "Symmetric"|invalid key/),
    fault: 'choice',
    section: 'RFC 9052 §7: the library signs only',
  },
  {
    who: ['coset', 'cose-ts', 'dcaf'],
    title: 'an algorithm in the unprotected header is not looked for',
    when: ({ id, theirs }) => id === 'cose-mac0-tests-mac-pass-02-opened' && /refused/.test(theirs),
    fault: 'choice',
    section: 'RFC 9052 §3.1: alg should be protected; the driver of coset, and cose-ts, read it from there',
  },
  {
    who: ['cose-java'],
    title: 'a key whose point is not on its curve, or of another size, is refused as it is read',
    when: ({ kind, theirs }) => kind === 'cose-key' && /refused/.test(theirs),
    fault: 'choice',
    section: 'RFC 9053 §7.1.1: ours checks the point as the key is used',
  },
  {
    who: ['dcaf'],
    title: 'members that the message does not know are refused, also keys beyond 8 bits and texts',
    when: refusedBy(
      /unknown field with key|out of range integral|CBOR map key must be an integer|CBOR map with integer keys/,
    ),
    fault: 'theirs',
    section: 'RFC 6749 §5.1 and §5.2: unrecognized members must be ignored; for requests §3.2',
  },
  {
    who: ['dcaf'],
    title: 'codes and numbers beyond 32 bits are refused',
    when: refusedBy(/must be a valid (i32|u32)/),
    fault: 'theirs',
    section:
      'RFC 9200 §8.4: private use begins below -65536 and has no end; §5.8.2 gives expires_in any unsigned integer',
  },
  {
    who: ['dcaf'],
    title: 'a bignum is taken for an integer, and a string of chunks of chunks for a string',
    when: ({ id }) => /bignum|indefinite-text-nested/.test(id ?? ''),
    fault: 'theirs',
    section:
      'RFC 9200 Table 5: codes are integers; RFC 8949 §3.2.3: the chunks of a string are of definite length',
  },
  {
    who: ['dcaf'],
    title: 'kid in creation hints is written as an array of numbers',
    when: ({ kind, way, ours }) =>
      kind === 'creation-hints' && way === 'theirs-ours' && ours === 'unexpected_type',
    fault: 'theirs',
    section: 'RFC 9200 §5.3, Table 1: kid is a byte string',
  },
  {
    who: ['dcaf'],
    title: 'a scope with two spaces, or one at an end, is refused',
    when: refusedBy(/scope/),
    fault: 'choice',
    section: 'RFC 6749 §3.3 has one space between tokens; ours takes what a receiver can still read',
  },
  {
    who: ['dcaf'],
    title: 'what members mean together, and what is in a URI, is not checked',
    when: ({ ours, isAccepted }) =>
      ['missing_member', 'conflicting_members', 'invalid_value', 'unexpected_type'].includes(ours) &&
      isAccepted,
    fault: 'theirs',
    section:
      'RFC 6749 §4, RFC 9200 §5.3 and §5.8, RFC 9201 §3: required members, members that exclude each other, absolute URIs',
  },
  {
    who: ['dcaf'],
    title: 'a private key in a confirmation is taken, and told with its private part',
    when: ({ id, isAccepted }) => id === 'cnf-private-key' && isAccepted,
    fault: 'choice',
    section:
      'RFC 8747 §3.2 has a public key there for the sender; ours lists it and does not tell the private part',
  },
  {
    who: ['dcaf'],
    title: 'a confirmation with two methods, or an encrypted key with a tag, is refused',
    when: refusedBy(/exactly one element|expected array/),
    fault: 'choice',
    section: 'RFC 8747 §3.1 asks for one key; RFC 9052 §2 has the tag where the structure is not known',
  },
  {
    who: ['dcaf'],
    title: 'a simple value without a meaning is refused anywhere in the message',
    when: refusedBy(/known simple value/),
    fault: 'choice',
    section: 'RFC 8949 §5.3: unknown simple values may be refused',
  },
  {
    who: ['dcaf'],
    title: 'integers of AIF have 32 bits',
    when: ({ message }) => message === 'aif',
    fault: 'choice',
    section: 'RFC 9237 §3: the set is an unsigned integer; the registered methods need 38 bits',
  },
  {
    who: ['dcaf'],
    title:
      'damaged input that ours refuses is taken, or the other way round, for members or types that dcaf does not have',
    when: ({ way }) => way === 'damaged',
    fault: 'theirs',
    section: 'RFC 9200 §5.8: the members of the messages',
  },
  {
    who: ['authlib', 'oauth4webapi'],
    title: 'members of a type that the specification does not give them are passed on or over',
    when: ({ ours, isAccepted }) =>
      ['unexpected_type', 'invalid_value', 'missing_member'].includes(ours) && isAccepted,
    fault: 'theirs',
    section: 'RFC 6749 §5.1 and §5.2: the types of the members, and the characters of error',
  },
  {
    who: ['authlib', 'oauth4webapi'],
    title: 'optional members that are null are handed on as null',
    when: ({ id, isAccepted }) => /null/.test(id ?? '') && isAccepted,
    fault: 'choice',
    section: 'RFC 6749 §5.1 gives them types that null has not; ours takes them as absent and lists them',
  },
  {
    who: ['authlib'],
    title: 'a description with characters that RFC 6749 does not allow is refused with an error of its own',
    when: refusedBy(/forbidden characters/),
    fault: 'choice',
    section: 'RFC 6749 §5.2 forbids them to the sender; ours reports them',
  },
  {
    who: ['authlib'],
    title: 'of an error response the error and its description are told, other members are not',
    when: ({ message, ours, isAccepted }) => message === 'error-response' && ours === undefined && isAccepted,
    fault: 'choice',
    section: 'RFC 6749 §5.2: what a client does with error_uri is left to it',
  },
  {
    who: ['authlib', 'oauth4webapi'],
    title: 'ACE codes in JSON stay numbers or digits; token types keep or lose their case',
    when: ({ ours, isAccepted, id }) =>
      ours === undefined && isAccepted && /json-|token-type|rfc6750|rfc8693/.test(id),
    fault: 'choice',
    section: 'RFC 6749 §5.1: token_type is case insensitive; the integers of RFC 9200 are for CBOR',
  },
  {
    who: ['oauth4webapi'],
    title: 'an error that is no text makes the response no error response',
    when: refusedBy(/not a conform Token Endpoint response/),
    fault: 'choice',
    section: 'RFC 6749 §5.2: error is a text in JSON; ours also takes the integer of RFC 9200',
  },
  {
    who: ['oauth4webapi'],
    title: 'token types are taken that the caller declared',
    when: refusedBy(/unsupported `token_type`|token_type/),
    fault: 'choice',
    section: 'RFC 6749 §7.1: a client must not use a token whose type it does not understand',
  },
]

/** The rule for a vector that failed. */
export function explainFailure({ folder }, { id, message, expected, got, input }) {
  const ours = /^refuse (\w+)/.exec(expected)?.[1]
  const isAccepted = /^(accept|value)/.test(got)
  return find(folder, { id, message, ours, theirs: got, got, isAccepted, hex: input.hex ?? '' })
}

/** The rule for a difference on something generated. */
export function explainDifference({ folder }, { kind, way, hex, what, ours, theirs }) {
  const told = JSON.stringify(theirs)
  return find(folder, {
    kind,
    way,
    hex,
    what,
    ours: ours?.reason,
    theirs: told,
    got: '',
    isAccepted: theirs.reason === undefined,
    isUntold: ours?.reason === undefined && ours?.value === undefined && way === 'damaged',
  })
}

function find(folder, facts) {
  return rules.find(({ who, when }) => (!who || who.includes(folder)) && when(facts))
}
