import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { escaped, quoted } from '../../text.ts'
import { CommandError } from '../output.ts'

/** Which of some secrets are those of rows that are stored. */
export type AreStored = (secrets: readonly unknown[]) => Promise<readonly boolean[]>

/**
 * The file that new secrets are written to, one line of JSON each, readable for its owner alone.
 *
 * Secrets are first written durably to a second file beside it, then their rows are stored, then they are appended to the file. So the file
 * holds secrets of stored rows alone, and none of them is lost where the run breaks off: what the second file then holds is taken over when
 * the file is used again.
 */
export class SecretsFile {
  readonly #path: string
  readonly #pendingPath: string
  readonly #file: FileHandle
  readonly #pending: FileHandle
  #isPending = false

  private constructor(path: string, pendingPath: string, file: FileHandle, pending: FileHandle) {
    this.#path = path
    this.#pendingPath = pendingPath
    this.#file = file
    this.#pending = pending
  }

  /**
   * Opens the file, which is made where there is none, and takes over what a run that broke off left.
   *
   * @param storeLocation where the rows are stored: what was left for another store is not touched
   * @throws CommandError for a file that others may read, or that cannot be written to
   */
  static async open(path: string, storeLocation: string, areStored: AreStored): Promise<SecretsFile> {
    const store = createHash('sha256').update(resolve(storeLocation)).digest('hex').slice(0, 8)
    const pendingPath = `${path}.${store}.pending`
    const file = await openOwn(path, constants.O_APPEND)
    try {
      const pending = await openOwn(pendingPath, 0)
      const secrets = new SecretsFile(path, pendingPath, file, pending)
      try {
        await syncFolder(path)
        await secrets.#recover(areStored)
        return secrets
      } catch (error) {
        await pending.close()
        throw error
      }
    } catch (error) {
      await file.close()
      throw error
    }
  }

  /** Writes secrets durably whose rows are about to be stored. */
  async stage(secrets: readonly object[]): Promise<void> {
    this.#isPending = true
    await this.#told(async () => {
      await writeAt(this.#pending, linesOf(secrets), 0)
      await this.#pending.sync()
    })
  }

  /** Keeps those of the secrets whose rows were stored. */
  async confirm(secrets: readonly object[]): Promise<void> {
    await this.#told(async () => {
      await this.#append(linesOf(secrets))
      await this.#pending.truncate(0)
    })
    this.#isPending = false
  }

  /** Closes the file. What was not confirmed is kept beside it. */
  async close(): Promise<void> {
    await this.#file.close()
    await this.#pending.close()
    if (!this.#isPending) await rm(this.#pendingPath, { force: true })
  }

  async #append(text: string): Promise<void> {
    await this.#file.appendFile(text)
    await this.#file.sync()
  }

  async #told(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (cause) {
      throw new CommandError(1, `--secrets-out ${quoted(this.#path)}: ${escaped((cause as Error).message)}`)
    }
  }

  async #recover(areStored: AreStored): Promise<void> {
    const left = await this.#pending.readFile('utf8')
    if (left === '') return
    // The last line may have been cut off: its rows were not stored yet.
    const lines = left.split('\n').slice(0, -1)
    const stored = await areStored(lines.map((line) => parsed(line)))
    const tail = await this.#tail(Buffer.byteLength(left))
    const missing = lines.filter((line, i) => stored[i] && !tail.includes(line))
    if (missing.length > 0) await this.#append(missing.map((line) => `${line}\n`).join(''))
    await this.#pending.truncate(0)
  }

  /** The last lines of the file, behind which half a line is taken away. */
  async #tail(length: number): Promise<string[]> {
    const { size } = await this.#file.stat()
    const bytes = Buffer.alloc(Math.min(size, length))
    await this.#file.read(bytes, 0, bytes.length, size - bytes.length)
    const end = bytes.lastIndexOf('\n') + 1
    if (end < bytes.length) await this.#file.truncate(size - bytes.length + end)
    return bytes.subarray(0, end).toString('utf8').split('\n')
  }
}

/** Opens a file to read and to write, which nobody else may read. */
async function openOwn(path: string, flags: number): Promise<FileHandle> {
  let file: FileHandle
  try {
    file = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW | flags, 0o600)
  } catch (cause) {
    throw new CommandError(2, `--secrets-out ${quoted(path)}: ${escaped((cause as Error).message)}`)
  }
  const found = await file.stat()
  const problem = !found.isFile()
    ? 'it is no file'
    : (found.mode & 0o077) !== 0
      ? 'others may read it: chmod 600 it first'
      : undefined
  if (problem === undefined) return file
  await file.close()
  throw new CommandError(2, `--secrets-out ${quoted(path)}: ${problem}`)
}

async function writeAt(file: FileHandle, text: string, start: number): Promise<void> {
  const bytes = Buffer.from(text)
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, start + written)
    written += bytesWritten
  }
}

function linesOf(secrets: readonly object[]): string {
  return secrets.map((secret) => `${JSON.stringify(secret)}\n`).join('')
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** Makes sure that the names of new files survive the loss of power. */
async function syncFolder(path: string): Promise<void> {
  // Not every system lets a folder be opened.
  const folder = await open(dirname(path), 'r').catch(() => undefined)
  await folder?.sync().catch(() => {})
  await folder?.close()
}
