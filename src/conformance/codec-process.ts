import { type ChildProcess, spawn } from 'node:child_process'
import type { Json } from '../table/json.ts'
import { type CodecAnswer, isAnswer, parseAnswer } from './codec-answer.ts'
import { CodecFault } from './codec-fault.ts'
import { lineSplitter, mostLineBytes } from './lines.ts'

/** How many faults in a row end a codec: none of them with an answer before, or with. Each hang costs the time that an answer has. */
const mostFaults = { unanswered: 2, hangs: 3, others: 20 }

/** How long the output of a process that has ended may stay open, in milliseconds: something that it started may hold it. */
const mostAfterEnd = 1_000

/**
 * A process that is given one JSON request a line, and gives one JSON answer a line. One that ends or hangs is started again
 * for the next request, until it has done so too often in a row.
 */
export class CodecProcess {
  readonly #command: string
  readonly #timeout: number
  readonly #waiting = new Map<string, (answer: Readonly<Record<string, unknown>> | CodecFault) => void>()
  #child: ChildProcess | undefined
  #exited: Promise<void> = Promise.resolve()
  #asked = 0
  #hasAnswered = false
  /** What it said before its first answer, or instead of one. */
  #said = ''
  #faults = 0
  #hangs = 0
  /** How often the process was started again. */
  restarts = -1
  /** Why there is no use in asking any more. */
  broken: string | undefined

  constructor(command: string, timeout: number) {
    this.#command = command
    this.#timeout = timeout
  }

  /** @throws CodecFault where no answer comes */
  async ask(request: Record<string, Json>): Promise<CodecAnswer> {
    if (this.broken !== undefined) throw new CodecFault(this.broken)
    const id = String(++this.#asked)
    const child = this.#started()
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id)
        this.#hangs++
        reject(this.#fault(`no answer within ${this.#timeout} ms`))
        this.kill()
      }, this.#timeout)
      this.#waiting.set(id, (answer) => {
        clearTimeout(timer)
        if (answer instanceof CodecFault) reject(answer)
        else if (isAnswer(answer)) {
          this.#hasAnswered = true
          this.#said = ''
          this.#faults = 0
          this.#hangs = 0
          resolve(answer)
        } else reject(this.#fault(`answered ${JSON.stringify(answer).slice(0, 200)}`))
      })
      child.stdin!.write(`${JSON.stringify({ id, ...request })}\n`)
    })
  }

  /** Ends the input of the process, and waits until the process has ended; one that does not is stopped. */
  async close(): Promise<void> {
    this.#child?.stdin?.end()
    const timer = setTimeout(() => this.kill(), this.#timeout)
    await this.#exited
    clearTimeout(timer)
  }

  #started(): ChildProcess {
    if (this.#child) return this.#child
    // A group of its own, so that what the shell starts is stopped with it.
    const child = spawn(this.#command, {
      shell: true,
      stdio: 'pipe',
      detached: process.platform !== 'win32',
    })
    this.#child = child
    this.restarts++
    let ended = false
    const end = (why: string): void => {
      // One that was stopped owes no answers: those that are waited for are asked of the next.
      if (ended || this.#child !== child) return
      ended = true
      this.#child = undefined
      const waiting = [...this.#waiting.values()]
      this.#waiting.clear()
      if (waiting.length === 0) return
      const fault = this.#fault(why)
      for (const settle of waiting) settle(fault)
    }
    // A process that ends without reading its input breaks the pipe; that it ended is told by its exit.
    child.stdin.on('error', () => {})
    this.#exited = new Promise((resolve) => {
      child.on('error', (error) => {
        end(error.message)
        resolve()
      })
      child.on('exit', () => {
        const timer = setTimeout(() => {
          child.stdout.destroy()
          child.stderr.destroy()
        }, mostAfterEnd)
        child.on('close', () => clearTimeout(timer))
      })
      child.on('close', (code, signal) => {
        stopGroup(child)
        end(`ended with ${code === null ? signal : `exit code ${code}`}`)
        resolve()
      })
    })
    const take = (line: string): void => {
      const { id, ...answer } = parseAnswer(line) ?? {}
      const settle = ended ? undefined : this.#waiting.get(String(id))
      if (!settle) this.#said = line
      else {
        this.#waiting.delete(String(id))
        settle(answer)
      }
    }
    child.stdout.on(
      'data',
      lineSplitter(take, () => {
        if (this.#child !== child) return
        // The first of those that are waited for is told why; the process is stopped with it.
        const [first] = this.#waiting
        if (!first) return this.kill()
        this.#waiting.delete(first[0])
        first[1](this.#fault(`a line of more than ${mostLineBytes.toLocaleString('en')} bytes`))
        this.kill()
      }),
    )
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      // What a codec that works tells its author goes on; what one says that does not start is told once, as the reason.
      if (this.#hasAnswered) process.stderr.write(text)
      else this.#said = (this.#said + text).slice(-4_096)
    })
    return child
  }

  /** One more fault; after too many in a row the codec is given up. */
  #fault(what: string): CodecFault {
    this.#faults++
    const said = this.#said.trim().split('\n').at(-1)!.slice(0, 200)
    const why = said === '' ? what : `${what}; it said: ${said}`
    this.#said = ''
    const isOver =
      this.#hangs >= mostFaults.hangs ||
      this.#faults >= (this.#hasAnswered ? mostFaults.others : mostFaults.unanswered)
    if (isOver)
      this.broken ??= `${this.#command}: ${why}${this.#faults > 1 ? `, ${this.#faults} times in a row` : ''}`
    return new CodecFault(why)
  }

  /** Stops the process, and what it started, at once. */
  kill(): void {
    const child = this.#child
    if (!child) return
    this.#child = undefined
    const others = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const settle of others) settle(new CodecFault('stopped with a request that hung'))
    stopGroup(child)
  }
}

/** Stops a process and what it started. */
function stopGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL')
  } catch {
    // They have ended already.
  }
}
