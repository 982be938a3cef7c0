import type { Command } from 'commander'
import { renderJunit, renderReport, runConformance } from '../../conformance/index.ts'
import { codecImplementation, loadVectors } from '../../conformance/node.ts'
import { wrongUsage } from '../exit.ts'
import { print } from '../output.ts'
import { toJson } from '../text.ts'
import { withExamples } from './options.ts'

interface Options {
  readonly codec?: string
  readonly json?: boolean
  readonly junit?: boolean
}

/** `ace-oauth conformance`: the vectors, on this implementation or another. */
export function addConformance(program: Command): void {
  const command = program
    .command('conformance')
    .summary('run the conformance vectors')
    .description(
      'Run the conformance vectors and report by document and section. Exit code 1 where a case fails.\n' +
        'With --codec another implementation is tested: a program that does what ace-oauth codec does.',
    )
    .argument('[documents...]', 'the documents to run, for example rfc9200; all where there is none')
    .option('--codec <command>', 'test this program instead')
    .option('--json', 'print the report as JSON')
    .option('--junit', 'print the report as JUnit XML')
  withExamples(command, [
    ['conformance', 'this implementation'],
    ['conformance --junit rfc9200 > report.xml', 'one document, for continuous integration'],
    ["conformance --codec './my-codec'", 'an implementation in another language'],
  ]).action(conformance)
}

async function conformance(documents: readonly string[], options: Options): Promise<void> {
  if (options.json && options.junit) wrongUsage('--json and --junit: give one of them')
  const vectors = await loadVectors(documents.length > 0 ? documents : undefined).catch((error) => {
    if (error instanceof RangeError) wrongUsage(error.message)
    throw error
  })
  const codec = options.codec === undefined ? undefined : codecImplementation(options.codec)
  try {
    const report = await runConformance(vectors, codec && { implementation: codec })
    if (options.json) print(`${toJson(report, 2)}\n`)
    else print(options.junit ? renderJunit(report) : `${renderReport(report)}\n`)
    process.exitCode = report.failed > 0 ? 1 : 0
  } finally {
    await codec?.close()
  }
}
