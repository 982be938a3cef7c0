/** The longest line that is read, in bytes: the largest vector and its answer are a fifth of that. */
export const mostLineBytes = 1_048_576

const LF = 0x0a
const decoder = new TextDecoder()

/**
 * Cuts what a process writes into lines.
 *
 * @param onLine is given each line, without its end and without a byte order mark
 * @param onOverlong is called once where a line is longer than {@link mostLineBytes}; nothing is read after that
 * @returns what takes the next bytes
 */
export function lineSplitter(
  onLine: (line: string) => void,
  onOverlong: () => void,
): (chunk: Buffer) => void {
  let parts: Buffer[] = []
  let length = 0
  let isOver = false
  return (chunk) => {
    let start = 0
    while (!isOver) {
      const end = chunk.indexOf(LF, start)
      const part = chunk.subarray(start, end < 0 ? chunk.length : end)
      length += part.length
      if (length > mostLineBytes) {
        isOver = true
        parts = []
        onOverlong()
      } else {
        parts.push(part)
        if (end < 0) return
        const line = decoder.decode(Buffer.concat(parts))
        parts = []
        length = 0
        start = end + 1
        onLine(line)
      }
    }
  }
}
