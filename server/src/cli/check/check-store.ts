import { stat } from 'node:fs/promises'
import { type Configuration, isPostgres, storeLocation } from '../../serve/configuration.ts'
import { inspectStore, type StoreState } from '../../store/inspect-store.ts'
import { type Finding, inTime, reason } from './finding.ts'

/** No clock that is right is before this: 2026-01-01. */
const earliest = 1_767_225_600_000
/** How far the clocks of this machine and of the database may be apart, in milliseconds: to be quiet, and to be good. */
const quietSkew = 2_000
const mostSkew = 30_000

/** What was found of a store. */
export interface CheckedStore {
  readonly findings: readonly Finding[]
  /** Whether its tables are those of this program, so that they can be read. */
  readonly isReadable: boolean
}

/** Whether the store answers, can be written to, and has the version of this program; and whether its clock is ours. */
export async function checkStore(configuration: Configuration): Promise<CheckedStore> {
  const location = storeLocation(configuration)
  let state: StoreState
  let skew: number | undefined
  try {
    if (!isPostgres(location)) await stat(location)
    const before = Date.now()
    state = await inTime(inspectStore(location))
    // The clock was read at some time in between.
    const [least, most] = [(state.clockMs ?? before) - Date.now(), (state.clockMs ?? before) - before]
    skew = state.clockMs === undefined ? undefined : least > 0 ? least : most < 0 ? most : 0
  } catch (error) {
    const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT'
    const detail = isAbsent ? `there is no store at ${location}` : reason(error)
    return { findings: [{ check: 'store', state: 'failed', detail }, clock(Date.now())], isReadable: false }
  }
  const { version, currentVersion, engine, latest } = state
  return {
    findings: [versioned(engine, version, currentVersion), clock(Date.now(), skew, latest)],
    isReadable: version === currentVersion,
  }
}

function versioned(engine: string, version: number, currentVersion: number): Finding {
  const name = engine === 'sqlite' ? 'SQLite' : 'PostgreSQL'
  if (version > currentVersion)
    return {
      check: 'store',
      state: 'failed',
      detail: `${name}: it has version ${version}, and this program knows versions up to ${currentVersion}: use a newer ace-oauth-server`,
    }
  if (version < currentVersion)
    return {
      check: 'store',
      state: 'warning',
      detail: `${name}: it has version ${version}; the server, or the next command, brings it to ${currentVersion}`,
    }
  return { check: 'store', state: 'ok', detail: `${name}, version ${version}, can be written to` }
}

/**
 * Whether the clock can be right.
 *
 * @param skew how far the clock of the database is ahead, in milliseconds
 * @param latest the latest time of what has happened, in seconds since 1970
 */
function clock(nowMs: number, skew = 0, latest = 0): Finding {
  const at = new Date(nowMs).toISOString()
  const wrong = (detail: string): Finding => ({ check: 'clock', state: 'failed', detail: `${at}: ${detail}` })
  if (nowMs < earliest) return wrong('it is wrong: tokens would have expired when they are issued')
  const ahead = latest - Math.floor(nowMs / 1_000)
  if (ahead > mostSkew / 1_000)
    return wrong(
      `something happened ${ahead} s from now: the clock was put back, or that of another process is ahead`,
    )
  const seconds = Math.round(Math.abs(skew) / 100) / 10
  const apart = `the clock of the database is ${seconds} s ${skew > 0 ? 'ahead' : 'behind'}`
  if (Math.abs(skew) > mostSkew) return wrong(apart)
  if (Math.abs(skew) > quietSkew) return { check: 'clock', state: 'warning', detail: `${at}: ${apart}` }
  return { check: 'clock', state: 'ok', detail: at }
}
