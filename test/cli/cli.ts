import { spawn } from 'node:child_process'
import { copyFile, mkdir, rm, symlink } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** What a run of the command line came to. */
export interface Run {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** What a run is given besides its arguments. */
export interface Given {
  /** Standard input; none where it is absent. */
  readonly input?: string | Uint8Array
  readonly env?: Readonly<Record<string, string>>
}

const root = new URL('../../', import.meta.url)
const home = new URL(`node_modules/.cache/ace-oauth-cli/${process.pid}/`, root)
/** The command line as it is installed: beside it the package's own files, above it its dependencies. */
export const main: string = fileURLToPath(new URL('dist/cli/main.js', home))

/** Builds the command line. */
export async function buildCli(): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL('src/cli/main.ts', root))],
    outfile: main,
    bundle: true,
    packages: 'external',
    platform: 'node',
    conditions: ['ace-oauth-source'],
    format: 'esm',
    logLevel: 'error',
  })
  await mkdir(home, { recursive: true })
  await copyFile(new URL('package.json', root), new URL('package.json', home))
  await symlink(new URL('vectors', root), new URL('vectors', home), 'dir')
}

/** Removes what was built. */
export function removeCli(): Promise<void> {
  return rm(home, { recursive: true, force: true })
}

/** Runs the command line as a process of its own, to its end. */
export function cli(args: readonly string[], { input = '', env = {} }: Given = {}): Promise<Run> {
  const child = spawn(process.execPath, [main, ...args], { env: { PATH: process.env['PATH'], ...env } })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  // A command that needs no input may end before it was written.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}
