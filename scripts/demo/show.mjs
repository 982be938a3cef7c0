// What the demo prints: an exchange byte by byte, and what the client should do.
import { runbookOf } from 'ace-oauth'
import { Failure } from 'ace-oauth/failure'
import { build } from 'esbuild'

/** The command line's own way to show an exchange, from its sources. */
async function renderer() {
  const { outputFiles } = await build({
    stdin: {
      contents: [
        ['annotate', 'annotate'],
        ['renderExchange', 'exchange'],
        ['parseItem', 'item'],
        ['styleFor', 'output'],
      ]
        .map(([name, file]) => `export { ${name} } from './src/cli/show/${file}.ts'\n`)
        .join(''),
      resolveDir: process.cwd(),
    },
    bundle: true,
    write: false,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    conditions: ['ace-oauth-source'],
  })
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`)
}
const { annotate, parseItem, renderExchange, styleFor } = await renderer()
const style = styleFor(process.stdout)

const indented = (text) => text.replaceAll(/^(?=.)/gm, '    ')

let scenes = 0

/** Begins a scene. */
export function scene(title) {
  scenes++
  console.log(`\n${style.bold(`${scenes}. ${title}`)}\n`)
}

export const sceneCount = () => scenes

/** A line of what is going on. */
export const say = (text) => console.log(`  ${text}`)

export function showExchange(exchange) {
  console.log(indented(renderExchange(exchange, style, true)))
}

/** Any CBOR, byte by byte. */
export function showItem(bytes) {
  console.log(`\n${indented(annotate(bytes, parseItem(bytes), style))}`)
}

/** What the client should do about a failure: whether to try again, and who can repair what. */
export function advise({ code, kind, retryAfterMs }) {
  const { meaning, action } = runbookOf(code)
  say(`${style.red(code)}: ${meaning}`)
  say(
    kind.isTransient
      ? `the client tries again after ${retryAfterMs ?? kind.baseBackoffMs} ms`
      : `trying again does not help (${kind.suggestedAction}): ${action}`,
  )
}

/** Fails the demo unless something is as it should be. */
export function expect(is, what) {
  if (!is) throw new Error(`expected ${what}`)
  say(`${style.green('ok:')} ${what}`)
}

/** The failure that a step ends with. */
export async function failureOf(step) {
  try {
    await step()
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
  throw new Error('expected a failure, and there was none')
}
