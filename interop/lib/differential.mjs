// What this library and another make of the same generated input: each way round, and damaged.
import {
  claimsFrom,
  damaged,
  damagedJson,
  jsonMessageFrom,
  keyFrom,
  keyPool,
  keysFor,
  messageFrom,
  publicOf,
  randomFrom,
  valueFrom,
} from './generate.mjs'
import { CodecFault, libraryImplementation, protectCose, TokenKey, valueToJson } from './library.mjs'
import { sameValue } from './same-value.mjs'

const hexOf = (bytes) => Buffer.from(bytes).toString('hex')
const pool = await keyPool(randomFrom(9052))
const tokenKeys = new Map()

/** How many questions are on their way at once. */
const atOnce = 32

/**
 * @param implementation a manifest
 * @param codec its codecImplementation
 * @param count how many messages, keys, tokens and values in all
 * @returns how many answers were compared, and the differences:
 *   { kind, way: 'ours-theirs' | 'theirs-ours' | 'damaged', what, input, ours, theirs }: what was meant as JSON, what was read as
 *   { hex }, { json } or { form }, and what each made of it, as an answer of the protocol
 */
export async function differential({ can }, codec, count, seed = 9200) {
  const random = randomFrom(seed)
  const subjects = subjectsOf(can)
  if (subjects.length === 0) return { compared: 0, differences: [] }
  const differences = []
  let compared = 0
  const found = (difference) => {
    compared++
    if (difference) differences.push(difference)
  }
  const running = new Set()
  for (let i = 0; i < count; i++) {
    const subject = subjects[i % subjects.length]
    const made = subject.make(random)
    const damage = randomFrom(random.below(2 ** 31))
    const task = compare(subject, made, damage, codec, found).finally(() => running.delete(task))
    running.add(task)
    if (running.size >= atOnce) await Promise.race(running)
  }
  await Promise.all(running)
  return { compared, differences }
}

function subjectsOf({
  messages = [],
  keys,
  algorithms = [],
  cbor,
  crvs = ['P-256', 'P-384', 'Ed25519'],
  json = [],
  forms = [],
}) {
  const popKeys = pool.filter(({ kty }) => kty === 'EC')
  return [
    ...messages.map((message) => valueSubject(message, (random) => messageFrom(random, message, popKeys))),
    ...(keys ? [valueSubject('cose-key', (random) => keyFrom(random, pool, crvs))] : []),
    ...(cbor ? [valueSubject('cbor', (random) => valueToJson(valueFrom(random)))] : []),
    ...algorithms.map(tokenSubject),
    ...json.map((message) => textSubject(message, 'json')),
    ...forms.map((message) => textSubject(message, 'form')),
  ]
}

const damagedBytes = (random, { hex }) => ({ hex: damaged(random, hex) })

/** What is written from JSON and read to JSON. */
function valueSubject(message, make) {
  return {
    kind: message,
    make,
    write: async (value) => libraryImplementation.encode(message, value, {}),
    askWrite: (codec, value) => codec.encode(message, value, {}),
    read: async (input) => libraryImplementation.decode(message, input, {}),
    askRead: (codec, input) => codec.decode(message, input, {}),
    damage: damagedBytes,
    wanted: (value) => value,
  }
}

/** What is text: JSON both ways, and the form of a request, which clients only write. */
function textSubject(message, encoding) {
  const isForm = encoding === 'form'
  return {
    kind: message,
    make: (random) => jsonMessageFrom(random, message),
    write: async (value) => {
      if (isForm) return { ok: false, reason: 'unsupported' }
      const { ok, value: json } = libraryImplementation.decode(message, { json: value }, {})
      return { ok, json }
    },
    askWrite: (codec, value) => codec.ask({ op: 'write', message, value }),
    read: async (input) => libraryImplementation.decode(message, input, {}),
    askRead: (codec, input) => codec.decode(message, input, {}),
    damage: (random, { json }) => ({ json: damagedJson(random, json) }),
    wanted: (value) => value,
  }
}

/** What is protected with a key and opened with it. */
function tokenSubject(alg) {
  const structure = /^E/.test(alg) ? 'sign1' : /^HMAC/.test(alg) ? 'mac0' : 'encrypt0'
  const keys = keysFor(pool, alg)
  return {
    kind: `cose ${alg}`,
    make: (random) => {
      const key = random.pick(keys)
      const payload = libraryImplementation.encode('cbor', valueToJson(claimsFrom(random)), {}).hex
      return { key, payload, externalAad: random.chance(3) ? hexOf(random.bytes(8)) : '' }
    },
    write: async ({ key, payload, externalAad }) => {
      const external = Buffer.from(externalAad, 'hex')
      return {
        ok: true,
        hex: hexOf(
          await protectCose(Buffer.from(payload, 'hex'), await tokenKey(key), { alg, externalAad: external }),
        ),
      }
    },
    askWrite: (codec, { key, payload, externalAad }) =>
      codec.ask({ op: 'cose-protect', alg, key, payload, externalAad }),
    read: async (input, { key, externalAad }) =>
      libraryImplementation.decode('cose', input, { keys: [openingKey(key)], externalAad }),
    askRead: (codec, input, { key, externalAad }) =>
      codec.decode('cose', input, { keys: [openingKey(key)], externalAad }),
    damage: damagedBytes,
    wanted: ({ payload }) => ({ structure, alg, payload }),
  }
}

const openingKey = (key) => (key.kty === 'oct' ? key : publicOf(key))

async function tokenKey(jwk) {
  let key = tokenKeys.get(jwk)
  if (!key) {
    key = await TokenKey.fromJwk(jwk)
    tokenKeys.set(jwk, key)
  }
  return key
}

async function compare(subject, made, random, codec, found) {
  const { kind, write, askWrite, read, askRead, damage, wanted } = subject
  const value = wanted(made)
  const told = (way, input, ours, theirs) => ({
    kind,
    way,
    what: JSON.stringify(value),
    input,
    ours: shown(ours),
    theirs: shown(theirs),
  })
  const isWanted = (answer) => answer.ok && sameValue(answer.value, value)
  const ask = async (question) => {
    try {
      return await question()
    } catch (error) {
      if (error instanceof CodecFault) return { ok: false, reason: 'fault', message: error.message }
      throw error
    }
  }
  const ours = await write(made)
  if (ours.ok) {
    const input = inputOf(ours)
    const answer = await ask(() => askRead(codec, input, made))
    if (answer.reason !== 'unsupported')
      found(isWanted(answer) ? undefined : told('ours-theirs', input, { ok: true, value }, answer))
    const bad = damage(random, input)
    const [one, other] = [await read(bad, made), await ask(() => askRead(codec, bad, made))]
    if (other.reason !== 'unsupported' && one.reason !== 'unsupported') {
      const isSame =
        one.ok === other.ok &&
        (!one.ok || one.value === undefined || other.value === undefined || sameValue(one.value, other.value))
      found(isSame ? undefined : told('damaged', bad, one, other))
    }
  } else if (ours.reason !== 'unsupported') found(told('ours-theirs', {}, ours, { ok: true, value }))
  const theirs = await ask(() => askWrite(codec, made))
  if (theirs.reason === 'unsupported') return
  if (!theirs.ok) return found(told('theirs-ours', {}, { ok: true, value }, theirs))
  const input = inputOf(theirs)
  const again = await read(input, made)
  found(isWanted(again) ? undefined : told('theirs-ours', input, again, { ok: true, value }))
}

/** What was written, as it is read. */
function inputOf({ hex, json, form }) {
  if (hex !== undefined) return { hex }
  return form === undefined ? { json } : { form }
}

/** What of an answer is told: its value, or why there is none. */
function shown({ ok, value, reason, path, message }) {
  return ok ? { ok, value } : { ok, reason, path, message }
}
