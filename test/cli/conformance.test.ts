import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildCli, cli, main, removeCli } from './cli.ts'

beforeAll(buildCli)
afterAll(removeCli)

describe('conformance', () => {
  it('reports by document and section', async () => {
    const { code, stdout, stderr } = await cli(['conformance', 'rfc9200'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^RFC 9200: .*\n +5\.3 +\d+ passed\n/)
    expect(stdout).toMatch(/\nace-oauth: \d+ passed\n$/)
  })

  it('reports as JSON and as JUnit XML', async () => {
    const [json, junit] = await Promise.all([
      cli(['conformance', '--json', 'rfc9200']),
      cli(['conformance', '--junit', 'rfc9200']),
    ])
    expect(JSON.parse(json.stdout)).toMatchObject({ implementation: 'ace-oauth', failed: 0 })
    expect(junit.stdout).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="ace-oauth"/)
  })

  it('tests another implementation through its codec', async () => {
    const codec = `'${process.execPath}' '${main}' codec`
    const { code, stdout } = await cli(['conformance', 'rfc9200', '--codec', codec])
    expect(stdout).not.toContain('FAILED')
    expect(code).toBe(0)
  })

  it('fails where a case fails', async () => {
    // It echoes what it is asked, which is no answer.
    const { code, stdout } = await cli(['conformance', 'rfc9202', '--codec', 'cat'])
    expect(code).toBe(1)
    expect(stdout).toContain('FAILED')
  })

  it.each([
    ['an unknown document', ['rfc1']],
    ['two formats', ['--json', '--junit']],
  ])('calls %s wrong usage', async (_, args) => {
    expect(await cli(['conformance', ...args])).toMatchObject({ code: 2, stdout: '' })
  })
})
