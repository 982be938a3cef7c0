// Which vectors an implementation is given.
import { libraryImplementation, loadVectors } from './library.mjs'

const documents = await loadVectors()

/** What is wrong with the CBOR itself, whatever message it was to be. */
const cborReasons = [
  'truncated',
  'trailing_bytes',
  'reserved_head',
  'unexpected_break',
  'invalid_utf8',
  'duplicate_key',
]
const keyMessages = ['cose-key', 'cose']

/** The documents for an implementation: the messages it has as such, and all CBOR as bare CBOR where that is what it reads. */
export function documentsFor({ can }) {
  const { messages = [], keys, algorithms, cbor, json = [] } = can
  const isMeant = ({ message, hex, json: twin }) =>
    (hex !== undefined && messages.includes(message)) ||
    (twin !== undefined && json.includes(message)) ||
    (message === 'aif' && messages.length > 0) ||
    (message === 'cose-key' && keys) ||
    (message === 'cose' && algorithms)
  const chosen = documents.map((document) => ({ ...document, vectors: document.vectors.filter(isMeant) }))
  const bare = cbor ? documents.map(bareCbor) : []
  return [...chosen, ...bare].filter(({ vectors }) => vectors.length > 0)
}

/** The vectors of a document as bare CBOR, each input once: what a reader of any CBOR is to make of them. */
function bareCbor({ document, title, vectors }) {
  const seen = new Set()
  const bare = vectors.flatMap((vector) => {
    const { hex, expect } = vector
    if (hex === undefined || keyMessages.includes(vector.message) || seen.has(hex)) return []
    seen.add(hex)
    const { options: _, ...rest } = vector
    const reason = expect.refuse?.reason
    if (cborReasons.includes(reason)) return [{ ...rest, message: 'cbor', expect: { refuse: { reason } } }]
    const read = libraryImplementation.decode(
      'cbor',
      { hex },
      { maxDepth: 64, maxMembers: 1e6, maxBytes: 1e7, maxStringBytes: 1e7 },
    )
    if (!read.ok) return []
    const accept = read.value === undefined ? {} : { value: read.value }
    return [{ ...rest, message: 'cbor', expect: { accept } }]
  })
  return { document: `${document} as bare CBOR`, title: `${title}, as bare CBOR`, vectors: bare }
}
