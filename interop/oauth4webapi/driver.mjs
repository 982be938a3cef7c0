// oauth4webapi behind the line protocol: what its client makes of the responses of an authorization server in JSON, and its requests.
import * as oauth from 'oauth4webapi'
import { serve, Unsupported, versionOf } from '../shared/driver.mjs'

const as = {
  issuer: 'https://as.example.com',
  token_endpoint: 'https://as.example.com/token',
  introspection_endpoint: 'https://as.example.com/introspect',
}
const client = { client_id: 'client' }

async function decode({ message, json }) {
  const status = message === 'error-response' ? 400 : 200
  const response = new Response(JSON.stringify(json), {
    status,
    headers: { 'content-type': 'application/json' },
  })
  const told = { violations: null, unknown: null }
  if (message === 'introspection-response')
    return { value: await oauth.processIntrospectionResponse(as, client, response), ...told }
  if (message === 'token-response')
    return {
      value: await oauth.processGenericTokenEndpointResponse(as, client, response, {
        // Token types are matched by their names, of which the library has but these by itself.
        recognizedTokenTypes: { pop: () => {} },
      }),
      ...told,
    }
  if (message !== 'error-response') throw new Unsupported(message)
  try {
    await oauth.processGenericTokenEndpointResponse(as, client, response)
  } catch (error) {
    if (!(error instanceof oauth.ResponseBodyError)) throw error
    const { cause } = error
    return { value: cause, ...told }
  }
  throw new Error('taken for a token')
}

/** A token request as a form: not of the line protocol, which writes CBOR. */
async function write({ message, value: { grant_type, client_id, ...parameters } }) {
  if (message !== 'token-request' || grant_type !== 'client_credentials') throw new Unsupported(message)
  let form
  await oauth.clientCredentialsGrantRequest(as, { client_id }, oauth.None(), parameters, {
    [oauth.customFetch]: async (_, { body }) => {
      form = body.toString()
      return new Response()
    },
  })
  return { form }
}

await serve('oauth4webapi', versionOf('oauth4webapi', import.meta.url), { decode, write }, ['json'])
