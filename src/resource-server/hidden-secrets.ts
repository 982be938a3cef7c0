import { coseKey } from '../cose/cose-key.ts'
import { type Confirmation, confirmation } from '../message/confirmation.ts'
import { hex } from '../table/hex.ts'
import { Hidden } from '../table/hidden-secret.ts'

/** The same object, which shows something else when it is printed, also as JSON. */
function showing<T extends object>(object: T, shown: () => unknown): T {
  return Object.defineProperties(object, {
    toJSON: { value: () => printable(shown()) },
    [Symbol.for('nodejs.util.inspect.custom')]: {
      value: (_depth: number, options: unknown, inspect: (value: unknown, options: unknown) => string) =>
        inspect(printable(shown()), options),
    },
  })
}

/** The same object, of which these members are not shown when it is printed, also as JSON. */
export function hideMembers<T extends object>(object: T, secrets: readonly (keyof T & string)[]): T {
  const names: readonly string[] = secrets
  return showing(object, () =>
    Object.fromEntries(
      Object.entries(object).map(([name, value]) => [name, names.includes(name) ? new Hidden(value) : value]),
    ),
  )
}

/** A confirmation whose secrets are not shown when it, or a key in it, is printed, also as JSON. */
export function hideConfirmation(cnf: Confirmation): Confirmation {
  const { COSE_Key, osc } = cnf
  const copy = {
    ...cnf,
    ...(COSE_Key && { COSE_Key: showing({ ...COSE_Key }, () => coseKey.redact!(COSE_Key)) }),
    ...(osc && { osc: hideMembers({ ...osc }, ['ms']) }),
  }
  return showing(copy, () => confirmation.redact!(cnf))
}

function printable(value: unknown): unknown {
  if (value instanceof Hidden) return value.toString()
  if (value instanceof Uint8Array) return hex(value)
  if (typeof value === 'bigint') return `${value}`
  if (Array.isArray(value)) return value.map(printable)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, printable(member)]))
}
