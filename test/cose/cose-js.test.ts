import cose from 'cose-js'
import { describe, expect, it } from 'vitest'
import { openCose } from '../../src/cose/open-cose.ts'
import { protectCose } from '../../src/cose/protect-cose.ts'
import { TokenKey } from '../../src/cose/token-key.ts'

const payload = new TextEncoder().encode('This is the content.')

/** The names that cose-js has for the algorithms. */
const macs = { 'HMAC 256/64': 'HS256/64', 'HMAC 256/256': 'HS256', 'HMAC 384/384': 'HS384' } as const
const ciphers = {
  A128GCM: 'A128GCM',
  A256GCM: 'A256GCM',
  'AES-CCM-16-64-128': 'AES-CCM-16-64-128',
  'AES-CCM-16-64-256': 'AES-CCM-16-64-256',
  'AES-CCM-16-128-128': 'AES-CCM-16-128-128',
  'AES-CCM-16-128-256': 'AES-CCM-16-128-256',
} as const

const entries = <Name extends string>(names: Record<Name, string>): [Name, string][] =>
  Object.entries(names) as never

describe('cose-js agrees', () => {
  it.each(['ES256', 'ES384'] as const)('on COSE_Sign1 with %s', async (alg) => {
    const key = await TokenKey.generate(alg)
    const { x, y } = key.toCose()
    const d = Buffer.from(key.toPrivateBytes())
    const verifier = { key: { x: Buffer.from(x!), y: Buffer.from(y as Uint8Array) } }
    const ours = await protectCose(payload, key)
    expect(new Uint8Array(await cose.sign.verify(Buffer.from(ours), verifier))).toEqual(payload)
    const theirs = await cose.sign.create({ p: { alg }, u: {} }, Buffer.from(payload), { key: { d } })
    expect((await openCose(theirs, { keys: key })).payload).toEqual(payload)
  })

  it.each(entries(macs))('on COSE_Mac0 with %s', async (alg, name) => {
    const key = await TokenKey.generate(alg)
    const secret = Buffer.from(key.toPrivateBytes())
    const ours = await protectCose(payload, key)
    expect(new Uint8Array(await cose.mac.read(Buffer.from(ours), secret))).toEqual(payload)
    const theirs = await cose.mac.create({ p: { alg: name }, u: {} }, Buffer.from(payload), { key: secret })
    expect((await openCose(theirs, { keys: key })).payload).toEqual(payload)
  })

  it.each(entries(ciphers))('on COSE_Encrypt0 with %s', async (alg, name) => {
    const key = await TokenKey.generate(alg)
    const secret = Buffer.from(key.toPrivateBytes())
    const ours = await protectCose(payload, key)
    expect(new Uint8Array(await cose.encrypt.read(Buffer.from(ours), secret))).toEqual(payload)
    const theirs = await cose.encrypt.create({ p: { alg: name }, u: {} }, Buffer.from(payload), {
      key: secret,
    })
    expect((await openCose(theirs, { keys: key })).payload).toEqual(payload)
  })
})
