import { createReadStream, statSync } from 'node:fs'
import { Exit, wrongUsage } from '../exit.ts'
import { printable } from '../show/text.ts'
import { type Encoding, fromBase64, fromBase64urlLines } from './encoding.ts'
import { fromHex, hexDigits } from './hex.ts'
import { fromHexDump } from './hex-dump.ts'
import { type Content, contentOf, type Notation } from './notation.ts'

/** The most that is read of a file or of standard input, in bytes. */
export const maxInputBytes: number = 1024 * 1024

/** Where the input comes from besides the argument, and how it is written. */
export interface InputOptions {
  readonly file?: string
  readonly in?: Encoding
}

/** Bytes from outside, and how they were written. */
export interface Bytes {
  readonly is: 'bytes'
  readonly bytes: Uint8Array
  /** Undefined for bytes as they are. */
  readonly notation: Notation | undefined
  /** The text that they were written as; undefined for bytes as they are. */
  readonly text: string | undefined
  /** The argument that they were given as, where it could be the name of a file as well. */
  readonly word: string | undefined
}

/** What the input holds. */
export type Input = Bytes | Exclude<Content, { is: 'bytes' } | { is: 'unreadable' }>

/**
 * What the input holds: that is the argument itself, the file that it names behind `@`, or standard input where there is no
 * argument or it is `-`.
 *
 * @throws Exit 2 for what is in no notation, 1 for what is too large
 */
export async function readInput(argument: string | undefined, options: InputOptions = {}): Promise<Input> {
  const raw = await readSource(argument, options.file)
  const word =
    argument !== undefined && /^[\w./-]+$/.test(argument) && argument !== '-' ? argument : undefined
  const asBytes = (bytes: Uint8Array, notation?: Notation, text?: string): Bytes => ({
    is: 'bytes',
    bytes,
    notation,
    text,
    word,
  })
  if (options.in === 'raw') return asBytes(raw)
  const text = textOf(raw)
  if (options.in !== undefined) {
    const found = text === undefined ? undefined : await readers[options.in](text)
    return found ? asBytes(found) : wrongUsage(`the input is not ${names[options.in]}${fileHint(word)}`)
  }
  if (text === undefined) return asBytes(raw)
  const content = await contentOf(text)
  if (content.is === 'unreadable') wrongUsage(`${content.why}${fileHint(word)}`)
  return content.is === 'bytes' ? asBytes(content.bytes, content.notation, text) : content
}

/**
 * The bytes of a message, or of anything else that the command reads as CBOR.
 *
 * @throws Exit 1 for a JWT, JSON or PEM: it names the command that reads them
 */
export async function readCbor(argument: string | undefined, options: InputOptions = {}): Promise<Bytes> {
  const input = await readInput(argument, options)
  if (input.is === 'bytes') return input
  throw new Exit(1, elsewhere[input.is])
}

/** A token: the text of a JWT, or the bytes of any other. */
export async function readToken(
  argument: string | undefined,
  options: InputOptions = {},
): Promise<Bytes | string> {
  const input = await readInput(argument, options)
  if (input.is === 'jwt') return input.text
  if (input.is === 'bytes') return input
  throw new Exit(1, input.is === 'json' ? `this is JSON, not a token${claimsHint}` : elsewhere[input.is])
}

const claimsHint =
  ': ace-oauth token sign makes a token from claims in JSON, decode shows the token in a response'

/** A key: the JSON of a JWK or a JWK Set, the text of a PEM file, or the bytes of a COSE_Key. */
export async function readKeyMaterial(
  argument: string | undefined,
  file?: string,
): Promise<Exclude<Input, { is: 'jwt' }>> {
  const input = await readInput(argument, file === undefined ? {} : { file })
  if (input.is === 'jwt') throw new Exit(1, elsewhere.jwt)
  return input
}

const elsewhere: Readonly<Record<Exclude<Input['is'], 'bytes'>, string>> = {
  jwt: 'this is a JWT: ace-oauth token inspect shows it',
  json: 'this is JSON: ace-oauth encode writes a message from it, token sign a token from its claims',
  pem: 'this is PEM: ace-oauth key convert reads a key in PEM',
}

/** What to say of bytes that were refused: the notation that they were taken for, and that a word may be the name of a file. */
export function notationRemark({ notation, word }: Bytes): string {
  if (notation === undefined || notation === 'hex' || notation === 'a hex dump') return ''
  const isWord = word !== undefined && (notation === 'base64' || notation === 'base64url')
  return `the input was taken for ${notation}${isWord ? fileHint(word) : ''}`
}

/** The JSON of the input. */
export async function readJson(argument: string | undefined, options: InputOptions = {}): Promise<unknown> {
  const text = textOf(await readSource(argument, options.file))
  if (text === undefined) throw new Exit(1, 'the input is not JSON: it is not UTF-8')
  try {
    return JSON.parse(text)
  } catch (error) {
    const word = argument !== undefined && !/^[-@{[]/.test(argument) ? argument : undefined
    throw new Exit(1, `the input is not JSON: ${printable((error as Error).message)}${fileHint(word)}`)
  }
}

/** What to tell who may have given the name of a file for the input itself. */
export function fileHint(word: string | undefined): string {
  if (word === undefined) return ''
  return isFile(word)
    ? `; there is a file of that name: give it as @${printable(word)}`
    : '; a file is named with @ before its name'
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}

const names: Readonly<Record<Encoding, string>> = {
  hex: 'hex',
  base64: 'base64',
  base64url: 'base64url',
  diag: 'diagnostic notation',
  raw: 'bytes',
}

const readers: Readonly<Record<Exclude<Encoding, 'raw'>, (text: string) => Promise<Uint8Array | undefined>>> =
  {
    hex: async (text) => fromHexDump(text)?.bytes ?? fromHex(hexDigits(text) ?? 'not hex'),
    base64: async (text) => fromBase64(text),
    base64url: async (text) => fromBase64urlLines(text),
    diag: async (text) => {
      const { fromDiagnosticNotation } = await import('./diagnostic-notation.ts')
      try {
        return fromDiagnosticNotation(text)
      } catch (error) {
        wrongUsage(`the input is not diagnostic notation: ${(error as Error).message}`)
      }
    },
  }

async function readSource(argument: string | undefined, file: string | undefined): Promise<Uint8Array> {
  if (file !== undefined) {
    if (argument !== undefined) wrongUsage('an input and --file: give one of them')
    return readFile(file)
  }
  if (argument === undefined && process.stdin.isTTY)
    wrongUsage('no input: give it as an argument, with --file, or on standard input')
  if (argument === undefined || argument === '-') return collect(process.stdin)
  return argument.startsWith('@') ? readFile(argument.slice(1)) : new TextEncoder().encode(argument)
}

async function readFile(path: string): Promise<Uint8Array> {
  try {
    return await collect(createReadStream(path))
  } catch (error) {
    if (error instanceof Exit) throw error
    const { code, message } = error as NodeJS.ErrnoException
    wrongUsage(printable(code === 'EISDIR' ? `${path} is a folder` : message))
  }
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of stream) {
    size += part.length
    if (size > maxInputBytes) throw new Exit(1, `the input is larger than ${maxInputBytes} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/** Whether bytes are ASCII in UTF-16 without a byte order mark: every other one is 0. No CBOR of more than an item is. */
function isAsciiInUtf16(content: Uint8Array, first: 0 | 1): boolean {
  return (
    content.length > 3 &&
    content.length % 2 === 0 &&
    content.every((byte, i) => (i % 2 === first ? byte > 0 && byte < 0x80 : byte === 0))
  )
}

/** The text that bytes are, UTF-8 or UTF-16; undefined where they are neither. */
function textOf(content: Uint8Array): string | undefined {
  const [first, second] = content
  const encoding =
    (first === 0xff && second === 0xfe) || isAsciiInUtf16(content, 0)
      ? 'utf-16le'
      : (first === 0xfe && second === 0xff) || isAsciiInUtf16(content, 1)
        ? 'utf-16be'
        : 'utf-8'
  if (encoding !== 'utf-8' && content.length % 2 !== 0) return undefined
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(content)
  } catch {
    return undefined
  }
}
