import type { Command } from 'commander'
import { type Configuration, readConfiguration, storeLocation } from '../../serve/configuration.ts'
import { openStore } from '../../store/open-store.ts'
import { checkCertificate, checkPermissions, checkPolicy, checkSpace } from '../check/check-files.ts'
import { checkKeys } from '../check/check-keys.ts'
import { checkStore } from '../check/check-store.ts'
import { type Finding, reason, reasons } from '../check/finding.ts'
import { type ResultOptions, withExamples, withResult } from '../options.ts'
import { CommandError, show } from '../output.ts'
import { onePage, showPages } from '../pages.ts'
import type { CommonOptions } from '../with-store.ts'
import type { Context } from './context.ts'

/** `ace-oauth-server check`: whether the server can do its work. */
export function configureCheck(command: Command, { output, signals }: Context): void {
  withExamples(
    withResult(command).description(
      'Check whether the server can do its work: configuration, permissions of its files, policy, certificate, store, disk, clock and keys. Nothing is changed, and a server may run meanwhile. The exit code is 1 where something failed; warnings do not count.',
    ),
    ['check', 'a table of what was checked'],
    ['check --json', 'the same for a script: {"ok":…,"checks":[{"check":…,"state":…,"detail":…}]}'],
  ).action(async (options: ResultOptions) => {
    const checks = await checkAll(options, signals.end)
    const failed = checks.filter(({ state }) => state === 'failed').length
    if (options.json) show(output, { ok: failed === 0, checks }, true)
    else
      await showPages(output, onePage(checks), (each) => ({ ...each }), ['check', 'state', 'detail'], false)
    if (failed > 0) throw new CommandError(1, failed === 1 ? 'one check failed' : `${failed} checks failed`)
  })
}

async function checkAll({ config, set }: CommonOptions, signal: AbortSignal): Promise<Finding[]> {
  let configuration: Configuration
  try {
    configuration = await readConfiguration(config, set)
  } catch (error) {
    return reasons(error).map((detail) => ({ check: 'configuration', state: 'failed', detail }))
  }
  const { findings, isReadable } = await checkStore(configuration)
  return [
    { check: 'configuration', state: 'ok', detail: configuration.file },
    ...(await checkPermissions(configuration)),
    ...(await checkPolicy(configuration)),
    ...(await checkCertificate(configuration, Date.now())),
    ...findings,
    ...(await checkSpace(configuration)),
    ...(isReadable ? await keysOf(configuration, signal) : []),
  ]
}

async function keysOf(configuration: Configuration, signal: AbortSignal): Promise<Finding[]> {
  try {
    const store = await openStore(storeLocation(configuration))
    try {
      return await checkKeys(store, signal)
    } finally {
      await store.close()
    }
  } catch (error) {
    return [{ check: 'store', state: 'failed', detail: reason(error) }]
  }
}
