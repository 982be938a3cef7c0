import { Argument, type Command } from 'commander'
import { withExamples } from '../options.ts'
import type { Context } from './context.ts'

const shells = ['bash', 'zsh', 'fish'] as const
type Shell = (typeof shells)[number]

/** `ace-oauth-server completion`: what lets a shell complete commands, options and the names that they take. */
export function configureCompletion(
  command: Command,
  { output }: Context,
  program: () => Promise<Command>,
): void {
  command
    .description('Print the completion of commands, options and their values for a shell.')
    .addArgument(new Argument('<shell>', 'which shell').choices(shells))
  withExamples(
    command,
    ['completion bash > ~/.local/share/bash-completion/completions/ace-oauth-server', 'for bash'],
    ['completion fish > ~/.config/fish/completions/ace-oauth-server.fish', 'for fish'],
  ).action(async (shell: Shell) => {
    const branches = branchesOf(await program(), [])
    output.out(shell === 'fish' ? fish(branches) : bash(branches, shell === 'zsh'))
  })
}

/** What may stand behind some words of a command line: commands, options, and the values of its options. */
interface Branch {
  readonly path: readonly string[]
  readonly words: readonly string[]
  readonly values: readonly (readonly [option: string, values: readonly string[]])[]
}

function branchesOf(command: Command, path: readonly string[]): Branch[] {
  const options = command.options.flatMap(({ long }) => long ?? [])
  const own: Branch = {
    path,
    words: [
      ...command.commands.map((each) => each.name()),
      ...command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
      ...options,
      '--help',
    ],
    values: command.options.flatMap(({ long, argChoices }) =>
      long && argChoices ? [[long, argChoices] as const] : [],
    ),
  }
  return [own, ...command.commands.flatMap((each) => branchesOf(each, [...path, each.name()]))]
}

/** Quoted for a shell: names of algorithms have spaces. */
function shellWord(word: string): string {
  return /^[\w/.-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

function bash(branches: readonly Branch[], isZsh: boolean): string {
  const cases = branches.map(({ path, words, values }) => {
    const ofOptions = values.map(
      ([option, list]) => `      ${option}) words=(${list.map(shellWord).join(' ')}) ;;\n`,
    )
    const previous = ofOptions.length > 0 ? `\n      case $previous in\n${ofOptions.join('')}      esac` : ''
    return `    '${path.join(' ')}') words=(${words.map(shellWord).join(' ')})${previous} ;;\n`
  })
  const paths = branches.map(({ path }) => `'${path.join(' ')}'`).join('|')
  return `${isZsh ? 'autoload -U +X bashcompinit && bashcompinit\n' : ''}_ace_oauth_server() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} path= word words=() i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${path:+$path }\${COMP_WORDS[i]}"
    case $word in
      ${paths}) path=$word ;;
      *) break ;;
    esac
  done
  case $path in
${cases.join('')}  esac
  COMPREPLY=()
  for word in "\${words[@]}"; do
    [[ $word == "$current"* ]] && COMPREPLY+=("\${word// /\\\\ }")
  done
  [[ \${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -f -- "$current"))
}
complete -o filenames -F _ace_oauth_server ace-oauth-server
`
}

function fish(branches: readonly Branch[]): string {
  const fishWord = (word: string): string => word.replaceAll(/([ '])/g, '\\\\$1')
  const lines = branches.flatMap(({ path, words, values }) => {
    const condition =
      path.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ') || '__fish_use_subcommand'
    const plain = words.filter((word) => !word.startsWith('--'))
    const options = words.filter((word) => word.startsWith('--'))
    const begin = `complete -c ace-oauth-server -n '${condition}'`
    return [
      ...(plain.length > 0 ? [`${begin} -a '${plain.map(fishWord).join(' ')}'`] : []),
      ...options.map((word) => {
        const list = values.find(([option]) => option === word)?.[1]
        return `${begin} -l ${word.slice(2)}${list ? ` -x -a '${list.map(fishWord).join(' ')}'` : ''}`
      }),
    ]
  })
  return `${lines.join('\n')}\n`
}
