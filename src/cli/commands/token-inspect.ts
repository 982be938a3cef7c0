import type { Command } from 'commander'
import { DecodeError } from '../../cbor/decode-error.ts'
import { byteString, map, textString } from '../../cbor/major.ts'
import { coseAlgorithms } from '../../registry/generated/cose-algorithms.ts'
import { coseHeaderParameters } from '../../registry/generated/cose-header-parameters.ts'
import { nameOf } from '../../registry/registry.ts'
import { fromBase64url } from '../../table/base64url.ts'
import { TokenClaims } from '../../token/token-claims.ts'
import { Exit } from '../exit.ts'
import { guessMessage } from '../guess.ts'
import { type InputOptions, readToken } from '../input/source.ts'
import { defaultAceErrorKey } from '../message-names.ts'
import { messageKind } from '../messages.ts'
import { refusing } from '../protection-refusal.ts'
import { type CoseName, hintOf, recognize, withoutSelfDescription } from '../recognize.ts'
import { annotate } from '../show/annotate.ts'
import { diagnosticNotation } from '../show/diagnostic-notation.ts'
import { type Item, nestedItem, parseItem } from '../show/item.ts'
import { integerOf, itemToJson, pairs, textOf } from '../show/item-value.ts'
import { print, type Style, styleFor } from '../show/output.ts'
import { printable, toJson } from '../show/text.ts'
import { renderClaims } from '../show/told-claims.ts'
import { claimsWord, coseWord } from '../show/vocabulary.ts'
import { withExamples } from './examples.ts'
import { withBytes } from './options.ts'

interface Options extends InputOptions {
  readonly json?: boolean
}

/** One layer of a token, as JSON tells it. */
interface Layer {
  readonly structure: string
  readonly alg?: unknown
  readonly kid?: unknown
}

/** `ace-oauth token inspect`: what a token says, without any proof that it is true. */
export function addTokenInspect(token: Command): void {
  const command = token
    .command('inspect')
    .summary('show what a token says, unverified')
    .description(
      'Show the layers and claims of a CWT, tagged or not, a CWT Claims Set, or a JWT. Nothing is verified; what is\n' +
        'encrypted stays so.',
    )
    .option('--json', 'print layers and claims as JSON')
  withExamples(withBytes(command), [
    ['token inspect @token.cwt', 'a token from a file'],
    ['token inspect eyJhbGciOiJFUzI1NiJ9.e30.AA', 'a JWT'],
  ]).action(inspect)
}

async function inspect(argument: string | undefined, options: Options): Promise<void> {
  const token = await readToken(argument, options)
  const style = styleFor(process.stdout)
  if (typeof token === 'string') return inspectJwt(token, style, options)
  const { bytes } = withoutSelfDescription(token.bytes)
  await refusing(async () => inspectCbor(bytes, style, options), bytes, token)
}

const unverified = 'Nothing of this is verified.'

function inspectCbor(bytes: Uint8Array, style: Style, { json }: Options): void {
  const item = parseItem(bytes)
  const recognized = recognize(bytes, item)
  if (recognized.is !== 'cose' && recognized.is !== 'claims') throw new Exit(1, notAToken(bytes, item))
  const { layers, claims } = layersOf(bytes, item)
  const read = claims && claimsAt(bytes, claims)
  if (json) return print(`${toJson({ verified: false, layers, claims: read?.toJson() ?? null })}\n`)
  const word = recognized.is === 'cose' ? coseWord(recognized.name) : claimsWord
  print(`${style.yellow(unverified)}\n\n${style.bold('CBOR')}\n${annotate(bytes, item, style, word)}`)
  if (recognized.is === 'claims')
    print(`\n${style.bold('CWT Claims Set')}, without a COSE message around it: nothing protects it\n`)
  for (const layer of layers) print(renderLayer(layer, style))
  if (read) print(`\n${style.bold('Claims')}\n${renderClaims(read, style)}`)
}

/** Names what is given for a token and is none. */
function notAToken(bytes: Uint8Array, item: Item): string {
  const recognized = recognize(bytes, item)
  const hint = hintOf(recognized)
  if (hint) return hint
  if (item.major !== map) return 'this is CBOR, but neither a COSE message nor a CWT Claims Set: no CWT'
  const { name } = guessMessage(bytes, defaultAceErrorKey)
  const { title } = messageKind(name)
  const where = name === 'token-response' ? ', whose token stands under key 1' : ''
  return `this is no CWT, but by its keys: ${title}${where}; ace-oauth decode shows it`
}

/** The layers of a token, and the place of its claims where they are to be seen. */
function layersOf(bytes: Uint8Array, item: Item): { layers: Layer[]; claims?: Item } {
  const layers: Layer[] = []
  let at: Item | undefined = item
  while (at) {
    const recognized = recognize(bytes, at)
    if (recognized.is !== 'cose') return { layers, claims: at }
    const { name, item: message, isTagged } = recognized
    layers.push(layerOf(bytes, message, name, isTagged))
    const payload = message.items[2]
    const isEncrypted = name === 'COSE_Encrypt0' || name === 'COSE_Encrypt'
    at = isEncrypted || payload?.major !== byteString ? undefined : nestedItem(bytes, payload)
  }
  return { layers }
}

/** The structures that a token of one recipient has; those with recipients or several signers are shown, not opened. */
const openable: readonly string[] = ['COSE_Sign1', 'COSE_Mac0', 'COSE_Encrypt0']

function layerOf(bytes: Uint8Array, message: Item, name: CoseName | undefined, isTagged: boolean): Layer {
  const [protectedHeader, unprotected] = message.items
  const nested = protectedHeader && nestedItem(bytes, protectedHeader)
  const find = (label: number): Item | undefined => {
    for (const header of [nested, unprotected])
      if (header?.major === map) {
        const found = pairs(header).find(([key]) => integerOf(key) === label)
        if (found) return found[1]
      }
    return undefined
  }
  const alg = find(coseHeaderParameters.alg)
  const kid = find(coseHeaderParameters.kid)
  const structure = `${name ?? 'a COSE message'}${isTagged ? '' : ', untagged'}`
  return {
    structure: openable.includes(name ?? '') ? structure : `${structure}, which token verify does not open`,
    ...(alg && { alg: algorithmName(bytes, alg) }),
    ...(kid && { kid: diagnosticNotation(bytes, kid) }),
  }
}

function algorithmName(bytes: Uint8Array, alg: Item): unknown {
  const integer = integerOf(alg)
  if (integer !== undefined) return nameOf(coseAlgorithms, integer) ?? Number(integer)
  return alg.major === textString ? `the text ${toJson(textOf(bytes, alg))}` : itemToJson(bytes, alg)
}

function renderLayer({ structure, alg, kid }: Layer, style: Style): string {
  const told = [`algorithm ${alg === undefined ? 'not told' : toJson(alg).replace(/^"(.*)"$/, '$1')}`]
  if (kid !== undefined) told.push(`kid ${printable(String(kid))}`)
  return `\n${style.bold(structure)}, ${told.join(', ')}\n`
}

/** Reads the claims. A refusal tells the offset in the outer bytes. */
function claimsAt(bytes: Uint8Array, { start, end }: Item): TokenClaims {
  try {
    return TokenClaims.fromCbor(bytes.subarray(start, end))
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    throw new DecodeError(error.reason, error.path, error.expected, start + (error.offset ?? 0))
  }
}

function inspectJwt(token: string, style: Style, { json }: Options): void {
  const parts = token.split('.')
  const header = jsonOf(parts[0])
  const claims = parts.length > 3 ? null : jsonOf(parts[1])
  if (json) return print(`${toJson({ verified: false, layers: [header], claims })}\n`)
  print(`${style.yellow(unverified)}\n\n${style.bold('Header')}\n  ${toJson(header)}\n`)
  if (claims === null) print('  an encrypted JWT: token verify opens it\n')
  else print(`\n${style.bold('Claims')}\n  ${toJson(claims)}\n`)
}

function jsonOf(part = ''): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(fromBase64url(part)))
  } catch {
    throw new Exit(1, 'the token is not a JWT: a part of it is not JSON in base64url')
  }
}
