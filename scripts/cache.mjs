// What the checks on other runtimes and compilers need, fetched from npm into a folder outside the tree, so that
// `npm ci` installs what building and testing on Node needs and no more.
import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** The folder: ACE_OAUTH_CACHE, or `ace-oauth` in the user's cache. */
export const cache =
  process.env.ACE_OAUTH_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'ace-oauth')

/** Runs a command to its end, and gives its exit code and what it wrote; -1 where it cannot be started or takes too long. */
export function run(command, args, { timeoutMs = 600_000, ...options } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
    let stdout = ''
    let stderr = ''
    child.stdout?.on('data', (part) => {
      stdout += part
    })
    child.stderr?.on('data', (part) => {
      stderr += part
    })
    child.on('error', (error) => {
      clearTimeout(timer)
      resolve({ code: -1, stdout, stderr: String(error) })
    })
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve({ code: code ?? -1, stdout, stderr })
    })
  })
}

/**
 * The folder of a package from npm, such as `typescript@5.4.5`; undefined where it is not at hand and may not be, or
 * cannot be, fetched. None of its scripts runs.
 */
export async function packageFolder(spec, { fetch = true } = {}) {
  const name = spec.slice(0, spec.lastIndexOf('@'))
  const folder = join(cache, 'npm', spec.replaceAll('/', '+'))
  const inside = join(folder, 'node_modules', name)
  if (existsSync(inside)) return inside
  if (!fetch) return undefined
  mkdirSync(join(cache, 'npm'), { recursive: true })
  const started = Date.now()
  process.stderr.write(`fetching ${spec} into ${cache} ...`)
  const dots = setInterval(() => process.stderr.write('.'), 5_000)
  // Installed aside and renamed, so that what is interrupted leaves nothing that looks whole.
  const aside = mkdtempSync(join(cache, 'fetching-'))
  try {
    writeFileSync(join(aside, 'package.json'), '{ "private": true }')
    const { code, stderr } = await run(
      'npm',
      [
        'install',
        '--no-audit',
        '--no-fund',
        '--prefer-offline',
        '--ignore-scripts',
        '--loglevel=error',
        spec,
      ],
      { cwd: aside },
    )
    if (code !== 0 || !existsSync(join(aside, 'node_modules', name))) {
      process.stderr.write(` failed\n${stderr.trim()}\n`)
      return undefined
    }
    rmSync(folder, { recursive: true, force: true })
    renameSync(aside, folder)
    process.stderr.write(` ${Math.round((Date.now() - started) / 1_000)} s\n`)
    return inside
  } finally {
    clearInterval(dots)
    rmSync(aside, { recursive: true, force: true })
  }
}

/** The first file below a folder with one of the names given and at least a size in bytes. */
export function findFile(folder, names, size) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && names.includes(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .find((path) => statSync(path).size >= size)
}
