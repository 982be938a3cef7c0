import { RegistrationError } from '../registration/fields.ts'
import { type Line, linesOf } from './lines.ts'
import type { AreStored, SecretsFile } from './secrets-file.ts'

/** How many rows one transaction stores. */
const batchSize = 500
/** How many rows with a slow hash: some seconds of work, which are lost where the run breaks off. */
const slowBatchSize = 50

/** A row to be stored, and the secrets that were made for it. */
export interface Prepared<Row> {
  readonly row: Row
  readonly secrets: object | undefined
}

/** What is imported, and how. */
export interface ImportKind<Item, Row> {
  /** Reads a line. Throws a RegistrationError where it is wrong. */
  readonly read: (json: unknown) => Item | Promise<Item>
  readonly nameOf: (item: Item) => string
  /** Whether the item has a secret whose hash is slow. */
  readonly isSlow: (item: Item) => boolean
  /** What is stored under some names. */
  readonly find: (names: readonly string[]) => Promise<ReadonlyMap<string, Row>>
  /** How the item differs from what is stored under its name; undefined where it says the same. */
  readonly difference: (item: Item, row: Row) => Promise<string | undefined>
  /** The row to be stored. Throws a RegistrationError where there is none. */
  readonly prepare: (item: Item) => Promise<Prepared<Row>>
  /** Stores rows in one transaction. Gives the names of those whose names are taken. */
  readonly add: (rows: readonly Row[]) => Promise<readonly string[]>
  /** Which of the secrets that an earlier run left are those of stored rows. */
  readonly areStored: AreStored
}

/** How an import is run. */
export interface ImportOptions {
  readonly source: AsyncIterable<Uint8Array>
  readonly isDryRun: boolean
  /** Where secrets go that are made. */
  readonly secrets: SecretsFile | undefined
  readonly onBadLine: (line: number, reason: string) => void | Promise<void>
  /** Is told of the first line whose hash is slow. */
  readonly onSlow: (line: number) => void
  /** Is told after each batch how much was read. */
  readonly onProgress: (counts: ImportCounts, bytes: number) => void
  /** Ends the run between two batches. */
  readonly signal: AbortSignal
}

/** What came of an import. */
export interface ImportCounts {
  /** Lines that were read, but for blank ones. */
  readonly lines: number
  readonly added: number
  /** Those that are stored as the file says. */
  readonly unchanged: number
  readonly refused: number
}

interface Pending<Item> {
  readonly line: number
  readonly item: Item
}

/** The work was told to end. */
export class ImportStopped extends Error {
  override readonly name = 'ImportStopped'
}

/**
 * Imports what the lines of a file tell, batch by batch. What is stored already stays as it is, so that a run which broke off goes on where it was.
 * Wrong lines are named, and the others are taken.
 *
 * @throws ImportStopped when it is told to end; what was stored stays
 */
export async function runImport<Item, Row>(
  kind: ImportKind<Item, Row>,
  { source, isDryRun, secrets, onBadLine, onSlow, onProgress, signal }: ImportOptions,
): Promise<void> {
  const counts = { lines: 0, added: 0, unchanged: 0, refused: 0 }
  let batch = new Map<string, Pending<Item>>()
  let slow = 0
  const refuse = async (line: number, reason: string): Promise<void> => {
    counts.refused++
    await onBadLine(line, reason)
  }
  /** Compares with what is stored under the names: gives what is not there. */
  const unknown = async (pending: readonly Pending<Item>[]): Promise<Pending<Item>[]> => {
    const stored = await kind.find(pending.map(({ item }) => kind.nameOf(item)))
    const fresh: Pending<Item>[] = []
    for (const each of pending) {
      const row = stored.get(kind.nameOf(each.item))
      if (!row) {
        fresh.push(each)
        continue
      }
      requireGoing(signal)
      const difference = await kind.difference(each.item, row)
      if (difference === undefined) counts.unchanged++
      else await refuse(each.line, difference)
    }
    return fresh
  }
  const store = async (fresh: readonly Pending<Item>[]): Promise<void> => {
    const prepared = await inParallel(fresh, signal, async (each) => {
      try {
        return { ...each, ...(await kind.prepare(each.item)) }
      } catch (error) {
        if (!(error instanceof RegistrationError)) throw error
        await refuse(each.line, error.message)
        return undefined
      }
    })
    const good = prepared.filter((each) => each !== undefined)
    if (good.length === 0) return
    if (isDryRun) {
      counts.added += good.length
      return
    }
    const made = good.filter((each) => each.secrets !== undefined)
    // Before the rows: whoever is stored has a secret that somebody knows.
    if (made.length > 0) await secrets!.stage(made.map((each) => each.secrets!))
    const taken = new Set(await kind.add(good.map(({ row }) => row)))
    const isAdded = ({ item }: Pending<Item>): boolean => !taken.has(kind.nameOf(item))
    if (made.length > 0) await secrets!.confirm(made.filter(isAdded).map((each) => each.secrets!))
    counts.added += good.length - taken.size
    if (taken.size === 0) return
    // Somebody else was first, or the name is that of something else.
    for (const { line } of await unknown(good.filter((each) => !isAdded(each))))
      await refuse(line, 'its name, or its channel identity, is that of another client or resource server')
  }
  const flush = async (offset: number): Promise<void> => {
    const pending = [...batch.values()]
    batch = new Map()
    slow = 0
    requireGoing(signal)
    if (pending.length > 0) await store(await unknown(pending))
    onProgress(counts, offset)
  }

  let offset = 0
  let isSlowTold = false
  for await (const line of linesOf(source)) {
    offset = line.offset
    if (line.text === '') continue
    counts.lines++
    const item = await itemOf(kind, line, refuse)
    if (item === undefined) continue
    // A name that comes again is compared with what was stored of it.
    if (batch.has(kind.nameOf(item))) await flush(offset)
    batch.set(kind.nameOf(item), { line: line.number, item })
    if (kind.isSlow(item)) {
      slow++
      if (!isSlowTold) onSlow(line.number)
      isSlowTold = true
    }
    if (batch.size >= batchSize || slow >= slowBatchSize) await flush(offset)
  }
  await flush(offset)
}

async function itemOf<Item, Row>(
  kind: ImportKind<Item, Row>,
  { number, text, problem }: Line,
  refuse: (line: number, reason: string) => Promise<void>,
): Promise<Item | undefined> {
  if (text === undefined) {
    await refuse(number, problem!)
    return undefined
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    await refuse(number, 'it is no JSON: expected one object on each line')
    return undefined
  }
  try {
    return await kind.read(json)
  } catch (error) {
    if (!(error instanceof RegistrationError)) throw error
    await refuse(number, error.message)
    return undefined
  }
}

function requireGoing(signal: AbortSignal): void {
  if (signal.aborted) throw new ImportStopped('stopped')
}

/** How many slow hashes run at once: as many as Node has threads for them. */
const atOnce = 4

async function inParallel<Item, Result>(
  items: readonly Item[],
  signal: AbortSignal,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  for (let i = 0; i < items.length; i += atOnce) {
    requireGoing(signal)
    results.push(...(await Promise.all(items.slice(i, i + atOnce).map(work))))
  }
  return results
}
