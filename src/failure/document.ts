import { type ErrorCodeName, errorCodes } from '../registry/generated/error-codes.ts'
import { catalogue, type FailureCode, type FailureEndpoint, type FailureRow } from './catalogue.ts'
import { FailureKind } from './kind.ts'
import { runbookOf } from './runbook.ts'

const places: Readonly<Record<FailureEndpoint, string>> = {
  token: 'The token endpoint',
  introspect: 'The introspection endpoint',
  revoke: 'The revocation endpoint',
  session: 'The API for sessions',
  authz_info: 'The authorization information endpoint of a resource server',
  access: 'A protected resource',
  client: 'The client',
}

const introduction = `# Failures

Everything that can go wrong has a code, which never changes. It tells operators what to do, and it rolls up to a kind,
which tells programs whether to try again. What the other side sees is the response code, the OAuth error where there is
one, and over HTTP the code with a sentence that is always the same. Everything else is for the log.

\`ace-oauth failures token_store_unavailable\` explains one on the command line.
`

/**
 * The whole catalogue as a Markdown document: the kinds, and the failures of each endpoint with what is on the wire, their
 * meaning, and the action for operators.
 */
export function renderFailures(): string {
  const endpoints = Object.keys(places) as FailureEndpoint[]
  return [introduction, kinds(), ...endpoints.map(failuresAt)].join('\n')
}

/**
 * One failure as plain text: its meaning, what to do, and what is on the wire.
 *
 * @returns undefined for a code that is not in the catalogue
 */
export function renderFailure(code: string): string | undefined {
  const row = catalogue.get(code as FailureCode)
  if (!row) return undefined
  const { kind, sentence, coapCode, httpStatus } = row
  const { meaning, action } = runbookOf(code as FailureCode)
  const answer = coapCode ? `CoAP ${coapCode}, HTTP ${httpStatus}, ${payload(row)}` : 'nothing'
  const lines = [
    ['where', places[row.endpoint]],
    ['meaning', meaning],
    ['action', action],
    ['kind', `${kind.name}: ${kind.phrase}`],
    ['try again', kind.isTransient ? `yes, at first after ${kind.baseBackoffMs} ms` : 'no'],
    ['suggested', kind.suggestedAction],
    ['on the wire', answer],
    ['sentence', sentence],
  ] as const
  return `${code}\n\n${lines.map(([name, text]) => `  ${name.padEnd(12)} ${text}\n`).join('')}`
}

function kinds(): string {
  const rows = FailureKind.all.map((kind) => [
    `\`${kind.name}\``,
    kind.phrase,
    kind.isTransient ? `yes, at first after ${kind.baseBackoffMs} ms` : 'no',
    kind.isActionable ? 'yes' : 'no',
    kind.suggestedAction,
  ])
  return `## Kinds

${table(['kind', 'in words', 'try again', 'a person can act', 'suggested action'], rows)}`
}

function failuresAt(endpoint: FailureEndpoint): string {
  const rows = [...catalogue]
    .filter(([, row]) => row.endpoint === endpoint)
    .map(([code, row]) => {
      const { meaning, action } = runbookOf(code)
      const { coapCode = '', httpStatus = '' } = row
      return [
        `<a id="${code}"></a>\`${code}\``,
        `\`${row.kind.name}\``,
        coapCode,
        httpStatus,
        payload(row),
        meaning,
        action,
      ]
    })
  return `## ${places[endpoint]}

${table(['code', 'kind', 'CoAP', 'HTTP', 'error', 'meaning', 'action'], rows)}`
}

/** The OAuth error with its CBOR integer, if there is one. */
function payload({ error, withoutPayload }: FailureRow): string {
  if (withoutPayload) return 'no payload'
  const value = errorCodes[error as ErrorCodeName] as number | undefined
  return `${error ?? 'no error'}${value === undefined ? '' : ` (${value})`}`
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}
