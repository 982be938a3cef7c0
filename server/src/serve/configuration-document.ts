import { allSettings, type Setting } from './settings.ts'

const introduction = `# Configuration

The configuration is one YAML file, \`ace-oauth.yaml\`. All of it is optional: what is absent has its default, and what is not known is
refused, with its path. \`ace-oauth-server init\` writes a file with all of it in comments. Paths are seen from the folder of the file.

- \`--config FILE\` names the file (default \`./ace-oauth.yaml\`), \`--set listen.http.port=0\` stands in the place of a value of it.
- A value that is wrong ends the command with exit code 2, and tells all values that are wrong.
- SIGHUP makes a server read the file again, with keys, certificates and the policy. Requests go on meanwhile, each with what there was when
  it came. Where something is wrong, all stays as it was, and the log says what. \`listen\` (but for its certificates), \`store\` and
  \`log.format\` are taken at the start alone. The module of the policy is imported anew; the modules that it imports are not.
- Times are in seconds, sizes in bytes.
`

/** The settings as a Markdown document. */
export function renderConfiguration(): string {
  const settings = allSettings()
  const sections = settings.filter(({ type }) => type === undefined)
  const top = table(settings.filter(({ path, type }) => type !== undefined && !path.includes('.')))
  return [introduction, top, ...sections.map((section) => renderSection(section, settings))].join('\n')
}

function renderSection({ path, description }: Setting, settings: readonly Setting[]): string {
  const within = settings.filter(
    (setting) => setting.type !== undefined && setting.path.slice(0, setting.path.lastIndexOf('.')) === path,
  )
  return `## \`${path}\`\n\n${description}\n${within.length > 0 ? `\n${table(within)}` : ''}`
}

function table(settings: readonly Setting[]): string {
  const rows = settings.map(({ path, type = '', default: value, isRequired, description }) => [
    `\`${path}\``,
    type,
    isRequired ? 'required' : value === undefined ? '' : `\`${yamlOf(value)}\``,
    description,
  ])
  return [['setting', 'value', 'default', 'meaning'], ['---', '---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |\n`)
    .join('')
}

/** What `init` does not write as a comment. */
const written: readonly string[] = ['listen.http.host', 'listen.http.port', 'store']

/** The file that `init` writes: all settings with their defaults, most of them as comments. */
export function renderCommentedYaml(store?: string): string {
  const blocks = allSettings().map((setting) => {
    const { path, type, example } = setting
    const value = path === 'store' ? (store ?? setting.default) : setting.default
    const depth = path.split('.').length - 1
    const indent = '  '.repeat(depth)
    const name = path.slice(path.lastIndexOf('.') + 1)
    const isWritten = written.some((each) => each === path || each.startsWith(`${path}.`))
    const line = type === undefined ? `${name}:` : `${name}: ${yamlOf(value ?? example)}`
    const about = wrapped(setting.description, 100 - indent.length).map((text) => `${indent}# ${text}\n`)
    const code = isWritten ? `${indent}${line}\n` : `${indent}#${line}\n`
    return `${depth === 0 ? '\n' : ''}${about.join('')}${code}`
  })
  return `# The configuration of ace-oauth-server. A line without a space behind # is a setting with
# its default, or with an example where it has none: to change it, take # away there and in front of the sections that it is in.
${blocks.join('')}`
}

function yamlOf(value: unknown): string {
  return Array.isArray(value) ? JSON.stringify(value) : String(value)
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (line === undefined || line.length + 1 + word.length > width) lines.push(word)
    else lines[lines.length - 1] = `${line} ${word}`
  }
  return lines
}
