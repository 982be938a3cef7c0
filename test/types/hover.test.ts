import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'

const file = resolve('test/types/hovered.ts')
const text = `import { AccessTokenRequest, ErrorResponse, IntrospectionResponse } from '../../src/index.ts'
export const request = new AccessTokenRequest({ audience: 'rs', req_cnf: {} })
export const response = new IntrospectionResponse({ active: true, exi: 5 })
export const denied = ErrorResponse.builder().description('no').build()
request.scope
`

const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile)
const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, process.cwd())
const service = ts.createLanguageService({
  getCompilationSettings: () => options,
  getScriptFileNames: () => [file],
  getScriptVersion: () => '1',
  getScriptSnapshot: (name) => {
    if (name === file) return ts.ScriptSnapshot.fromString(text)
    return ts.sys.fileExists(name) ? ts.ScriptSnapshot.fromString(readFileSync(name, 'utf8')) : undefined
  },
  getCurrentDirectory: () => process.cwd(),
  getDefaultLibFileName: (given) => ts.getDefaultLibFilePath(given),
  fileExists: (name) => name === file || ts.sys.fileExists(name),
  readFile: (name) => (name === file ? text : ts.sys.readFile(name)),
  directoryExists: ts.sys.directoryExists,
  getDirectories: ts.sys.getDirectories,
})

/** What an editor shows at a word, the last one of that name. */
const documentationAt = (word: string): string =>
  ts.displayPartsToString(service.getQuickInfoAtPosition(file, text.lastIndexOf(word))?.documentation)

it.each([
  'AccessTokenRequest({',
  'audience:',
  'req_cnf:',
  'IntrospectionResponse({',
  'active:',
  'exi:',
  'description(',
  'scope',
])('an editor shows the documentation at %s', (word) => {
  expect(text).toContain(word)
  expect(documentationAt(word)).toMatch(/\w+ \w+/)
})
