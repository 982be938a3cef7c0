import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { TokenKey } from '../../src/cose/token-key.ts'
import { deriveOscoreKeys, type OscoreParameters } from '../../src/resource-server/oscore-context.ts'
import { issueCwt } from '../../src/token/cwt.ts'
import { endpoint, post, postOscore, shared } from './fixtures.ts'

/** The forms in which bytes may stand in what is printed. */
const formsOf = (secret: Uint8Array): string[] => [
  Buffer.from(secret).toString('hex'),
  Buffer.from(secret).toString('base64url'),
  Buffer.from(secret).toString('base64').replaceAll('=', ''),
  [...secret].slice(0, 4).join(', '),
  [...secret].slice(0, 4).join(','),
  Buffer.from(secret).toString('hex').match(/../g)!.slice(0, 4).join(' '),
]
const printed = (value: unknown): string[] => [
  inspect(value, { depth: 20 }),
  JSON.stringify(value),
  `${JSON.stringify({ value })}`,
  inspect({ a: [value] }, { depth: 20 }),
]

describe('what is printed hides secrets', async () => {
  const pop = await TokenKey.generate('HMAC 256/256', { kid: 'pop' })
  const ms = crypto.getRandomValues(new Uint8Array(16))
  const seen: [OscoreParameters, unknown][] = []
  const oscore = {
    newRecipientId: () => Uint8Array.of(9),
    established: (parameters: OscoreParameters, token: unknown) => void seen.push([parameters, token]),
  }
  const options = endpoint({ oscore })
  await postOscore(issueCwt({ cnf: { osc: { id: Uint8Array.of(1), ms } } }, shared), options)
  const { token } = await post(issueCwt({ cnf: { COSE_Key: pop.toPrivateCose() } }, shared), options)
  const [parameters, osc] = seen[0]!
  const keys = await deriveOscoreKeys(parameters)
  const k = pop.toPrivateBytes()

  it.each([
    ['OscoreParameters', parameters, [ms]],
    ['OscoreKeys', keys, [keys.senderKey, keys.recipientKey, keys.commonIv]],
    ['the confirmation of an OSCORE token', options.tokens.confirmation('osc:01'), [ms]],
    ['its input material', options.tokens.confirmation('osc:01')!.osc, [ms]],
    ['the confirmation of a key', options.tokens.confirmation('kid:706f70'), [k]],
    ['the key in it', options.tokens.confirmation('kid:706f70')!.COSE_Key, [k]],
    ['the TokenKey', options.tokens.key('kid:706f70'), [k]],
    ['the verified tokens', [osc, token], [ms, k]],
    ['HeldTokens', options.tokens, [ms, k]],
  ])('%s', (_, value, secrets) => {
    expect(value).toBeDefined()
    for (const shown of printed(value))
      for (const secret of secrets) for (const form of formsOf(secret)) expect(shown).not.toContain(form)
  })

  it('and the members are there all the same', () => {
    expect(options.tokens.confirmation('osc:01')?.osc?.ms).toEqual(ms)
    expect(parameters.masterSecret).toEqual(ms)
    expect(inspect(parameters)).toContain('16 secret bytes')
    expect(inspect(token)).toMatch(/^VerifiedToken /)
    expect({ ...keys }.senderKey).toHaveLength(16)
  })
})
