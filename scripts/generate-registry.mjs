// Writes src/registry/generated/ from src/registry/registries.json.
//
//   node scripts/generate-registry.mjs            write the files
//   node scripts/generate-registry.mjs --check    exit 1 if a file is missing, stale or left over

import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const source = new URL('../src/registry/registries.json', import.meta.url)
const target = new URL('../src/registry/generated/', import.meta.url)

const banner = '// Generated from src/registry/registries.json by `npm run generate`. Do not edit.\n'

/** Registries that give names to integers: each becomes one const and one name type. */
const nameTypes = {
  errorCodes: 'ErrorCodeName',
  grantTypes: 'GrantTypeName',
  accessTokenTypes: 'AccessTokenTypeName',
  aceProfiles: 'AceProfileName',
  oauthParameters: 'OAuthParameterName',
  introspectionParameters: 'IntrospectionParameterName',
  creationHints: 'CreationHintName',
  confirmationMethods: 'ConfirmationMethodName',
  oscoreParameters: 'OscoreParameterName',
  cwtClaims: 'CwtClaimName',
  problemDetailKeys: 'ProblemDetailKeyName',
  customProblemDetailKeys: 'CustomProblemDetailKeyName',
  contentFormats: 'ContentFormatName',
  coapResponseCodes: 'CoapResponseCodeName',
  coseAlgorithms: 'CoseAlgorithmName',
  coseHeaderParameters: 'CoseHeaderParameterName',
  coseKeyParameters: 'CoseKeyParameterName',
  coseKeyTypes: 'CoseKeyTypeName',
  okpKeyParameters: 'OkpKeyParameterName',
  ec2KeyParameters: 'Ec2KeyParameterName',
  symmetricKeyParameters: 'SymmetricKeyParameterName',
  rsaKeyParameters: 'RsaKeyParameterName',
  akpKeyParameters: 'AkpKeyParameterName',
  coseCurves: 'CoseCurveName',
  coseKeyOps: 'CoseKeyOpName',
  cborTags: 'CborTagName',
}

/** Renders every generated file: file name to text. */
export async function render() {
  const registries = JSON.parse(await readFile(source, 'utf8'))
  const files = new Map()
  for (const [id, nameType] of Object.entries(nameTypes)) {
    files.set(`${kebab(id)}.ts`, integers(id, registries[id], nameType))
  }
  files.set('coap-responses.ts', coapResponses(registries.coapResponseCodes))
  files.set('oauth-error-names.ts', oauthErrorNames(registries.oauthErrors))
  files.set('error-response-keys.ts', constants(registries.oauthParameters, /^error/))
  files.set('failure-problem-keys.ts', constants(registries.problemDetailKeys, /^(detail|response-code)$/))
  files.set('tables.ts', tables(registries))
  return files
}

/** Names the generated files that do not match registries.json, and the ones that should not be there. */
export async function staleFiles() {
  const files = await render()
  const stale = await leftovers(files)
  for (const [name, text] of files) {
    const current = await readFile(new URL(name, target), 'utf8').catch(() => undefined)
    if (current !== text) stale.push(name)
  }
  return stale.sort()
}

async function write() {
  const files = await render()
  await mkdir(target, { recursive: true })
  for (const name of await leftovers(files)) await rm(new URL(name, target))
  for (const [name, text] of files) await writeFile(new URL(name, target), text)
  return files.size
}

async function leftovers(files) {
  const present = await readdir(target).catch(() => [])
  return present.filter((name) => !files.has(name))
}

/** The keys that match, one constant each: a bundler puts them in their places and leaves the others out. */
function constants({ rows }, names) {
  const constants = rows
    .filter(({ name }) => names.test(name))
    .map((row) => {
      const name = row.name.replace(/[_-](.)/g, (_, letter) => letter.toUpperCase())
      return `/** ${summary(row)} */\nexport const ${name}Key = ${row.value}\n`
    })
  return `${banner}\n${constants.join('\n')}`
}

function integers(id, registry, nameType) {
  const rows = registry.rows.map((row) => `  /** ${summary(row)} */\n  ${key(row.name)}: ${row.value},\n`)
  const { name, value } = registry.rows.find((row) => row.value > 0) ?? registry.rows[0]
  return `${banner}
/**
 * ${heading(registry)}
 *
 * ${[...registry.notes, privateUse(registry)].join('\n * ')}
 *
 * @example
 * ${id}${member(name)} // ${value}
 */
export const ${id} = {
${rows.join('')}} as const

/** A name in {@link ${id}}. */
export type ${nameType} = keyof typeof ${id}
`
}

function coapResponses(registry) {
  const rows = registry.rows.map((row) => {
    const http = row.oauthHttpStatus ?? row.rfc8075HttpStatus?.[0]
    return `  '${row.name}': { name: ${quote(row.description)}, http: ${http} },\n`
  })
  return `${banner}
/**
 * What each CoAP response code is called and which HTTP status goes with it.
 *
 * \`name\` is the description in the CoAP Response Codes registry (RFC 7252, Section 12.1.2).
 * \`http\` is the status that OAuth sends over HTTP (RFC 6749, RFC 6750), otherwise the first one of RFC 8075,
 * Table 2; undefined where neither has one.
 *
 * @example
 * coapResponses['4.01'] // { name: 'Unauthorized', http: 401 }
 */
export const coapResponses = {
${rows.join('')}} as const
`
}

function oauthErrorNames(registry) {
  const usable = /token endpoint|token error response|revocation endpoint|resource access/i
  const names = registry.rows.filter((row) => row.usage.some((u) => usable.test(u))).map((row) => row.name)
  return `${banner}
/**
 * The OAuth error names that a token, introspection or revocation endpoint or a protected resource may send
 * (${registry.reference}, ${registry.ianaName}).
 *
 * Only those in {@link errorCodes} have a CBOR integer.
 *
 * @example
 * oauthErrorNames.includes('invalid_target') // true
 */
export const oauthErrorNames = [
${[...new Set(names)].map((name) => `  ${quote(name)},\n`).join('')}] as const

/** A name in {@link oauthErrorNames}. */
export type OAuthErrorName = (typeof oauthErrorNames)[number]
`
}

function tables(registries) {
  const ids = Object.keys(registries)
  const body = ids.map((id) => `  ${id}: ${literal(registries[id], '  ')},\n`)
  return `${banner}
import type { Registry } from '../registry.ts'

/** The id of one of the {@link registries}. */
export type RegistryId =
${ids.map((id) => `  | ${quote(id)}\n`).join('')}
/**
 * Every registry in full, for tools and documentation. A program that only needs the integers imports the
 * constants, which are much smaller.
 *
 * @example
 * registries.errorCodes.rows.map((row) => row.name) // ['invalid_request', 'invalid_client', ...]
 */
export const registries: Readonly<Record<RegistryId, Registry>> = {
${body.join('')}}
`
}

function heading(registry) {
  const what = registry.subset ? 'A part of the' : 'The'
  return registry.ianaName
    ? `${what} "${registry.ianaName}" registry (${registry.reference}).`
    : `${registry.title} (${registry.reference}).`
}

function privateUse(registry) {
  return registry.privateUseBelow === undefined
    ? 'No value is set aside for private use.'
    : `Values less than ${registry.privateUseBelow} are for private use.`
}

function summary(row) {
  const cited = new Set([...row.references, row.originalSpecification])
  const precise = [...cited].filter((a) => a && ![...cited].some((b) => b?.startsWith(`${a},`)))
  const what = [row.description?.replace(/\.$/, ''), row.valueType].filter(Boolean).join(': ')
  return [what, precise.join('; '), row.note]
    .filter(Boolean)
    .map((sentence) => sentence.replace(/\.?$/, '.'))
    .join(' ')
}

/** Writes a JSON value as TypeScript: a registry member a line, a row a line. */
function literal(value, indent) {
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]'
    return `[\n${value.map((item) => `${indent}    ${inline(item)},\n`).join('')}${indent}  ]`
  }
  if (typeof value !== 'object') return inline(value)
  const members = Object.entries(value).map(([k, v]) => `${indent}  ${key(k)}: ${literal(v, indent)},\n`)
  return `{\n${members.join('')}${indent}}`
}

function inline(value) {
  if (typeof value === 'string') return quote(value)
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`
  if (typeof value !== 'object') return String(value)
  return `{ ${Object.entries(value)
    .map(([k, v]) => `${key(k)}: ${inline(v)}`)
    .join(', ')} }`
}

function quote(text) {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

function isIdentifier(name) {
  return /^[A-Za-z_$][\w$]*$/.test(name)
}

function key(name) {
  return isIdentifier(name) ? name : quote(name)
}

function member(name) {
  return isIdentifier(name) ? `.${name}` : `[${quote(name)}]`
}

function kebab(id) {
  return id.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--check')) {
    const stale = await staleFiles()
    if (stale.length > 0) {
      console.error(`stale in src/registry/generated: ${stale.join(', ')} (run \`npm run generate\`)`)
      process.exitCode = 1
    }
  } else {
    console.log(`${await write()} files written to src/registry/generated`)
  }
}
