import { access, constants as fsConstants, stat, writeFile } from 'node:fs/promises'
import { constants } from 'node:os'
import { dirname } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import {
  type CaseResult,
  type ConformanceReport,
  renderHtml,
  renderJunit,
  renderMarkdown,
  renderReport,
  runConformance,
  selectVectors,
} from '../../conformance/index.ts'
import { codecImplementation, loadVectors } from '../../conformance/node.ts'
import { Exit, wrongUsage } from '../exit.ts'
import { explainResult } from '../show/explain-result.ts'
import { print, remark, styleFor } from '../show/output.ts'
import { printable, toJson } from '../show/text.ts'
import { withExamples } from './examples.ts'

const formats = ['json', 'junit', 'markdown', 'html'] as const

const interrupts = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

type Options = { readonly [Format in (typeof formats)[number]]?: boolean } & {
  readonly codec?: string
  readonly timeout?: number
  readonly only?: readonly string[]
  readonly bail?: boolean
  readonly failures: number
  readonly output?: string
}

/** `ace-oauth conformance`: the vectors, on this implementation or another. */
export function configureConformance(command: Command): void {
  command
    .description(
      'Run the conformance vectors and report by document, section and requirement. Exit code 1 where a case fails.\n' +
        'With --codec another implementation is tested: a program that does what ace-oauth codec does. One that ends or\n' +
        'hangs is started again, and given up where it does so again and again.',
    )
    .argument('[documents...]', 'the documents to run, for example rfc9200; all where there is none')
    .option('--codec <command>', 'test this program instead')
    .option(
      '--timeout <milliseconds>',
      'how long the program may take to answer (default: 10000)',
      milliseconds,
    )
    .option(
      '--only <names...>',
      'run the vectors with this id, message, section or requirement alone; * stands for any characters',
    )
    .option('--bail', 'end at the first failure')
    .addOption(
      new Option('--failures <count>', 'how many failures to show in full, or all')
        .default(5)
        .argParser(failureCount),
    )
    .option('--json', 'print the report as JSON')
    .option('--junit', 'print the report as JUnit XML')
    .option('--markdown', 'print the report as Markdown')
    .option('--html', 'print the report as one HTML file')
    .option('-o, --output <file>', 'write the report to this file')
  withExamples(command, [
    ['conformance', 'this implementation'],
    ['conformance --junit rfc9200 > report.xml', 'one document, for continuous integration'],
    ["conformance --codec './my-codec'", 'an implementation in another language'],
    ["conformance --codec './my-codec' --bail --only 'error-*'", 'until the first of some vectors fails'],
    ["conformance --codec './my-codec' --html -o report.html", 'a page for a browser'],
  ]).action(conformance)
}

async function conformance(documents: readonly string[], options: Options): Promise<void> {
  const chosen = formats.filter((format) => options[format])
  if (options.codec?.trim() === '') wrongUsage('--codec: expected a command')
  if (chosen.length > 1) wrongUsage(`${chosen.map((name) => `--${name}`).join(' and ')}: give one of them`)
  const { only, bail = false, timeout } = options
  const vectors = await loadVectors(documents.length > 0 ? documents : undefined)
    .then((loaded) => selectVectors(loaded, only ? { only } : {}))
    .catch((error) => {
      if (error instanceof RangeError) wrongUsage(error.message)
      throw error
    })
  if (options.output !== undefined) await checkOutput(options.output)
  const codec =
    options.codec === undefined
      ? undefined
      : codecImplementation(options.codec, timeout === undefined ? {} : { timeout })
  // The codec is in a process group of its own: an interrupt has to be passed on.
  const stop = (signal: NodeJS.Signals): void => {
    codec?.kill()
    progress.end()
    process.exit(128 + constants.signals[signal])
  }
  const progress = progressOf(vectors.reduce((sum, document) => sum + document.vectors.length, 0))
  for (const signal of interrupts) process.once(signal, stop)
  try {
    const report = await runConformance(vectors, {
      bail,
      onResult: progress.add,
      ...(codec && { implementation: codec }),
    })
    progress.end()
    const text = render(report, options)
    if (options.output === undefined) print(text)
    else await writeReport(options.output, text)
    process.exitCode = report.failed > 0 || report.broken !== undefined ? 1 : 0
  } finally {
    for (const signal of interrupts) process.off(signal, stop)
    if (codec?.broken === undefined) await codec?.close()
    else codec.kill()
  }
}

function render(report: ConformanceReport, options: Options): string {
  const explain = (result: CaseResult): string => explainResult(result, styleFor(process.stdout))
  if (options.json) return `${toJson(report, 2)}\n`
  if (options.junit) return renderJunit(report)
  if (options.markdown) return renderMarkdown(report)
  if (options.html) return renderHtml(report, { explain: (result) => explainResult(result) })
  return `${renderReport(report, { failures: options.failures, explain })}\n`
}

/** Ahead of a run that may take minutes: whether its report can be written. */
async function checkOutput(file: string): Promise<void> {
  try {
    const found = await stat(file).catch(() => undefined)
    if (found?.isDirectory()) wrongUsage(`${printable(file)} is a directory`)
    await access(found ? file : dirname(file), fsConstants.W_OK)
  } catch (error) {
    if (error instanceof Exit) throw error
    wrongUsage(printable((error as Error).message))
  }
}

async function writeReport(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((error: NodeJS.ErrnoException) => wrongUsage(printable(error.message)))
}

/** How far a run is, on a line of standard error that is written over; nothing where that is no terminal. */
function progressOf(total: number): { readonly add: (result: CaseResult) => void; readonly end: () => void } {
  const isShown = process.stderr.isTTY === true
  let done = 0
  let failed = 0
  let last = 0
  const clear = '\r\x1b[K'
  return {
    add: ({ id, outcome }) => {
      done++
      if (outcome === 'failed') failed++
      if (!isShown || performance.now() - last < 50) return
      last = performance.now()
      remark(
        `${clear}${done} of ${total}${failed > 0 ? `, ${failed} failed` : ''}: ${id}`.slice(
          0,
          process.stderr.columns,
        ),
      )
    },
    end: () => {
      if (isShown) remark(clear)
    },
  }
}

function milliseconds(text: string): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (value === 0) throw new InvalidArgumentError('It has to be a number of milliseconds.')
  return value
}

function failureCount(text: string): number {
  if (text === 'all') return Number.POSITIVE_INFINITY
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It has to be a number, or all.')
  return Number(text)
}
