import { type Command, Option } from 'commander'
import { DecodeError } from '../../cbor/decode-error.ts'
import { tag } from '../../cbor/major.ts'
import { supportedAlgorithms } from '../../cose/algorithms.ts'
import { inWords } from '../../cose/cose-error.ts'
import { Failure } from '../../failure/failure.ts'
import { runbookOf } from '../../failure/runbook.ts'
import { cborTags } from '../../registry/generated/cbor-tags.ts'
import { verifyAccessToken } from '../../resource-server/verify-access-token.ts'
import { ProtectionError } from '../../token/protection-error.ts'
import { type InputOptions, readToken } from '../input/source.ts'
import { readKeys } from '../keys.ts'
import { refusing } from '../protection-refusal.ts'
import { type Recognized, recognize, withoutSelfDescription } from '../recognize.ts'
import { parseItem } from '../show/item.ts'
import { print, remark, styleFor } from '../show/output.ts'
import { facts } from '../show/table.ts'
import { printable, toJson } from '../show/text.ts'
import { renderClaims } from '../show/told-claims.ts'
import { withExamples } from './examples.ts'
import { integerOption, withBytes } from './options.ts'

interface Options extends InputOptions {
  readonly key: string
  readonly audience: string
  readonly issuer?: string
  readonly at?: number
  readonly clockSkew?: number
  readonly structure?: keyof typeof structureTags
  readonly type?: readonly string[]
  readonly json?: boolean
}

/** The tag that an untagged CWT would begin with (RFC 8392 section 6 makes it optional). */
const structureTags = {
  sign1: cborTags.COSE_Sign1,
  mac0: cborTags.COSE_Mac0,
  encrypt0: cborTags.COSE_Encrypt0,
} as const
const structureNames = { COSE_Sign1: 'sign1', COSE_Mac0: 'mac0', COSE_Encrypt0: 'encrypt0' } as const

/** `ace-oauth token verify`: whether a resource server would take a token. */
export function addTokenVerify(token: Command): void {
  const command = token
    .command('verify')
    .summary('verify a token as a resource server does')
    .description(
      'Verify a CWT or a JWT in the order of RFC 9200 section 5.10.1.1: protection, iss, exp and nbf, aud. Scopes are all\n' +
        'taken, and so is every algorithm that a key is good for. Exit code 1 where the token is refused.',
    )
    .requiredOption('--key <key>', 'a JWK, a JWK Set or a COSE_Key, or @file')
    .requiredOption('--audience <audience>', 'the audience that the token has to be for')
    .option('--issuer <issuer>', 'the iss claim that the token has to have; without it, it must have none')
    .option('--at <seconds>', 'the time, in seconds since 1970; now where this is absent', integerOption)
    .option('--clock-skew <seconds>', 'how far the clocks may be apart', integerOption)
    .addOption(
      new Option(
        '--structure <name>',
        'what an untagged CWT is; told by its shape where this is absent',
      ).choices(Object.keys(structureTags)),
    )
    .option(
      '--type <types...>',
      'the typ headers of JWTs that are taken, in place of at+jwt (RFC 9068); none for a JWT without one',
    )
    .option('--json', 'print the claims as JSON')
  withExamples(withBytes(command), [
    ['token verify @token.cwt --key @as.jwk --audience tempSensor4711', 'a token from a file'],
    [
      'token verify @token.jwt --key @jwks.json --audience rs1 --type JWT --issuer https://as.example.com',
      'a JWT of a server that writes another type',
    ],
    [
      'token verify --key @as.jwk --audience rs1 --issuer coaps://as.example.com < token.cwt',
      'one from a pipe',
    ],
  ]).action(verify)
}

async function verify(input: string | undefined, options: Options): Promise<void> {
  const { audience, issuer, at, clockSkew, type } = options
  const types = type?.map((one) => (one === 'none' ? undefined : one))
  const style = styleFor(process.stdout)
  const given = await readToken(input, options)
  const token = typeof given === 'string' ? given : tagged(given.bytes, options.structure)
  await refusing(async () => {
    const keys = await readKeys(options.key)
    const verified = await verifyAccessToken(token, {
      issuers: [{ issuer, keys, algorithms: supportedAlgorithms, types }],
      audiences: audience,
      requiredClaims: ['aud'],
      recognizesScope: () => true,
      now: at === undefined ? undefined : () => at,
      clockSkew,
    }).catch((thrown) => refused(thrown, options.json))
    if (!verified) return
    const layers = verified.layers.map(({ structure, alg }) => `${structure} ${alg}`).join(', ')
    if (options.json) print(`${toJson(verified.claims.toJson())}\n`)
    else
      print(
        `${style.green('verified')}: ${verified.format}, ${layers}\n\n${renderClaims(verified.claims, style)}`,
      )
  })
}

/** Tells why the token was refused, also what a client would not be told. */
function refused(thrown: unknown, asJson = false): undefined {
  if (!(thrown instanceof Failure)) throw thrown
  const { code, coapCode } = thrown
  const { meaning, action } = runbookOf(code)
  const because = reasonOf(thrown)
  const told = facts([
    ['meaning', meaning],
    ['because', because],
    ['action', action],
    ['answer', coapCode],
  ])
  remark(
    asJson
      ? `${toJson({ code, message: meaning, because, action, answer: coapCode })}\n`
      : `${styleFor(process.stderr).red('refused')}: ${code}\n\n${told}`,
  )
  process.exitCode = 1
}

function reasonOf(failure: Failure): string | undefined {
  if (failure instanceof ProtectionError) {
    const because = inWords(failure.reason, failure.expected)
    return failure.expected === 'a type that is taken' ? `${because}: --type names others` : because
  }
  if (failure.cause instanceof Error) return printable(failure.cause.message)
  return Object.keys(failure.details).length > 0 ? toJson(failure.details) : undefined
}

/** The CWT with a tag that says what it is, if it has none. */
function tagged(cwt: Uint8Array, structure: Options['structure']): Uint8Array {
  const { bytes } = withoutSelfDescription(cwt)
  let recognized: Recognized
  try {
    recognized = recognize(bytes, parseItem(bytes))
  } catch (error) {
    // What is no CBOR the verification refuses, or takes for a reference.
    if (error instanceof DecodeError) return bytes
    throw error
  }
  if (recognized.is !== 'cose' || recognized.isTagged) return bytes
  const { name } = recognized
  const told =
    structure ??
    (name && name in structureNames ? structureNames[name as keyof typeof structureNames] : undefined)
  if (!told) return bytes
  return Uint8Array.of((tag << 5) | structureTags[told], ...bytes.subarray(recognized.item.start))
}
