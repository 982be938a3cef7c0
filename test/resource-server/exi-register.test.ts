import { describe, expect, it } from 'vitest'
import { ExiRegister, exiIdentifier } from '../../src/resource-server/exi-register.ts'

const expired = expect.objectContaining({ code: 'authz_info_token_expired' })
const stored = (register: ExiRegister): ExiRegister =>
  new ExiRegister({ resourceServer: 'rs', state: JSON.parse(JSON.stringify(register.state)) })

describe('the counters of exi (RFC 9200 §5.10.3, §6.6)', () => {
  it('R9200-5.10.3-3: go on after a restart, and give no token another life', () => {
    const register = new ExiRegister({ resourceServer: 'rs' })
    expect(register.admit('as', exiIdentifier('rs', 1), 100, 0)).toBe(100)
    expect(register.admit('as', exiIdentifier('rs', 2), 300, 50)).toBe(350)
    const restarted = stored(register)
    expect(restarted.admit('as', exiIdentifier('rs', 1), 100, 99)).toBe(100)
    expect(() => restarted.admit('as', exiIdentifier('rs', 1), 100, 100)).toThrow(expired)
    expect(restarted.admit('as', exiIdentifier('rs', 2), 300, 100)).toBe(350)
    const again = stored(restarted)
    expect(() => again.admit('as', exiIdentifier('rs', 1), 100, 101)).toThrow(expired)
    expect(again.state).toEqual({
      latest: 101,
      highestExpired: { as: '1' },
      running: { as: { 2: 350 } },
      introspected: {},
    })
  })

  it('keep what was left where the clock begins again', () => {
    const register = new ExiRegister({ resourceServer: 'rs' })
    register.admit('as', exiIdentifier('rs', 1), 100, 1_000)
    register.expire(1_090)
    const restarted = stored(register)
    // Ten seconds were left.
    expect(restarted.admit('as', exiIdentifier('rs', 1), 100, 5)).toBe(15)
    expect(restarted.hasExpired('as', exiIdentifier('rs', 1), 14)).toBe(false)
    expect(restarted.hasExpired('as', exiIdentifier('rs', 1), 15)).toBe(true)
  })

  it('are of one issuer: numbers, and how many are followed', () => {
    const register = new ExiRegister({ resourceServer: 'rs', maxTokens: 2 })
    register.admit('one', exiIdentifier('rs', 10), 5, 0)
    for (let i = 0; i < 5; i++) register.admit('two', exiIdentifier('rs', i), 100 + i, 0)
    expect(register.hasExpired('one', exiIdentifier('rs', 10), 1)).toBe(false)
    expect(register.hasExpired('two', exiIdentifier('rs', 2), 1)).toBe(true)
    expect(register.hasExpired('one', exiIdentifier('rs', 9), 6)).toBe(true)
    expect(register.hasExpired('two', exiIdentifier('rs', 4), 6)).toBe(false)
    expect(() => register.admit('one', exiIdentifier('rs', 3), 60, 6)).toThrow(expired)
    expect(register.admit('two', exiIdentifier('rs', 5), 60, 6)).toBe(66)
  })

  it('never follow a number that counts as expired', () => {
    const register = new ExiRegister({ resourceServer: 'rs', maxTokens: 1 })
    register.admit('as', exiIdentifier('rs', 5), 60, 0)
    expect(() => register.admit('as', exiIdentifier('rs', 4), 60, 0)).toThrow(expired)
    expect(register.size).toBe(0)
  })

  it('take no state that is none', () => {
    for (const state of [
      5,
      {},
      { highestExpired: { as: 5 }, running: {}, introspected: {} },
      { highestExpired: { as: '-5' }, running: {}, introspected: {} },
      { highestExpired: {}, running: { as: { 1: 'never' } }, introspected: {} },
      { highestExpired: {}, running: { as: { x: 5 } }, introspected: {} },
      { latest: null, highestExpired: {}, running: {}, introspected: {} },
    ])
      expect(
        () => new ExiRegister({ resourceServer: 'rs', state: state as never }),
        JSON.stringify(state),
      ).toThrow(/state/)
  })

  it('a name like __proto__ is a name', () => {
    const register = new ExiRegister({ resourceServer: 'rs' })
    register.admit('__proto__', exiIdentifier('rs', 1), 5, 0)
    register.expire(5)
    expect(() => stored(register).admit('__proto__', exiIdentifier('rs', 1), 5, 6)).toThrow(expired)
  })
})
