#!/usr/bin/env node
import { CommanderError } from 'commander'
import { Exit } from './exit.ts'
import { programFor } from './program.ts'
import { allowClosedPipes, remark } from './show/output.ts'
import { version } from './version.ts'

allowClosedPipes()
try {
  const program = await programFor(process.argv.slice(2), version)
  await program.parseAsync([...process.argv.slice(0, 2), ...process.argv.slice(2).map(asOperand)])
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else if (error instanceof Exit) {
    const asJson = process.argv.includes('--json')
    remark(asJson ? `${JSON.stringify({ message: error.message })}\n` : `ace-oauth: ${error.message}\n`)
    process.exitCode = error.code
  } else throw error
}

/** No option begins as PEM or a list of numbers does: a blank before it, which every reader skips, keeps it from being taken for one. */
function asOperand(word: string): string {
  return /^-(?:----BEGIN |\d+[\s,])/.test(word) ? ` ${word}` : word
}
