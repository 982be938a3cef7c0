import { open } from 'node:fs/promises'
import { Exit } from './exit.ts'
import { print } from './show/output.ts'
import { printable } from './show/text.ts'

/**
 * Writes the result of a command to standard output, or into a new file that only its owner may read: a key or a token is nobody
 * else's business.
 *
 * @throws Exit 1 where there is a file of that name already, or none can be written
 */
export async function deliver(result: string | Uint8Array, path: string | undefined): Promise<void> {
  if (path === undefined) return print(result)
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      await file.writeFile(result)
      await file.sync()
    } finally {
      await file.close()
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new Exit(
      1,
      code === 'EEXIST' ? `${printable(path)} is there already: it is not overwritten` : printable(message),
    )
  }
}
