// Why others and we differ. A rule looks at what was sent and what came of it on both sides, and says whose the difference is: `theirs`
// where the specification asks for what they do not do, `choice` where it leaves both, `ours` where we are wrong, which nothing may be
// for long. What no rule explains fails the run.
import { rules as cborRules } from './rules/cbor.mjs'
import { rules as coseRules } from './rules/cose.mjs'
import { rules as dcafRules } from './rules/dcaf.mjs'
import { rules as oauthRules } from './rules/oauth.mjs'
import { lookAt } from './sent.mjs'

const rules = [...cborRules, ...coseRules, ...dcafRules]
const nothing = { tags: [], simples: [], keys: [] }

/** The rule for a vector that failed. */
export function explainFailure({ folder }, { id, message, input, got, encoded }, { expect }) {
  const { accept, refuse } = expect
  return find(folder, {
    id,
    subject: message,
    way: 'vector',
    input,
    ours: refuse ? { ok: false, ...refuse } : { ok: true, value: accept.value, hex: encoded?.expected },
    theirs: encoded ? { ok: true, hex: encoded.got } : answerOf(got),
  })
}

/** The rule for a difference on something generated. */
export function explainDifference({ folder }, { kind, ...difference }) {
  const [subject, ...alg] = kind.split(' ')
  return find(folder, { ...difference, subject, alg: alg.join(' ') })
}

function find(folder, facts) {
  const { hex, json } = facts.input
  const all = { ...facts, sent: hex === undefined ? nothing : lookAt(hex) }
  const isObject = typeof json === 'object' && json !== null
  return (isObject ? oauthRules : rules).find(({ who, when }) => (!who || who.includes(folder)) && when(all))
}

/** The answer that a report tells. */
function answerOf(got) {
  const value = /^(?:accept|value) (.*)$/s.exec(got)
  if (value) return { ok: true, value: JSON.parse(value[1]) }
  const refusal = /^refuse (\w+)(?: at byte \d+)?(?: in [^:]+)?(?:: (.*))?$/s.exec(got)
  if (refusal) return { ok: false, reason: refusal[1], message: refusal[2] ?? '' }
  return got === 'accept' ? { ok: true } : { ok: false, reason: 'fault', message: got }
}
