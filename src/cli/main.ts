#!/usr/bin/env node
import { CommanderError } from 'commander'
import { Exit } from './exit.ts'
import { programFor } from './program.ts'
import { allowClosedPipes, remark } from './show/output.ts'
import { version } from './version.ts'

allowClosedPipes()
try {
  const program = await programFor(process.argv.slice(2), version)
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else if (error instanceof Exit) {
    remark(`ace-oauth: ${error.message}\n`)
    process.exitCode = error.code
  } else throw error
}
