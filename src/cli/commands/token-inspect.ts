import type { Command } from 'commander'
import { tag } from '../../cbor/major.ts'
import { type CoseMessage, decodeCoseMessage } from '../../cose/cose-message.ts'
import { fromBase64url } from '../../table/base64url.ts'
import { TokenClaims } from '../../token/token-claims.ts'
import { annotate } from '../annotate.ts'
import { Exit } from '../exit.ts'
import { type InputOptions, readToken } from '../input.ts'
import { parseItem } from '../item.ts'
import { print, type Style, styleFor } from '../output.ts'
import { refusing } from '../protection-refusal.ts'
import { toJson } from '../text.ts'
import { renderClaims } from '../told-claims.ts'
import { vocabularyOf } from '../vocabulary.ts'
import { withBytes, withExamples } from './options.ts'

/** `ace-oauth token inspect`: what a token says, without any proof that it is true. */
export function addTokenInspect(token: Command): void {
  const command = token
    .command('inspect')
    .summary('show what a token says, unverified')
    .description(
      'Show the layers and claims of a CWT or a JWT. Nothing is verified; what is encrypted stays so.',
    )
  withExamples(withBytes(command), [
    ['token inspect @token.cwt', 'a token from a file'],
    ['token inspect eyJhbGciOiJFUzI1NiJ9.e30.AA', 'a JWT'],
  ]).action(inspect)
}

async function inspect(input: string | undefined, options: InputOptions): Promise<void> {
  const token = await readToken(input, options)
  const style = styleFor(process.stdout)
  print(`${style.yellow('Nothing of this is verified.')}\n`)
  if (typeof token === 'string') return print(inspectJwt(token, style))
  await refusing(async () => inspectCwt(token, style), token)
}

function inspectCwt(token: Uint8Array, style: Style): void {
  print(`\n${style.bold('CBOR')}\n${annotate(token, parseItem(token), style)}`)
  let message: CoseMessage | undefined = decodeCoseMessage(token)
  while (message) {
    const { structure, protected: header, unprotected, content } = message
    print(`\n${style.bold(structure)}, algorithm ${toJson(header.alg ?? unprotected.alg ?? 'not told')}\n`)
    message = undefined
    if (!content) print('  the payload is detached\n')
    else if (structure === 'encrypt0')
      print(`  ${content.length} bytes of ciphertext: token verify opens it\n`)
    else if (content[0]! >> 5 === tag) message = decodeCoseMessage(content)
    else print(inspectClaims(content, style))
  }
}

function inspectClaims(payload: Uint8Array, style: Style): string {
  const annotated = annotate(payload, parseItem(payload), style, vocabularyOf({ rows: TokenClaims.table }))
  return `${annotated}\n${style.bold('Claims')}\n${renderClaims(TokenClaims.fromCbor(payload), style)}`
}

function inspectJwt(token: string, style: Style): string {
  const parts = token.split('.')
  const header = `\n${style.bold('Header')}\n  ${toJson(jsonOf(parts[0]))}\n`
  return parts.length > 3
    ? `${header}  an encrypted JWT: token verify opens it\n`
    : `${header}\n${style.bold('Claims')}\n  ${toJson(jsonOf(parts[1]))}\n`
}

function jsonOf(part = ''): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(fromBase64url(part)))
  } catch {
    throw new Exit(1, 'the token is not a JWT: a part of it is not JSON in base64url')
  }
}
