import { type Guess, guessMessage } from './guess.ts'
import { defaultAceErrorKey, type MessageName } from './message-names.ts'
import { type MessageKind, messageKind, type ReadMessage } from './messages.ts'
import type { Style } from './show/output.ts'

/** How to read a message. */
export interface ReadOptions {
  /** Which it is; guessed where it is absent. */
  readonly message?: MessageName
  readonly strict?: boolean
  readonly deterministic?: boolean
  readonly aceErrorKey?: number
}

/** Which message bytes are. */
export interface Identified {
  readonly kind: MessageKind
  /** Absent where it was said. */
  readonly guess?: Guess
}

/** Tells which message bytes are to be read as. @throws DecodeError where that has to be guessed and cannot be */
export function identify(bytes: Uint8Array, options: ReadOptions): Identified {
  const { message, aceErrorKey = defaultAceErrorKey } = options
  if (message) return { kind: messageKind(message, aceErrorKey) }
  const guess = guessMessage(bytes, aceErrorKey)
  return { kind: messageKind(guess.name, aceErrorKey), guess }
}

/** Reads the message. @throws DecodeError for what is none */
export function readAs({ kind }: Identified, bytes: Uint8Array, options: ReadOptions): ReadMessage {
  const { strict = false, deterministic = false } = options
  return kind.fromCbor(bytes, { strict, deterministic })
}

/** The line that says which message it is, and how that is known. */
export function renderKind({ kind, guess }: Identified, style: Style): string {
  const head = `${style.bold(kind.title)}, ${kind.section}`
  if (!guess) return `${head}\n`
  const others =
    guess.others.length > 0 ? `; it could be ${guess.others.join(' or ')}, --message says which` : ''
  return `${head} ${style.dim(`(guessed: ${guess.because}${others})`)}\n`
}
