import { AccessTokenRequest } from 'ace-oauth'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hashChosenSecret } from '../../src/index.ts'
import { type Fixture, openFixture, secret } from '../authorization-server/fixture.ts'

let as: Fixture
beforeEach(async () => {
  as = await openFixture()
})
afterEach(() => as.close())

const guess = async (client_id: string, client_secret: string, address: string): Promise<string> =>
  (
    await as.server.token({
      method: 'POST',
      payload: new AccessTokenRequest({ client_id, client_secret, audience: 'rs1', scope: 'read' }).toCbor(),
      peer: { address },
    })
  ).code

const count = (codes: readonly string[], code: string): number => codes.filter((each) => each === code).length

describe('guessing the secret of a client', () => {
  it('from one address gets twenty tries, however many come at once, and no more with the right one', async () => {
    await as.addClient('chosen', { secretHash: await hashChosenSecret('dragon') })
    const words = Array.from({ length: 60 }, (_, i) => (i === 40 ? 'dragon' : `word${i}`))
    const codes = await Promise.all(words.map((word) => guess('chosen', word, '192.0.2.1')))
    expect([count(codes, '4.01'), count(codes, '4.29'), count(codes, '2.01')]).toEqual([20, 40, 0])
  })

  it('from many addresses gets a hundred tries, while the client goes on where it is known', async () => {
    expect(await guess('c1', secret, '198.51.100.7')).toBe('2.01')
    const codes = []
    for (let i = 0; i < 150; i++) codes.push(await guess('c1', 'wrong', `192.0.2.${i}`))
    expect([count(codes, '4.01'), count(codes, '4.29')]).toEqual([100, 50])
    expect(await guess('c1', secret, '198.51.100.7')).toBe('2.01')
  })

  it('for many clients from one address gets a hundred tries, and stops nobody elsewhere', async () => {
    const codes = []
    for (let i = 0; i < 150; i++) codes.push(await guess(`device${i}`, 'password', '192.0.2.1'))
    expect([count(codes, '4.01'), count(codes, '4.29')]).toEqual([100, 50])
    expect(await guess('c1', secret, '198.51.100.7')).toBe('2.01')
  })

  it('is not told from guessing which clients there are: answers are the same, byte for byte', async () => {
    const answerTo = async (client_id: string) => {
      const payload = new AccessTokenRequest({ client_id, client_secret: 'wrong', scope: 'read' }).toCbor()
      const { failure: _, ...answer } = await as.server.token({ method: 'POST', payload })
      return answer
    }
    await as.addClient('disabled', { isEnabled: false })
    await as.addClient('keyed', { authentication: 'private_key_jwt', secretHash: null })
    const one = await answerTo('c1')
    for (const other of ['nobody', 'disabled', 'keyed', 'rs1-introspection'])
      expect(await answerTo(other)).toEqual(one)
  })
})

describe('guessing a token', () => {
  it('is hopeless: references and refresh tokens have 144 random bits, and what is near one is none', async () => {
    const { access_token, refresh_token } = await as.token('c1', { audience: 'reference', scope: 'read' })
    for (const token of [access_token, refresh_token!]) {
      expect(Buffer.from(new TextDecoder().decode(token), 'base64url')).toHaveLength(18)
      const near = Uint8Array.from(token)
      near[near.length - 1]! ^= 1
      expect((await as.introspect('reference', near)).active).toBe(false)
    }
  })
})
