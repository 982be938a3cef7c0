// oidc-provider with its in-memory adapter and opaque tokens by client_credentials. Its folder is the argument.
import { pathToFileURL } from 'node:url'

const [folder, clientId, clientSecret] = process.argv.slice(2)
const { default: Provider } = await import(pathToFileURL(`${folder}/lib/index.js`).href)
const provider = new Provider('http://127.0.0.1', {
  clients: [
    {
      client_id: clientId,
      client_secret: clientSecret,
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      scope: 'read',
    },
  ],
  scopes: ['read', 'write'],
  features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
})
const server = provider.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))
