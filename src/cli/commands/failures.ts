import type { Command } from 'commander'
import { catalogue, type FailureCode } from '../../failure/catalogue.ts'
import { renderFailure, renderFailures } from '../../failure/document.ts'
import { runbookOf } from '../../failure/runbook.ts'
import { Exit } from '../exit.ts'
import { print } from '../show/output.ts'
import { printable, toJson } from '../show/text.ts'
import { didYouMean } from '../suggestion.ts'
import { withExamples } from './examples.ts'

/** `ace-oauth failures`: the catalogue of failures, or one of them. */
export function configureFailures(command: Command): void {
  command
    .description(
      'Show everything that can go wrong: what it means, what to do about it, and what is on the wire.',
    )
    .argument('[code]', 'the code of a failure')
    .option('--json', 'print the rows as JSON')
  withExamples(command, [
    ['failures', 'the whole catalogue, in Markdown'],
    ['failures token_store_unavailable', 'one failure'],
  ]).action(failures)
}

function failures(code: string | undefined, { json }: { readonly json?: boolean }): void {
  if (code === undefined)
    return print(json ? `${toJson([...catalogue.keys()].map(tell))}\n` : renderFailures())
  const failure = renderFailure(code)
  if (failure === undefined)
    throw new Exit(
      1,
      `no failure ${printable(code)}${didYouMean(code, [...catalogue.keys()]) || ': see ace-oauth failures, which lists them all'}`,
    )
  print(json ? `${toJson(tell(code as FailureCode))}\n` : failure)
}

/** A failure as data. */
function tell(code: FailureCode): Record<string, unknown> {
  const { kind, ...row } = catalogue.get(code)!
  return { code, kind: kind.name, isTransient: kind.isTransient, ...row, ...runbookOf(code) }
}
