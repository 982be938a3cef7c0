#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { addCodec } from './commands/codec.ts'
import { addCodes } from './commands/codes.ts'
import { addConformance } from './commands/conformance.ts'
import { addDecode } from './commands/decode.ts'
import { addEncode } from './commands/encode.ts'
import { addExplain } from './commands/explain.ts'
import { addFailures } from './commands/failures.ts'
import { addKey } from './commands/key.ts'
import { withExamples } from './commands/options.ts'
import { addToken } from './commands/token.ts'
import { Exit } from './exit.ts'
import { allowClosedPipes, remark } from './output.ts'
import { version } from './version.ts'

const program = new Command('ace-oauth')
  .description('The messages of ACE-OAuth (RFC 9200), read, written and explained.')
  .version(version)
  .exitOverride()
  .showHelpAfterError('(--help shows how)')
  .configureHelp({ showGlobalOptions: false })
  .addHelpText(
    'after',
    '\nExit codes: 0 all is well, 1 something was refused or failed, 2 wrong usage or an unreadable input.',
  )
withExamples(program, [
  ['decode a1181e03', 'what is in a message'],
  ['explain a1181e03', 'the same byte by byte, and what to do about it'],
  ['encode error-response \'{"error":"invalid_grant"}\'', 'bytes from JSON'],
  ['codes invalid_grant', 'what a code means'],
])
for (const add of [
  addDecode,
  addEncode,
  addExplain,
  addCodes,
  addFailures,
  addToken,
  addKey,
  addConformance,
  addCodec,
])
  add(program)

allowClosedPipes()
try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else if (error instanceof Exit) {
    remark(`ace-oauth: ${error.message}\n`)
    process.exitCode = error.code
  } else throw error
}
