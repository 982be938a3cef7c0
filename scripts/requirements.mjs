// The requirements of the RFCs, and what checks each: the tests whose titles name it, and the vectors that carry it.
//
//   node scripts/requirements.mjs          a line for each requirement, and a summary
//   node scripts/requirements.mjs --json   the same for machines
import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import ts from 'typescript'

/** What looks like the id of a requirement, whether there is one by that name or not. */
const citation = /\b(?:R\d{4}-(?:\d[\w.]*|x)(?:-\w+)?|D-WAP-\w+)/g

const filesOf = (folder, ending) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((name) => ending.test(name) && !name.includes('node_modules/'))
    .sort()

/** The text of a string or of a template without what it inserts. */
function textOf(node) {
  if (node === undefined) return ''
  if (ts.isStringLiteralLike(node)) return node.text
  if (ts.isTemplateExpression(node))
    return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('')
  return ''
}

/** The strings in the rows of a table of tests, such as `it.each([['R9200-5.10.2-4 ...', ...]])`. */
function stringsIn(node) {
  if (ts.isStringLiteralLike(node)) return [node.text]
  const found = []
  ts.forEachChild(node, (child) => void found.push(...stringsIn(child)))
  return found
}

/** The titles of the tests of a file: of each, those of the groups that it is in, its own, and the rows of its table. */
function titlesOf(file) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  const titles = []
  const visit = (node, groups) => {
    let inside = groups
    if (ts.isCallExpression(node)) {
      let callee = node.expression
      let rows = []
      if (ts.isCallExpression(callee)) {
        rows = callee.arguments.flatMap(stringsIn)
        callee = callee.expression
      }
      const [, kind, variant] = /^(describe|it|test)(?:\.(\w+))?$/.exec(callee.getText(source)) ?? []
      if (kind && (variant === undefined || variant === 'each')) {
        const own = textOf(node.arguments[0])
        const named = rows.filter((row) => row.match(citation))
        const all = named.length > 0 ? named.map((row) => `${own} (${row})`) : [own]
        if (kind === 'describe') inside = groups.flatMap((group) => all.map((title) => [...group, title]))
        else
          for (const group of groups)
            for (const title of all) titles.push([...group, title].filter(Boolean).join(' > '))
      }
    }
    ts.forEachChild(node, (child) => visit(child, inside))
  }
  visit(source, [[]])
  return titles
}

const { requirements } = JSON.parse(readFileSync('requirements.json', 'utf8'))
const rows = new Map(requirements.map((requirement) => [requirement.id, { ...requirement, checkedBy: [] }]))
const unknown = []

for (const file of [...filesOf('test', /\.test\.ts$/), ...filesOf('server', /\.test\.ts$/)])
  for (const title of titlesOf(file))
    for (const id of new Set(title.match(citation)))
      rows.get(id)?.checkedBy.push({ test: `${file}: ${title}` })

for (const file of filesOf('vectors', /\.json$/))
  for (const { id: vector, requirements: ids = [] } of JSON.parse(readFileSync(file, 'utf8')).vectors ?? [])
    for (const id of ids) rows.get(id)?.checkedBy.push({ vector: `${basename(file, '.json')}: ${vector}` })

for (const file of [
  'README.md',
  'spec-notes.md',
  ...['src', 'test', 'server', 'vectors', 'docs', 'scripts'].flatMap((folder) =>
    filesOf(folder, /\.(ts|mjs|json|md)$/),
  ),
])
  for (const [index, line] of readFileSync(file, 'utf8').split('\n').entries())
    for (const id of line.match(citation) ?? [])
      if (!rows.has(id)) unknown.push({ id, where: `${file}:${index + 1}` })

/** How it stands with a requirement; `partly` where a piece that is to come has to check the rest. */
function statusOf({ checkedBy, reason, waitsFor }) {
  if (checkedBy.length > 0) return waitsFor ? 'partly' : 'checked'
  if (waitsFor) return 'waits'
  return reason ? 'not checkable here' : 'unaccounted'
}

const matrix = [...rows.values()].map((row) => ({ ...row, status: statusOf(row) }))
const documentOf = ({ id }) =>
  id.startsWith('D-') ? 'draft-ietf-ace-workflow-and-params' : `RFC ${id.slice(1, id.indexOf('-'))}`
const statuses = ['checked', 'partly', 'waits', 'not checkable here', 'unaccounted']
const count = (of) =>
  Object.fromEntries(statuses.map((status) => [status, of.filter((row) => row.status === status).length]))
const documents = [...new Set(matrix.map(documentOf))]
const summary = {
  ...Object.fromEntries(
    documents.map((name) => [name, count(matrix.filter((row) => documentOf(row) === name))]),
  ),
  all: count(matrix),
}

/** The vectors that carry a requirement, a line for each document: the first three by their ids, the rest by their number. */
function vectorLines(checkedBy) {
  const byDocument = new Map()
  for (const { vector } of checkedBy) {
    if (vector === undefined) continue
    const [document, id] = vector.split(': ')
    byDocument.set(document, [...(byDocument.get(document) ?? []), id])
  }
  return [...byDocument].map(
    ([document, ids]) =>
      `${document}: ${ids.slice(0, 3).join(', ')}${ids.length > 3 ? ` and ${ids.length - 3} more` : ''}`,
  )
}

if (process.argv.includes('--json'))
  console.log(JSON.stringify({ summary, requirements: matrix, unknown }, null, 2))
else {
  for (const row of matrix) {
    console.log(`${row.id}  ${row.level}  ${row.status}\n    ${row.text}`)
    for (const { test } of row.checkedBy) if (test) console.log(`    test    ${test}`)
    for (const line of vectorLines(row.checkedBy)) console.log(`    vector  ${line}`)
    if (row.waitsFor) console.log(`    waits for the ${row.waitsFor}`)
    if (row.reason) console.log(`    reason  ${row.reason}`)
  }
  const width = Math.max(...Object.keys(summary).map((name) => name.length))
  console.log(`\n${''.padEnd(width)}  ${statuses.join('  ')}`)
  for (const [name, counts] of Object.entries(summary))
    console.log(
      `${name.padEnd(width)}  ${statuses.map((status) => String(counts[status]).padStart(status.length)).join('  ')}`,
    )
}
for (const { id, where } of unknown) console.error(`${where} names ${id}, which is no requirement`)
if (unknown.length > 0 || summary.all.unaccounted > 0) process.exitCode = 1
