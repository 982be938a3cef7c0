// What the drivers in JavaScript share: the line protocol of ../../vectors/README.md, and JSON for bytes, texts and values.
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

/** The library does not have what it was asked for. */
export class Unsupported extends Error {}

export const fromHex = (digits) => Uint8Array.from(Buffer.from(digits, 'hex'))
export const toHex = (bytes) => Buffer.from(bytes).toString('hex')
export const fromBase64url = (text) => Uint8Array.from(Buffer.from(text, 'base64url'))
export const toBase64url = (bytes) => Buffer.from(bytes).toString('base64url')

/** A kid in JSON: the text that its bytes are, or ~ and their base64url. */
export function opaqueToText(bytes) {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    if (!/^~|\p{Cc}/u.test(text)) return text
  } catch {}
  return `~${toBase64url(bytes)}`
}

export function opaqueFromText(text) {
  return text.startsWith('~') ? fromBase64url(text.slice(1)) : new TextEncoder().encode(text)
}

/** A CBOR value in JSON, without loss. Of what has no words there, such as a tag, `untold`. */
export function valueToJson(value) {
  if (value === undefined) return { simple: 'undefined' }
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'bigint')
    return BigInt.asIntN(54, value) === value ? Number(value) : { integer: `${value}` }
  if (typeof value === 'number')
    return Object.is(value, -0) ? { float: '-0' } : Number.isFinite(value) ? value : { float: `${value}` }
  if (value instanceof Uint8Array) return { bytes: toBase64url(value) }
  if (Array.isArray(value)) return value.map(valueToJson)
  if (value instanceof Map)
    return { map: [...value].map(([key, member]) => [valueToJson(key), valueToJson(member)]) }
  throw untold
}

export const untold = new Error('a value that JSON has no words for')

export function valueFromJson(told) {
  if (Array.isArray(told)) return told.map(valueFromJson)
  if (typeof told !== 'object' || told === null) return told
  const [[name, content]] = Object.entries(told)
  if (name === 'integer') return BigInt(content)
  if (name === 'float') return Number(content)
  if (name === 'bytes') return fromBase64url(content)
  if (name === 'map')
    return new Map(content.map(([key, value]) => [valueFromJson(key), valueFromJson(value)]))
  if (name === 'simple' && content === 'undefined') return undefined
  throw new Unsupported(name)
}

/** What is read as one CBOR item, and written from one, by a library. */
export const itemOperations = (decode, encode) => ({
  decode: ({ message, hex }) => {
    if (message !== 'cbor') throw new Unsupported(message)
    const value = decode(fromHex(hex))
    try {
      return { value: valueToJson(value) }
    } catch (error) {
      if (error === untold) return {}
      throw error
    }
  },
  encode: ({ message, value }) => {
    if (message !== 'cbor') throw new Unsupported(message)
    return { hex: toHex(encode(valueFromJson(value))) }
  },
})

/** The version of an installed package. */
export function versionOf(name, from) {
  return JSON.parse(readFileSync(new URL(`./node_modules/${name}/package.json`, from), 'utf8')).version
}

/** Answers each request by the operation of its name, which gives the members of the answer, or throws. */
export async function serve(name, version, operations, inputs = ['hex']) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, op, ...request } = JSON.parse(line)
    let answer
    try {
      if (op === 'describe') answer = { name, version, inputs, deterministic: false }
      else if (request.options) throw new Unsupported('options')
      else if (!Object.hasOwn(operations, op)) throw new Unsupported(op)
      else answer = await operations[op](request)
      answer = { ok: true, ...answer }
    } catch (error) {
      // Whatever the library throws is its refusal.
      const reason = error instanceof Unsupported ? 'unsupported' : 'refused'
      answer = { ok: false, reason, message: String(error).slice(0, 300) }
    }
    console.log(JSON.stringify({ id, ...answer }))
  }
}
