import type { WriteStream } from 'node:tty'

/** What marks text on a terminal; elsewhere it changes nothing. */
export interface Style {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly red: (text: string) => string
  readonly green: (text: string) => string
  readonly yellow: (text: string) => string
  readonly cyan: (text: string) => string
}

/** The style for a stream: colours on a terminal that has them and a user who wants them (NO_COLOR), none otherwise. */
export function styleFor(stream: NodeJS.WriteStream): Style {
  const isColoured = stream.isTTY && (stream as WriteStream).hasColors() && !process.env['NO_COLOR']
  const sgr = (on: number, off: number) => (text: string) =>
    isColoured ? `\x1b[${on}m${text}\x1b[${off}m` : text
  return {
    bold: sgr(1, 22),
    dim: sgr(2, 22),
    red: sgr(31, 39),
    green: sgr(32, 39),
    yellow: sgr(33, 39),
    cyan: sgr(36, 39),
  }
}

/** The style that marks nothing. */
export const plainStyle: Style = {
  bold: String,
  dim: String,
  red: String,
  green: String,
  yellow: String,
  cyan: String,
}

/** Writes the result of a command. */
export function print(text: string | Uint8Array): void {
  process.stdout.write(text)
}

/** Writes what is beside the result: a refusal, a remark. */
export function remark(text: string): void {
  process.stderr.write(text)
}

/** Lets a reader of the output go before its end, as `head` does, without a word. */
export function allowClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
      process.exit()
    })
}
