// A policy: `policy: ./policy.mjs` in ace-oauth.yaml names this file, and SIGHUP takes it anew.
//
// It is asked last, when all else is allowed. It may narrow the scope and shorten the life of the token, or deny. What it throws, and what is
// no decision, refuses the request, and so does the deadline (tokens.policyTimeoutMs).

/** Scope tokens that change something: a token with one of them is short-lived. */
const risky = ['write', 'firmware']

/** The hours in which firmware may be replaced, in UTC. */
const maintenance = { from: 22, to: 4 }

/** @type {import('ace-oauth-server').Policy} */
export default function policy({ client, scope, lifetime }) {
  // A scope of bytes, such as an AIF, is left as it is registered.
  if (typeof scope !== 'string') return { allow: true }
  if (client.clientId.startsWith('quarantine-'))
    return { allow: false, reason: 'the device is in quarantine' } // for the log: the client is told unauthorized_client

  const hour = new Date().getUTCHours()
  const isMaintenance = hour >= maintenance.from || hour < maintenance.to
  const granted = scope.split(' ').filter((token) => token !== 'firmware' || isMaintenance)
  if (granted.length === 0) return { allow: false, reason: 'firmware is replaced at night' }
  const isRisky = granted.some((token) => risky.includes(token))
  return { allow: true, scope: granted.join(' '), lifetime: isRisky ? Math.min(lifetime, 300) : lifetime }
}
