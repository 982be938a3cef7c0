import { stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Configuration, isPostgres, storeLocation } from '../../serve/configuration.ts'
import { permissionProblems } from '../../serve/permissions.ts'
import { loadPolicy } from '../../serve/policy-module.ts'
import { readTls } from '../../serve/tls.ts'
import { type Finding, inTime, reason, reasons } from './finding.ts'

const day = 86_400_000
/** From how many days before its end a certificate is warned of. */
const warnDays = 14
const megabyte = 1024 * 1024
/** How much space there has to be on the disk of the store, in bytes: to be quiet, and to go on. */
const plentySpace = 500 * megabyte
const leastSpace = 20 * megabyte

/** Who may read and write the files of a configuration: those with secrets, and those that say what runs. */
export async function checkPermissions(configuration: Configuration): Promise<Finding[]> {
  const problems = await permissionProblems(configuration)
  const others = isPostgres(configuration.store) ? [] : await storeFiles(storeLocation(configuration))
  const failed = [
    ...problems.map(({ path, mode, problem }) => `${path}: ${problem} (mode ${mode})`),
    ...others,
  ]
  if (failed.length === 0)
    return [{ check: 'permissions', state: 'ok', detail: 'keys and secrets are for their owner alone' }]
  return failed.map((detail) => ({ check: 'permissions', state: 'failed', detail }))
}

/** What is wrong with the files beside that of the store, and with its folder. */
async function storeFiles(file: string): Promise<string[]> {
  if (process.platform === 'win32') return []
  const modeOf = async (path: string): Promise<number> => (await stat(path).catch(() => undefined))?.mode ?? 0
  const found: string[] = []
  for (const path of [`${file}-wal`, `${file}-shm`])
    if (((await modeOf(path)) & 0o066) !== 0) found.push(`${path}: others can read or write it`)
  const mode = await modeOf(dirname(file))
  // Where the sticky bit is set, nobody removes what is another's.
  if ((mode & 0o022) !== 0 && (mode & 0o1000) === 0)
    found.push(`${dirname(file)}: others can put another store in the place of this one`)
  return found
}

/** Whether the policy of a configuration can be loaded. */
export async function checkPolicy(configuration: Configuration): Promise<Finding[]> {
  if (configuration.policy === undefined) return []
  try {
    await inTime(loadPolicy(configuration, 0))
    return [{ check: 'policy', state: 'ok', detail: configuration.policy }]
  } catch (error) {
    return reasons(error).map((detail) => ({ check: 'policy', state: 'failed', detail }))
  }
}

/** Whether the certificate of a configuration is good, and for how long. */
export async function checkCertificate(configuration: Configuration, nowMs: number): Promise<Finding[]> {
  const { https } = configuration.listen
  if (!https) return []
  try {
    const { validFrom, validTo } = await readTls(https, configuration)
    const days = Math.floor((validTo - nowMs) / day)
    const until = `until ${new Date(validTo).toISOString().slice(0, 10)}`
    if (nowMs < validFrom) return [failed(`it is not valid before ${new Date(validFrom).toISOString()}`)]
    if (nowMs >= validTo) return [failed(`it was valid ${until}`)]
    const state = days < warnDays ? 'warning' : 'ok'
    return [{ check: 'certificate', state, detail: `valid ${until}, for ${days} days` }]
  } catch (error) {
    return reasons(error).map(failed)
  }
  function failed(detail: string): Finding {
    return { check: 'certificate', state: 'failed', detail }
  }
}

/** Whether there is space for the store to grow. */
export async function checkSpace(configuration: Configuration): Promise<Finding[]> {
  if (isPostgres(configuration.store)) return []
  const folder = dirname(storeLocation(configuration))
  try {
    const { bavail, bsize } = await statfs(folder)
    const free = bavail * bsize
    const state = free < leastSpace ? 'failed' : free < plentySpace ? 'warning' : 'ok'
    return [{ check: 'space', state, detail: `${Math.floor(free / megabyte)} MB are free in ${folder}` }]
  } catch (error) {
    return [{ check: 'space', state: 'failed', detail: reason(error) }]
  }
}
