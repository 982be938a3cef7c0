// What this library and another make of the same generated input: each way round, and damaged.
import {
  claimsFrom,
  damaged,
  keyFrom,
  keyPool,
  keysFor,
  messageFrom,
  publicOf,
  randomFrom,
  valueFrom,
} from './generate.mjs'
import { CodecFault, libraryImplementation, protectCose, TokenKey, valueToJson } from './library.mjs'

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
 *   { kind, way: 'ours-theirs' | 'theirs-ours' | 'damaged', what, hex, ours, theirs }
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

function subjectsOf({ messages = [], keys, algorithms = [], cbor, crvs = ['P-256', 'P-384', 'Ed25519'] }) {
  const popKeys = pool.filter(({ kty }) => kty === 'EC')
  return [
    ...messages.map((message) => valueSubject(message, (random) => messageFrom(random, message, popKeys))),
    ...(keys ? [valueSubject('cose-key', (random) => keyFrom(random, pool, crvs))] : []),
    ...(cbor ? [valueSubject('cbor', (random) => valueToJson(valueFrom(random)))] : []),
    ...algorithms.map(tokenSubject),
  ]
}

/** What is written from JSON and read to JSON. */
function valueSubject(message, make) {
  return {
    kind: message,
    make,
    write: async (value) => libraryImplementation.encode(message, value, {}),
    askWrite: (codec, value) => codec.encode(message, value, {}),
    read: async (hex) => libraryImplementation.decode(message, { hex }, {}),
    askRead: (codec, hex) => codec.decode(message, { hex }, {}),
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
    read: async (hex, { key, externalAad }) =>
      libraryImplementation.decode('cose', { hex }, { keys: [openingKey(key)], externalAad }),
    askRead: (codec, hex, { key, externalAad }) =>
      codec.decode('cose', { hex }, { keys: [openingKey(key)], externalAad }),
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
  const { kind, write, askWrite, read, askRead, wanted } = subject
  const value = wanted(made)
  const told = (way, hex, ours, theirs) => ({ kind, way, what: JSON.stringify(value), hex, ours, theirs })
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
    const answer = await ask(() => askRead(codec, ours.hex, made))
    if (answer.reason !== 'unsupported')
      found(
        answer.ok && sameValue(answer.value, value)
          ? undefined
          : told('ours-theirs', ours.hex, value, shown(answer)),
      )
    const bad = damaged(random, ours.hex)
    const [one, other] = [await read(bad, made), await ask(() => askRead(codec, bad, made))]
    if (other.reason !== 'unsupported' && one.reason !== 'unsupported') {
      const isSame =
        one.ok === other.ok &&
        (!one.ok || one.value === undefined || other.value === undefined || sameValue(one.value, other.value))
      found(isSame ? undefined : told('damaged', bad, shown(one), shown(other)))
    }
  }
  const theirs = await ask(() => askWrite(codec, made))
  if (theirs.reason === 'unsupported') return
  if (!theirs.ok) return found(told('theirs-ours', '', value, shown(theirs)))
  const again = await read(theirs.hex, made)
  found(
    again.ok && sameValue(again.value, value)
      ? undefined
      : told('theirs-ours', theirs.hex, shown(again), value),
  )
}

/** What of an answer is told: its value, or why there is none. */
function shown({ ok, value, reason, message }) {
  return ok ? { value } : { reason, message }
}

/** Whether two values in JSON are the same, with members in any order and the keys of CBOR maps too. */
export function sameValue(one, other) {
  return ordered(one) === ordered(other)
}

function ordered(value) {
  if (Array.isArray(value)) return `[${value.map(ordered).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const { map } = value
  if (Array.isArray(map) && Object.keys(value).length === 1)
    return `map{${map
      .map(([key, member]) => `${ordered(key)}:${ordered(member)}`)
      .sort()
      .join()}}`
  return `{${Object.keys(value)
    .sort()
    .map((name) => `${name}:${ordered(value[name])}`)
    .join()}}`
}
