import { isIP } from 'node:net'
import { z } from 'zod'
import { defaultGuessLimits } from '../guess-limits.ts'

/** The longest time that one timer takes, in seconds. */
const longestTimer = 2_147_483

const port = z.int().min(0).max(65_535)
const host = z.string().min(1)
const seconds = z
  .int()
  .min(1)
  .max(2 ** 31 - 1)
const count = seconds
const timeout = z.number().min(0.01).max(longestTimer)
const file = z.string().min(1)
const bytes = (most: number) => z.int().min(1_024).max(most)

const insecurePlainHttp = z
  .boolean()
  .default(false)
  .describe(
    'Whether `host` may be another address than this machine, although plain HTTP encrypts nothing. For a network that nobody else can read, behind a proxy that speaks TLS.',
  )

const http = z.strictObject({
  host: host.default('127.0.0.1').describe('The address to listen on, or a name that stands for it.'),
  port: port.default(8080).describe('The port. 0 takes a free one, which the line that says `ready` tells.'),
  insecurePlainHttp,
})

const https = z.strictObject({
  host: host.default('127.0.0.1').describe('The address to listen on; `0.0.0.0` or `::` for all.'),
  port: port.default(8443).describe('The port. 0 takes a free one.'),
  certificate: file
    .describe(
      'The file of the certificate, PEM, with those of the authorities between it and the root behind it.',
    )
    .meta({ examples: ['tls/certificate.pem'] }),
  key: file
    .describe('The file of its private key, PEM, without a passphrase. Let nobody else read it.')
    .meta({ examples: ['tls/key.pem'] }),
  clientCertificates: z
    .enum(['none', 'optional', 'required'])
    .default('none')
    .describe(
      'Whether clients are asked for a certificate (RFC 8705). `optional`: those that have one show it, and one that the client signed itself is enough where its thumbprint is registered. `required`: a connection without one that `clientAuthorities` vouch for is refused.',
    ),
  clientAuthorities: file
    .optional()
    .describe(
      'The file of the certificates, PEM, of the authorities that vouch for client certificates. Without it nobody does: certificates are known by their thumbprints alone.',
    )
    .meta({ examples: ['tls/client-authorities.pem'] }),
})

/** Where metrics are unless somebody says otherwise. */
const usualMetricsPort = 9_464

const metrics = z.strictObject({
  host: host.default('127.0.0.1').describe('The address to listen on, or a name that stands for it.'),
  port: port
    .optional()
    .describe(
      `The port. Default: ${usualMetricsPort}, or a free one where \`listen.http\` or \`listen.https\` takes a free one, so that several servers can be tried side by side.`,
    )
    .meta({ examples: [usualMetricsPort] }),
  insecurePlainHttp,
})

const listen = z.strictObject({
  http: z
    .union([z.literal(false), http])
    .prefault({})
    .describe('Plain HTTP. `false` turns it off.'),
  https: https.optional().describe('HTTPS, TLS 1.2 or later. Off where it is absent.'),
  metrics: z
    .union([z.literal(false), metrics])
    .prefault({})
    .describe(
      'Metrics (`/metrics`) and health (`/healthz`, `/readyz`), over plain HTTP. `false` turns it off.',
    ),
})

const proxies = z.strictObject({
  addresses: z
    .array(z.string().refine(isAddressRange, 'expected an IP address, or a range such as 10.0.0.0/8'))
    .default([])
    .describe(
      'The addresses of the proxies in front of the server, or ranges such as `10.0.0.0/8`. What others send in the headers below is ignored.',
    ),
  clientAddress: z
    .enum(['x-forwarded-for', 'forwarded'])
    .optional()
    .describe(
      'The header in which the proxies add the address of the client: X-Forwarded-For, or Forwarded (RFC 7239). Without it the address of the proxy stands in logs and counts for limits.',
    )
    .meta({ examples: ['x-forwarded-for'] }),
  clientCertificate: z
    .strictObject({
      header: z
        .string()
        .regex(/^[a-z0-9-]{1,64}$/i, 'expected the name of a header')
        .default('client-cert')
        .describe('The name of the header. The proxies have to remove it from what clients send.'),
      format: z
        .enum(['rfc9440', 'escaped-pem', 'xfcc'])
        .default('rfc9440')
        .describe(
          'How it is written: `rfc9440` is Client-Cert (RFC 9440), `escaped-pem` is `$ssl_client_escaped_cert` of nginx, `xfcc` is X-Forwarded-Client-Cert of Envoy with `Cert`.',
        ),
      isVerified: z
        .boolean()
        .default(false)
        .describe(
          'Whether the proxies take certificates alone that an authority for clients vouches for. Else certificates are known by their thumbprints alone.',
        ),
    })
    .optional()
    .describe(
      'The header in which the proxies forward the certificate of the client. Off where it is absent.',
    ),
})

const tokens = z.strictObject({
  refreshLifetime: seconds
    .default(2_592_000)
    .describe('How long a refresh token lives, in seconds. Each use gives a new one.'),
  refreshRepeatWindow: seconds
    .default(247)
    .describe(
      'For how long a refresh whose answer was lost gets the same answer again, in seconds. Default: EXCHANGE_LIFETIME of RFC 7252.',
    ),
  exiRetention: seconds
    .default(2_592_000)
    .describe('For how long a token whose resource server has no clock is remembered, in seconds.'),
})

const limits = z.strictObject({
  requestBytes: bytes(16_777_216)
    .default(65_536)
    .describe('The most bytes that the payload of a request may have.'),
  headerBytes: bytes(1_048_576)
    .default(16_384)
    .describe('The most bytes that the header of a request may have.'),
  connections: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(10_000)
    .describe('The most connections at once, of each listener. Further ones are closed at once.'),
  headerTimeout: timeout
    .default(10)
    .describe('How long a client may take for the header of a request, in seconds.'),
  requestTimeout: timeout
    .default(10)
    .describe(
      'How long a request may take after its header, in seconds: its payload and the answer together.',
    ),
  idleTimeout: timeout
    .default(65)
    .describe(
      'How long a connection stays open without a request, in seconds: longer than proxies keep theirs.',
    ),
  policyTimeout: timeout
    .default(5)
    .describe('How long the policy may take, in seconds; then the request is refused.'),
  failuresPerClientAndAddress: count
    .default(defaultGuessLimits.failuresPerClientAndAddress)
    .describe(
      'How many authentications may fail for one client from one address, in a time of `failureWindow`.',
    ),
  failuresPerClient: count
    .default(defaultGuessLimits.failuresPerClient)
    .describe('How many may fail for one client from all addresses that it never came from.'),
  failuresPerAddress: count
    .default(defaultGuessLimits.failuresPerAddress)
    .describe('How many may fail from one address, for whatever clients.'),
  failureWindow: seconds
    .default(defaultGuessLimits.failureWindow)
    .describe('The time in which so many may fail, in seconds. Who fails more often waits.'),
  drainTimeout: timeout
    .default(30)
    .describe('How long requests may take that are there when the server is told to end, in seconds.'),
})

/** The whole configuration. What is absent has its default; what is not known is refused. */
export const configurationSchema = z.strictObject({
  issuer: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'The identifier of the server: `iss` of its tokens, and where clients reach it. It is needed where others than this machine connect. Default: the address that it listens on.',
    )
    .meta({ examples: ['https://as.example.com'] }),
  listen: listen.prefault({}).describe('Where the server listens.'),
  store: z
    .string()
    .min(1)
    .default('ace-oauth.sqlite')
    .describe(
      'The path of an SQLite file, or `postgres://user:password@host/database`. It holds keys: let nobody else read it.',
    ),
  policy: file
    .optional()
    .describe('A module whose default export is asked about each token last, a function of type `Policy`.')
    .meta({ examples: ['./policy.mjs'] }),
  proxies: proxies.prefault({}).describe('What is believed of the proxies in front of the server.'),
  tokens: tokens.prefault({}).describe('Tokens of all resource servers.'),
  introspectionMaxAge: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(0)
    .describe(
      'For how long an introspection answer may be cached, in seconds. A token that is revoked is taken for valid that long.',
    ),
  sweepEvery: z
    .int()
    .min(1)
    .max(longestTimer)
    .default(60)
    .describe('How often what has expired is removed from the store, in seconds.'),
  limits: limits.prefault({}).describe('What a request may cost.'),
  log: z
    .strictObject({
      level: z
        .enum(['debug', 'info', 'warn', 'error'])
        .default('info')
        .describe(
          'What is told: each answer with `info`, the answers that are the fault of the server with `error`.',
        ),
      format: z
        .enum(['auto', 'json', 'pretty'])
        .default('auto')
        .describe(
          '`json` writes one line of JSON for each event, `pretty` is for people, `auto` is pretty on a terminal.',
        ),
    })
    .prefault({})
    .describe('Logs, on standard output.'),
})

function isAddressRange(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/')
  const version = isIP(address)
  const longest = version === 4 ? 32 : 128
  return (
    version !== 0 &&
    rest.length === 0 &&
    (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= longest))
  )
}

/** The port of metrics. */
export function metricsPort({ http, https, metrics }: z.infer<typeof listen>): number {
  const isFree = [http, https].some((each) => each && each.port === 0)
  return (metrics ? metrics.port : undefined) ?? (isFree ? 0 : usualMetricsPort)
}
