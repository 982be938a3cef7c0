import { readFile } from 'node:fs/promises'
import { opaqueFromText } from '../../table/types/opaque.ts'
import { wrongUsage } from '../exit.ts'
import { printable } from '../show/text.ts'

/** The longest secret, in bytes. */
const longest = 65_536

/** How secrets are given, for the help. */
export const secretSources =
  '@file, env:NAME, - for standard input; given as it is, others on this machine may see it'

/**
 * A secret, or a token: its bytes. A file or standard input may hold the bytes themselves, or a text that stands for them; a line break
 * at the end is none of it.
 *
 * @throws Exit 2 where it cannot be read, or is empty
 */
export async function readSecret(name: string, given: string): Promise<Uint8Array> {
  const secret = await bytesOf(name, given)
  if (secret.length === 0) wrongUsage(`${name} is empty`)
  if (secret.length > longest) wrongUsage(`${name} is larger than ${longest} bytes`)
  return secret
}

async function bytesOf(name: string, given: string): Promise<Uint8Array> {
  if (given === '-') return fromContent(await standardInput(name))
  if (given.startsWith('@')) {
    try {
      return fromContent(await readFile(given.slice(1)))
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      wrongUsage(`${name}: ${printable(code === 'EISDIR' ? `${given.slice(1)} is a folder` : message)}`)
    }
  }
  const variable = /^env:(.+)$/.exec(given)?.[1]
  if (variable === undefined) return opaqueFromText(given)
  return opaqueFromText(
    process.env[variable] ?? wrongUsage(`${name}: there is no ${printable(variable)} in the environment`),
  )
}

/** The bytes that a text stands for, or those that are no text. */
function fromContent(content: Uint8Array): Uint8Array {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content)
    const line = text.replace(/\r?\n$/, '')
    if (!/\p{Cc}/u.test(line)) return opaqueFromText(line)
  } catch {
    // Not UTF-8: the bytes are meant.
  }
  return new Uint8Array(content)
}

async function standardInput(name: string): Promise<Uint8Array> {
  if (process.stdin.isTTY) wrongUsage(`${name}: nothing is on standard input`)
  const parts: Buffer[] = []
  let size = 0
  for await (const part of process.stdin) {
    parts.push(part as Buffer)
    size += (part as Buffer).length
    if (size > longest) break
  }
  return Buffer.concat(parts)
}
