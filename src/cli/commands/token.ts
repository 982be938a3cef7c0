import type { Command } from 'commander'
import { addTokenInspect } from './token-inspect.ts'
import { addTokenSign } from './token-sign.ts'
import { addTokenVerify } from './token-verify.ts'

/** `ace-oauth token`: access tokens, for people who debug. */
export function configureToken(token: Command): void {
  token.description('Look into access tokens, verify and make them.')
  for (const add of [addTokenInspect, addTokenVerify, addTokenSign]) add(token)
}
