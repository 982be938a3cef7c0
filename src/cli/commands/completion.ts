import { Argument, type Command } from 'commander'
import { print } from '../show/output.ts'
import { toJson } from '../show/text.ts'
import { withExamples } from './examples.ts'

const shells = ['bash', 'zsh', 'fish'] as const
type Shell = (typeof shells)[number]

/** `ace-oauth completion`: what lets a shell complete commands, options and the names that they take. */
export function configureCompletion(command: Command, program: () => Promise<Command>): void {
  command
    .description('Print the completion of commands, options and their values for a shell.')
    .addArgument(new Argument('<shell>', 'which shell').choices(shells))
    .option('--json', 'print the script inside JSON')
  withExamples(command, [
    ['completion bash > ~/.local/share/bash-completion/completions/ace-oauth', 'for bash'],
    ['completion fish > ~/.config/fish/completions/ace-oauth.fish', 'for fish'],
  ]).action(async (shell: Shell, { json }: { readonly json?: boolean }) => {
    const words = wordsOf(await program(), [])
    const script = shell === 'fish' ? fish(words) : bash(words, shell === 'zsh')
    print(json ? `${toJson({ shell, script })}\n` : script)
  })
}

/** What may stand behind a command: commands, options, values of arguments; and the values of its options. */
interface Words {
  readonly path: readonly string[]
  readonly words: readonly string[]
  readonly values: readonly (readonly [option: string, values: readonly string[]])[]
}

function wordsOf(command: Command, path: readonly string[]): Words[] {
  const options = command.options.flatMap(({ long }) => long ?? [])
  const values = command.options.flatMap(({ long, argChoices }) =>
    long && argChoices ? [[long, argChoices] as const] : [],
  )
  const own: Words = {
    path,
    words: [
      ...command.commands.map((each) => each.name()),
      ...command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
      ...options,
      '--help',
    ],
    values,
  }
  return [own, ...command.commands.flatMap((each) => wordsOf(each, [...path, each.name()]))]
}

/** Quoted for a shell: names of algorithms have spaces. */
function quoted(word: string): string {
  return /^[\w/.-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

function bash(all: readonly Words[], isZsh: boolean): string {
  const branches = all.map(({ path, words, values }) => {
    const ofOptions = values.map(
      ([option, list]) => `      ${option}) words=(${list.map(quoted).join(' ')}) ;;\n`,
    )
    const previous = ofOptions.length > 0 ? `\n      case $previous in\n${ofOptions.join('')}      esac` : ''
    return `    '${path.join(' ')}') words=(${words.map(quoted).join(' ')})${previous} ;;\n`
  })
  const paths = all.map(({ path }) => `'${path.join(' ')}'`).join('|')
  return `${isZsh ? 'autoload -U +X bashcompinit && bashcompinit\n' : ''}_ace_oauth() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} path= word words=() i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${path:+$path }\${COMP_WORDS[i]}"
    case $word in
      ${paths}) path=$word ;;
      *) break ;;
    esac
  done
  case $path in
${branches.join('')}  esac
  COMPREPLY=()
  for word in "\${words[@]}"; do
    [[ $word == "$current"* ]] && COMPREPLY+=("\${word// /\\\\ }")
  done
  [[ \${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -f -- "$current"))
}
complete -o filenames -F _ace_oauth ace-oauth
`
}

function fish(all: readonly Words[]): string {
  const lines = all.flatMap(({ path, words, values }) => {
    const [command, subcommand] = path
    const condition =
      command === undefined
        ? '__fish_use_subcommand'
        : subcommand === undefined
          ? `__fish_seen_subcommand_from ${command}`
          : `__fish_seen_subcommand_from ${command}; and __fish_seen_subcommand_from ${subcommand}`
    const plain = words.filter((word) => !word.startsWith('--'))
    return [
      ...(plain.length > 0
        ? [`complete -c ace-oauth -n '${condition}' -a '${plain.map(fishWord).join(' ')}'`]
        : []),
      ...words
        .filter((word) => word.startsWith('--'))
        .map((word) => {
          const list = values.find(([option]) => option === word)?.[1]
          return `complete -c ace-oauth -n '${condition}' -l ${word.slice(2)}${list ? ` -x -a '${list.map(fishWord).join(' ')}'` : ''}`
        }),
    ]
  })
  return `${lines.join('\n')}\n`
}

function fishWord(word: string): string {
  return word.replaceAll(/([ '])/g, '\\\\$1')
}
