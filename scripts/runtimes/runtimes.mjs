// The runtimes: where each comes from, and how it runs a program.

import { spawn } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { build } from 'esbuild'
import { findFile, packageFolder, run } from '../cache.mjs'

const marker = 'RESULT '

/** The result in what a program wrote, or an error with all that it wrote. */
function resultIn({ code, stdout, stderr }) {
  const line = stdout.split('\n').find((text) => text.startsWith(marker))
  if (line) return JSON.parse(line.slice(marker.length))
  throw new Error(`exit code ${code}\n${`${stderr}\n${stdout}`.trim().slice(-2_000)}`)
}

/** A runtime that takes a file of the work folder. */
const program = (command, args) => async (folder) =>
  resultIn(await run(command, [...args, 'main.mjs'], { cwd: folder, timeoutMs: 300_000 }))

const onPath = (names) =>
  names
    .flatMap((name) => (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name)))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK)
        return true
      } catch {
        return false
      }
    })

/** The program in a package, which is larger than the scripts that find it. */
async function binary(spec, names, options) {
  const folder = await packageFolder(spec, options)
  return folder && findFile(join(folder, '..', '..'), names, 10_000_000)
}

const versionOf = async (command, args = ['--version']) =>
  /\d+[.-]\d+[\w.-]*/.exec((await run(command, args)).stdout)?.[0] ?? '?'

const thisMajor = Number(process.versions.node.split('.')[0])
const platform = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`

const node = (major) => ({
  name: `Node ${major}`,
  get: 'npm run runtimes',
  async find(options) {
    const command =
      major === thisMajor
        ? process.execPath
        : await binary(`node-${platform}@${major}`, ['node', 'node.exe'], options)
    return command && { version: await versionOf(command), run: program(command, []) }
  },
})

const deno = {
  name: 'Deno',
  get: 'npm run runtimes',
  async find(options) {
    const command = await binary('deno@2', ['deno', 'deno.exe'], options)
    return (
      command && {
        version: await versionOf(command),
        run: program(command, ['run', '--quiet', '--no-lock', '--node-modules-dir=manual', '--allow-all']),
      }
    )
  },
}

const bun = {
  name: 'Bun',
  get: 'npm run runtimes',
  async find(options) {
    const command = await binary('bun@1', ['bun', 'bun.exe'], options)
    return command && { version: await versionOf(command), run: program(command, ['run']) }
  },
}

/** A bundle for Workers as wrangler makes it. */
async function bundleLikeWrangler(folder, outfile) {
  await build({
    entryPoints: [join(folder, 'worker.mjs')],
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['node:*', 'cloudflare:*'],
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
  })
}

/** A bundle for Workers as vite makes it: its server build for a web worker. */
async function bundleWithVite(folder, outfile) {
  const require = createRequire(import.meta.url)
  // vitest brings vite.
  const { build: bundle } = await import(
    createRequire(require.resolve('vitest/package.json')).resolve('vite')
  )
  const { output } = [
    await bundle({
      configFile: false,
      root: folder,
      logLevel: 'error',
      ssr: {
        target: 'webworker',
        noExternal: true,
        resolve: { conditions: ['workerd', 'worker', 'module', 'browser'] },
      },
      build: {
        ssr: join(folder, 'worker.mjs'),
        write: false,
        minify: true,
        target: 'es2022',
        rollupOptions: { external: [/^node:/] },
      },
    }),
  ].flat()[0]
  writeFileSync(outfile, output.find(({ type }) => type === 'chunk').code)
}

const configuration = (file, flags) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "worker.mjs", esModule = embed "${file}")],
  compatibilityDate = "2025-09-01",
  compatibilityFlags = [${flags.map((flag) => `"${flag}"`).join(', ')}],
);
`

/** Starts workerd with a bundle, asks it once, and stops it. */
async function serve(command, folder, file, flags) {
  const config = join(folder, `${file}.capnp`)
  writeFileSync(config, configuration(file, flags))
  const child = spawn(command, ['serve', '--control-fd=3', config], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part) => {
      said += part
    })
  try {
    const port = await new Promise((resolve, reject) => {
      let control = ''
      child.stdio[3].on('data', (part) => {
        control += part
        const port = /"port":(\d+)/.exec(control)?.[1]
        if (port) resolve(port)
      })
      child.on('error', reject)
      child.on('close', () => reject(new Error(said)))
    })
    const response = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(300_000) })
    const text = await response.text()
    if (!response.ok) throw new Error(`${text}\n${said}`)
    return JSON.parse(text)
  } finally {
    child.kill('SIGKILL')
  }
}

const workerd = (bundler, bundle, flags) => ({
  name: `workerd, ${bundler}${flags.length > 0 ? `, ${flags.join(', ')}` : ''}`,
  get: 'npm run runtimes',
  async find(options) {
    const command = await binary('workerd@1', ['workerd', 'workerd.exe'], options)
    return (
      command && {
        version: await versionOf(command),
        async run(folder) {
          const file = `${bundler}.mjs`
          if (!existsSync(join(folder, file))) await bundle(folder, join(folder, file))
          return serve(command, folder, file, flags)
        },
      }
    )
  },
})

/** No inline script, no eval, and nothing from elsewhere. */
const policy = "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; base-uri 'none'"

/** Opens a page of the bundle in a browser, and waits for what it sends back. */
async function browse(command, folder, script) {
  const outdir = join(folder, 'browser')
  await build({
    entryPoints: ['page.mjs', 'page-worker.mjs', 'start-worker.mjs'].map((name) => join(folder, name)),
    outdir,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    logLevel: 'error',
  })
  let browser
  const server = createServer()
  const result = new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the page told nothing in five minutes')), 300_000)
    server.on('request', (request, response) => {
      const { pathname } = new URL(request.url, 'http://localhost')
      response.setHeader('Content-Security-Policy', policy)
      if (request.method === 'POST') {
        let body = ''
        request.on('data', (part) => {
          body += part
        })
        request.on('end', () => {
          response.end()
          clearTimeout(timer)
          resolve(JSON.parse(body))
        })
      } else if (pathname === '/') {
        response.setHeader('Content-Type', 'text/html')
        response.end(
          `<!doctype html><title>ace-oauth</title><script type="module" src="/${script}"></script>`,
        )
      } else if (existsSync(join(outdir, pathname)) && pathname.endsWith('.js')) {
        response.setHeader('Content-Type', 'text/javascript')
        response.end(readFileSync(join(outdir, pathname)))
      } else response.writeHead(404).end()
    })
  })
  try {
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
    const profile = join(folder, `profile-${script}`)
    browser = spawn(
      command,
      [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-dev-shm-usage',
        `--user-data-dir=${profile}`,
        `http://127.0.0.1:${server.address().port}/`,
      ],
      { stdio: 'ignore' },
    )
    browser.on('error', () => {})
    const told = await result
    if (told.error) throw new Error(told.error)
    return told
  } finally {
    browser?.kill('SIGKILL')
    server.closeAllConnections()
    server.close()
  }
}

const chromium = (name, script) => ({
  name: `Chromium, ${name}`,
  get: 'apt-get install chromium-headless-shell, or set CHROMIUM',
  async find() {
    const command =
      process.env.CHROMIUM ||
      onPath([
        'chromium',
        'chromium-headless-shell',
        'chromium-browser',
        'google-chrome',
        'google-chrome-stable',
      ])
    return command && { version: await versionOf(command), run: (folder) => browse(command, folder, script) }
  },
})

export const runtimes = [
  ...[20, 22, 24, 26].map(node),
  deno,
  bun,
  workerd('esbuild', bundleLikeWrangler, []),
  workerd('esbuild', bundleLikeWrangler, ['nodejs_compat']),
  workerd('vite', bundleWithVite, []),
  workerd('vite', bundleWithVite, ['nodejs_compat']),
  chromium('page', 'page.js'),
  chromium('Worker', 'start-worker.js'),
]
