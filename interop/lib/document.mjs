// docs/compatibility.md and the badges.
const faults = {
  theirs: 'the specification asks for something else',
  choice: 'the specification leaves both',
  ours: 'our mistake',
}

/** The document, in Markdown. */
export function compatibility(results, others, left, count) {
  const rows = results.map(
    ({ implementation: { folder, name, version, language }, report, compared, differences }) =>
      `| [${name}](#${folder}) | ${version} | ${language} | ${report.passed} | ${report.failed} | ${report.skipped} | ${compared.toLocaleString('en')} | ${differences.length.toLocaleString('en')} |`,
  )
  return `# Compatibility

Other implementations on the vectors of \`vectors/\`, and beside this library on ${count.toLocaleString('en')} messages, keys, tokens and CBOR values that were
generated for each: what one writes the other reads, both ways, and both read the same with a fault put in. Written by \`npm run interop\`;
the drivers are in \`interop/\` and add nothing to what their libraries do. A library without ACE-OAuth is given what it has: COSE keys and
messages, JSON and forms, or all the CBOR of the vectors as bare items.

| implementation | version | language | passed | failed | unsupported | answers compared | differences |
| --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
${left.length > 0 ? `\nNot run this time: ${left.join(', ')}.\n` : ''}
Nothing below is without an explanation: each failure and difference falls under a rule of \`interop/lib/rules/\`, by what was sent and what
came. It says whether the specification asks for something else (theirs) or leaves both (choice), and in which section. One that falls under none fails the run.

The vectors that ship inside go-cose and dcaf, on this library: ${others.passed} come out as their authors say${others.explained.length > 0 ? `, and ${others.explained.length} do not:` : '.'}

${others.explained.map(({ source, name, reason, why }) => `- ${source} \`${name}\`: ${reason}. Here ${why}.`).join('\n')}

${results.map(section).join('\n')}`
}

function section({ implementation, report, failures, differences }) {
  const { folder, name, version } = implementation
  const parts = report.documents.flatMap(({ document, sections }) =>
    sections.map(({ section: part, results }) => {
      const count = (outcome) => results.filter((result) => result.outcome === outcome).length
      return {
        document,
        part,
        passed: count('passed'),
        failed: count('failed'),
        unsupported: count('skipped'),
      }
    }),
  )
  const rows = parts.map(
    ({ document, part, passed, failed, unsupported }) =>
      `| ${document} | ${part} | ${passed} | ${failed} | ${unsupported} |`,
  )
  const groups = new Map()
  for (const one of [...failures, ...differences]) {
    const group = groups.get(one.explanation) ?? { failures: [], differences: [] }
    groups.set(one.explanation, group)
    if (one.id === undefined) group.differences.push(one)
    else group.failures.push(one)
  }
  const told = [...groups].map(([rule, group]) => {
    const title = rule
      ? `**${escapeText(rule.title)}** (${rule.fault}: ${faults[rule.fault]}). ${escapeText(rule.section)}.`
      : '**Without an explanation**'
    const lines = group.failures.map((failure) => `  - ${line(failure)}`)
    if (group.differences.length > 0)
      lines.push(
        `  - ${group.differences.length.toLocaleString('en')} of the generated, such as ${example(group.differences[0])}`,
      )
    return `- ${title}\n${lines.join('\n')}`
  })
  return `<a id="${folder}"></a>

## ${name} ${version}

<details><summary>By document and section</summary>

| document | section | passed | failed | unsupported |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

</details>

${told.length > 0 ? told.join('\n') : 'No failure and no difference.'}
`
}

function line({ id, input, expected, got }) {
  return `\`${id}\`: sent ${code(sent(input))}, came ${code(got)}, the vector says ${code(expected)}`
}

function sent({ hex, form, json }) {
  return hex ?? form ?? JSON.stringify(json)
}

/** An answer in the words of a report. */
function told({ ok, value, reason, message }) {
  if (!ok) return `refuse ${reason}${message ? `: ${message}` : ''}`
  return value === undefined ? 'accept' : `accept ${JSON.stringify(value)}`
}

function example({ kind, way, input, what, ours, theirs }) {
  const sides = {
    'ours-theirs': 'written by us, read by them',
    'theirs-ours': 'written by them, read by us',
    damaged: 'damaged',
  }
  return `${kind}, ${sides[way]}: ${code(sent(input) ?? what)}, ours ${code(told(ours))}, theirs ${code(told(theirs))}`
}

/** Text as code in a line, shortened. */
function code(text) {
  const short = text.length > 160 ? `${text.slice(0, 160)}…` : text
  return `\`\` ${short.replaceAll('`', "'").replaceAll(/[\p{Cc}\p{Cs}\s]+/gu, ' ')} \`\``
}

function escapeText(text) {
  return text.replaceAll(/[\\`*_<>[\]|]/g, '\\$&')
}

/** The endpoint JSON of shields for one implementation. */
export function badge({ implementation: { name, version }, report }) {
  const { passed, failed } = report
  const message = `${passed} of ${passed + failed} vectors`
  return `${JSON.stringify({ schemaVersion: 1, label: `${name} ${version}`, message, color: failed === 0 ? 'brightgreen' : 'blue' }, null, 2)}\n`
}
