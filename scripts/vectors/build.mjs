// What the sources of the project's own vectors are written with. It shares nothing with the library: what is expected
// stands in the sources as it was read in the specifications.

/** The head of a data item in so many bytes of argument: 0, 1, 2, 4 or 8; the fewest where that is not given. */
export function head(major, argument, width) {
  const value = BigInt(argument)
  const bytes = width ?? (value < 24n ? 0 : value < 256n ? 1 : value < 65536n ? 2 : value < 1n << 32n ? 4 : 8)
  const initial = (major << 5) | (bytes === 0 ? Number(value) : 24 + Math.log2(bytes))
  return initial.toString(16).padStart(2, '0') + (bytes ? value.toString(16).padStart(bytes * 2, '0') : '')
}

/** An integer. */
export function int(value, width) {
  const wide = BigInt(value)
  return wide < 0n ? head(1, -1n - wide, width) : head(0, wide, width)
}

/** A text string. */
export function text(content, width) {
  const bytes = Buffer.from(content)
  return head(3, bytes.length, width) + bytes.toString('hex')
}

/** An integer as the JSON twin has it. */
export function integerTwin(value) {
  const wide = BigInt(value)
  return wide >= -(2n ** 53n) + 1n && wide <= 2n ** 53n - 1n ? Number(wide) : String(wide)
}

/** Hex without the spaces that make the sources readable. */
export const hex = (digits) => digits.replaceAll(' ', '')

/** The bytes of hex. */
export const length = (digits) => hex(digits).length / 2

/**
 * Starts a group of vectors about one part of a specification.
 *
 * @param group what its vectors have in common: message, source, section, requirements, options
 */
export function about({ message, source, section, requirements, options }) {
  const vectors = []
  const add = (id, description, input, expect, more = {}) => {
    const { options: own, ...rest } = more
    const all = own || options ? { options: { ...options, ...own } } : {}
    const common = requirements ? { source, section, requirements } : { source, section }
    vectors.push({ id, ...common, description, message, kind: 'computed', ...input, ...all, ...rest, expect })
  }
  return {
    vectors,
    /** CBOR to be accepted; `canonicalHex` is the input itself unless given, null for none, undefined for not asked. */
    accept(id, description, cbor, value, { violations, unknown, more, ...rest } = {}) {
      const canonicalHex = 'canonicalHex' in rest ? rest.canonicalHex && hex(rest.canonicalHex) : hex(cbor)
      const accept = {
        value,
        ...(violations && { violations: violations.map(([rule, path]) => ({ rule, path })) }),
        ...(unknown && { unknown: unknown.map(([key, item]) => ({ key, hex: hex(item) })) }),
        ...(canonicalHex !== undefined && { canonicalHex }),
      }
      add(id, description, { hex: hex(cbor) }, { accept }, more)
    },
    /** CBOR to be refused. */
    refuse(id, description, cbor, reason, offset, path, more) {
      add(
        id,
        description,
        { hex: hex(cbor) },
        { refuse: { reason, offset, ...(path !== undefined && { path }) } },
        more,
      )
    },
    /** JSON to be accepted. */
    acceptJson(id, description, json, value, { violations, canonicalHex, more } = {}) {
      const accept = {
        value,
        ...(violations && { violations: violations.map(([rule, path]) => ({ rule, path })) }),
        ...(canonicalHex !== undefined && { canonicalHex: canonicalHex && hex(canonicalHex) }),
      }
      add(id, description, { json }, { accept }, more)
    },
    /** JSON to be refused. */
    refuseJson(id, description, json, reason, path, more) {
      add(id, description, { json }, { refuse: { reason, path } }, more)
    },
    /** A form to be refused. */
    refuseForm(id, description, form, reason, path, more) {
      add(id, description, { form }, { refuse: { reason, path } }, more)
    },
  }
}

/** One item of each type that CBOR has, for what takes only some of them. */
export const items = {
  'unsigned integer': '01',
  'negative integer': '20',
  'byte string': '4101',
  'text string': '6161',
  array: '8101',
  map: 'a10101',
  tag: 'c11a514b67b0',
  bignum: 'c249010000000000000000',
  false: 'f4',
  true: 'f5',
  null: 'f6',
  undefined: 'f7',
  'unassigned simple value': 'f0',
  'simple value of two bytes': 'f8ff',
  'half-precision float': 'f93c00',
  'single-precision float': 'fa47c35000',
  'double-precision float': 'fb3ff199999999999a',
}

/** The part of an id that stands for some words. */
export const slug = (words) => words.replaceAll(/[^A-Za-z0-9_#]+/g, '-').replaceAll(/^-|-$/g, '')
