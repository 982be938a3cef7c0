import { readFileSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readConfiguration, storeLocation } from '../../src/serve/configuration.ts'
import { renderCommentedYaml, renderConfiguration } from '../../src/serve/configuration-document.ts'
import type { ConfigurationError } from '../../src/serve/configuration-error.ts'
import { metricsPort } from '../../src/serve/configuration-schema.ts'
import { permissionProblems } from '../../src/serve/permissions.ts'
import { allSettings } from '../../src/serve/settings.ts'
import { command } from './running.ts'

let folder: string
let file: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ace-oauth-configuration-'))
  file = join(folder, 'as.yaml')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const read = async (yaml: string, ...sets: string[]) => {
  await writeFile(file, yaml, { mode: 0o600 })
  return readConfiguration(file, sets)
}
const problemsOf = async (yaml: string, ...sets: string[]): Promise<readonly (readonly string[])[]> => {
  try {
    await read(yaml, ...sets)
  } catch (error) {
    return (error as ConfigurationError).problems.map(({ path, message, line }) => [
      path,
      line === undefined ? message : `${message} (line ${line})`,
    ])
  }
  return []
}

describe('the configuration', () => {
  it('has a default for everything, also where a section has nothing but comments', async () => {
    const configuration = await read('tokens:\n  # refreshLifetime: 1\nlisten:\n  http:\n')
    expect(configuration).toMatchObject({
      listen: {
        http: { host: '127.0.0.1', port: 8080, insecurePlainHttp: false },
        metrics: { host: '127.0.0.1' },
      },
      proxies: { addresses: [] },
      limits: { requestBytes: 65_536 },
      folder,
    })
    expect(storeLocation(configuration)).toBe(join(folder, 'ace-oauth.sqlite'))
  })

  it('has metrics on a free port where the server is on one, unless it is told which', async () => {
    const portFor = async (...sets: string[]) => metricsPort((await read('', ...sets)).listen)
    expect(await portFor()).toBe(9464)
    expect(await portFor('listen.http.port=0')).toBe(0)
    expect(await portFor('listen.http.port=0', 'listen.metrics.port=9000')).toBe(9000)
    expect(await portFor('listen.metrics.port=0')).toBe(0)
  })

  it('tells all that is wrong at once, with paths and lines', async () => {
    const yaml = 'listen:\n  http:\n    port: 70000\n  metrics:\n    port: http\nlog:\n  level: loud\n'
    expect(await problemsOf(yaml, 'sweepEvery=0')).toEqual([
      ['listen.http.port', expect.stringMatching(/<=65535 \(line 3\)$/)],
      ['listen.metrics.port', 'expected number, received string (line 5)'],
      ['sweepEvery', expect.stringMatching(/>=1$/)],
      ['log.level', expect.stringMatching(/"debug"\|"info"\|"warn"\|"error" \(line 7\)$/)],
    ])
  })

  it.each([
    ['listen.http.prot=1', 'listen.http.prot', 'did you mean listen.http.port?'],
    ['issuers=x', 'issuers', 'did you mean issuer?'],
    ['listen.htpp.port=1', 'listen.htpp', 'did you mean listen.http?'],
    ['port=1', 'port', 'did you mean listen.http.port?'],
    ['refreshLifetime=1', 'refreshLifetime', 'did you mean tokens.refreshLifetime?'],
    ['limits.Connections=1', 'limits.Connections', 'did you mean limits.connections?'],
    ['nothingLikeIt=1', 'nothingLikeIt', 'there is no such setting'],
    ['__proto__.polluted=1', '__proto__', 'there is no such setting'],
    ['constructor=1', 'constructor', 'there is no such setting'],
  ])('refuses the unknown setting of --set %s', async (set, path, message) => {
    expect(await problemsOf('', set)).toEqual([[path, expect.stringContaining(message)]])
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })

  it.each([
    ['- a list', 'expected object, received array'],
    ['a: 1\na: 2', 'Map keys must be unique'],
    ['listen: [', 'at line 1'],
    ['a: &a [x]\nb: *c', 'Unresolved alias'],
    ['--- {}\n--- {}', 'multiple documents'],
  ])('refuses the file %j', async (yaml, message) => {
    expect(await problemsOf(yaml)).toContainEqual(['', expect.stringContaining(message)])
  })

  it('refuses aliases that stand for too much', async () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `a${i}: &a${i} [${Array(9).fill(i ? `*a${i - 1}` : 'x')}]`,
    )
    expect(await problemsOf(levels.join('\n'))).toEqual([['', expect.stringContaining('alias')]])
  })

  it('does not tell a password of the file where its YAML is wrong', async () => {
    const [[, message] = []] = await problemsOf('store: postgres://u:hunter2@h/d: x: [\n')
    expect(message).toMatch(/line 1/)
    expect(message).not.toContain('hunter2')
  })

  it.each([
    ['listen.http.host=0.0.0.0', 'listen.http.host', 'listen.http.insecurePlainHttp'],
    ['listen.metrics.host=0.0.0.0', 'listen.metrics.host', 'listen.metrics.insecurePlainHttp'],
    ['listen.http.host=127.0.0.1.example.com', 'listen.http.host', 'not this machine'],
    ['listen.http=false', 'listen', 'the server would listen nowhere'],
    ['listen.http=true', 'listen.http', 'expected a section, or false'],
    ['issuer=http://as.example.com', 'issuer', 'no issuer'],
    ['issuer=https://as.example.com/?a', 'issuer', 'no issuer'],
    ['proxies.addresses=[10.0.0.0/33]', 'proxies.addresses.0', 'expected an IP address, or a range'],
    ['proxies.addresses=[proxy.example]', 'proxies.addresses.0', 'expected an IP address, or a range'],
    ['listen.https={}', 'listen.https.certificate', 'expected string'],
  ])('refuses --set %s', async (set, path, message) => {
    expect(await problemsOf('', set)).toContainEqual([path, expect.stringContaining(message)])
  })

  it('takes plain HTTP on another address for an option whose name says what it is, with an issuer (R9200-6.2-1)', async () => {
    const sets = ['listen.http.host=0.0.0.0', 'listen.http.insecurePlainHttp=true']
    expect(await problemsOf('', ...sets)).toEqual([['issuer', expect.stringContaining('needed')]])
    expect((await read('', ...sets, 'issuer=https://as.example.com')).listen.http).toMatchObject({
      host: '0.0.0.0',
    })
  })

  it('refuses a file that is not there or is a folder, and a --set without a value', async () => {
    await expect(readConfiguration(join(folder, 'none.yaml'), [])).rejects.toThrow(
      /none\.yaml: cannot be read: there is no such file$/,
    )
    await expect(readConfiguration(folder, [])).rejects.toThrow(/it is a folder$/)
    for (const set of ['listen', '=1', 'store.x=1'])
      expect((await problemsOf('store: a\n', set)).length).toBe(1)
  })

  it('writes nothing to a terminal that it would obey', async () => {
    const { code, error } = await command('serve', '--config', file, '--set', '"\\e[2J\u009b2J"=1')
    expect(code).toBe(2)
    expect(error.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
  })

  it('names files that others can read or write', async () => {
    await writeFile(join(folder, 'ace-oauth.sqlite'), '', { mode: 0o644 })
    await writeFile(join(folder, 'policy.mjs'), '')
    await chmod(join(folder, 'policy.mjs'), 0o666)
    const configuration = await read('policy: policy.mjs')
    expect(await permissionProblems(configuration)).toEqual([
      {
        setting: 'store',
        path: join(folder, 'ace-oauth.sqlite'),
        mode: '644',
        problem: 'others can read it',
      },
      { setting: 'policy', path: join(folder, 'policy.mjs'), mode: '666', problem: 'others can write it' },
    ])
    const withPassword = await read('store: postgres://u:p@h/d')
    await chmod(file, 0o640)
    expect(await permissionProblems(withPassword)).toMatchObject([{ setting: '--config', mode: '640' }])
  })
})

describe('what is written from the schema', () => {
  it('is docs/configuration.md; `npm run generate` writes it again', () => {
    expect(readFileSync('docs/configuration.md', 'utf8')).toBe(renderConfiguration())
  })

  it('describes each setting in a whole sentence', () => {
    const settings = allSettings()
    expect(settings.length).toBeGreaterThan(40)
    for (const { path, description } of settings) expect(description, path).toMatch(/^[A-Z`0-9][^|\n]*\.$/)
  })

  it('is a file whose comments are the defaults, and are YAML when they are taken in', async () => {
    const yaml = renderCommentedYaml()
    const plain = await read('')
    expect(await read(yaml)).toEqual(plain)
    const all = yaml.replaceAll(/^( *)#(?=\S)/gm, '$1')
    const names = (value: unknown, path = ''): string[] =>
      Object.entries(Object(value)).flatMap(([name, each]) => {
        const own = path + name
        return typeof each === 'object' && !Array.isArray(each) ? [own, ...names(each, `${own}.`)] : [own]
      })
    expect(names(parse(all))).toEqual(allSettings().map(({ path }) => path))
    // Defaults are defaults.
    const { issuer, policy, ...rest } = await read(all, 'listen.metrics.port=', 'listen.https=')
    expect([issuer, policy]).toEqual(['https://as.example.com', './policy.mjs'])
    expect(rest).toEqual({
      ...plain,
      proxies: {
        addresses: [],
        clientAddress: 'x-forwarded-for',
        clientCertificate: { header: 'client-cert', format: 'rfc9440', isVerified: false },
      },
    })
  })
})

describe('init', () => {
  it('writes the configuration, and prints the two commands to try next', async () => {
    const target = join(folder, 'a folder')
    const { code, out } = await command('init', target, '--example')
    expect(code).toBe(0)
    expect(await readFile(join(target, 'ace-oauth.yaml'), 'utf8')).toBe(renderCommentedYaml())
    expect(out).toContain(`ace-oauth-server serve --config '${join(target, 'ace-oauth.yaml')}'\n`)
    expect(out).toMatch(/curl -u example-client:\S+ -d grant_type=client_credentials http:\/\/127/)
  })

  it('leaves nothing behind where it fails, and touches no store that is there', async () => {
    const target = await mkdtemp(join(folder, 'half-'))
    await writeFile(join(target, 'ace-oauth.sqlite'), 'a store')
    const { code, error } = await command('init', target)
    expect([code, error]).toEqual([1, expect.stringContaining('ace-oauth.sqlite is there already')])
    expect(await readFile(join(target, 'ace-oauth.sqlite'), 'utf8')).toBe('a store')
    await expect(stat(join(target, 'ace-oauth.yaml'))).rejects.toThrow()
  })
})
