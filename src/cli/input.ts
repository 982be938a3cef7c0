import { createReadStream } from 'node:fs'
import { fromBase64url } from '../table/base64url.ts'
import { type Encoding, fromBase64, fromHex, hexDigits, isHexDigits } from './encoding.ts'
import { Exit, wrongUsage } from './exit.ts'
import { printable } from './text.ts'

/** The most that is read of a file or of standard input, in bytes. */
export const maxInputBytes: number = 1024 * 1024

/** Where the input comes from besides the argument, and how it is written. */
export interface InputOptions {
  readonly file?: string
  readonly in?: Encoding
}

/**
 * The bytes of the input: the argument itself, the file that it names behind `@`, or standard input where there is
 * none or it is `-`.
 */
export async function readBytes(
  argument: string | undefined,
  options: InputOptions = {},
): Promise<Uint8Array> {
  return toBytes(await readInput(argument, options.file), options, argument)
}

/** A token: the text of a JWT, or the bytes of any other. */
export async function readToken(
  argument: string | undefined,
  options: InputOptions = {},
): Promise<Uint8Array | string> {
  const content = await readInput(argument, options.file)
  const text = asText(content)?.trim()
  return text !== undefined && /^[\w-]+(\.[\w-]*){2,4}$/.test(text)
    ? text
    : toBytes(content, options, argument)
}

/** A key: the JSON of a JWK or a JWK Set, or bytes. */
export async function readKeyMaterial(argument: string | undefined, file?: string): Promise<unknown> {
  const content = await readInput(argument, file)
  const text = asText(content)
  return text?.trimStart().startsWith('{') ? parseJson(text, argument) : toBytes(content, {}, argument)
}

function toBytes(content: Uint8Array, options: InputOptions, argument: string | undefined): Uint8Array {
  if (options.in === 'raw') return content
  const text = asText(content)
  if (text === undefined) {
    if (options.in) wrongUsage(`the input is not ${options.in}`)
    return content
  }
  const bytes = options.in ? readers[options.in](text) : guessed(text)
  return (
    bytes ?? wrongUsage(`the input is not ${options.in ?? 'hex, base64 or base64url'}${fileHint(argument)}`)
  )
}

/** The JSON of the input, from where {@link readBytes} takes its bytes. */
export async function readJson(argument: string | undefined, options: InputOptions = {}): Promise<unknown> {
  const text = asText(await readInput(argument, options.file))
  if (text === undefined) throw new Exit(1, 'the input is not JSON: it is not UTF-8')
  return parseJson(text, argument)
}

function parseJson(text: string, argument: string | undefined): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Exit(1, `the input is not JSON: ${printable((error as Error).message)}${fileHint(argument)}`)
  }
}

/** What to tell who may have given the name of a file for the input itself. */
function fileHint(argument: string | undefined): string {
  return argument === undefined || /^[-@{]/.test(argument) ? '' : '; a file is named with @ before its name'
}

const readers: Readonly<Record<Exclude<Encoding, 'raw'>, (text: string) => Uint8Array | undefined>> = {
  hex: (text) => fromHex(hexDigits(text)),
  base64: fromBase64,
  base64url: (text) => fromBase64url(text.replaceAll(/[\s=]/g, '')),
}

function guessed(text: string): Uint8Array | undefined {
  const digits = hexDigits(text)
  if (!isHexDigits(digits)) return readers.base64(text) ?? readers.base64url(text)
  return fromHex(digits) ?? wrongUsage('the input has an odd number of hex digits')
}

async function readInput(argument: string | undefined, file: string | undefined): Promise<Uint8Array> {
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
    wrongUsage(printable((error as Error).message))
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

function asText(content: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content)
  } catch {
    return undefined
  }
}
