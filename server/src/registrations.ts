import type { ClientRecord, ResourceServerRecord, Store } from './store/contract.ts'

/** The most clients, and the most resource servers, that are kept in memory. */
const mostKept = 20_000

/**
 * Clients and resource servers as they are registered, kept in memory. The store counts registrations: a process that sees the number grown
 * forgets what it knows, whichever process changed it.
 */
export class Registrations {
  readonly #store: Store
  readonly #checkEveryMs: number
  readonly #onChange: () => Promise<void>
  readonly #clients = new Map<string, ClientRecord>()
  readonly #servers = new Map<string, ResourceServerRecord>()
  readonly #introspecting = new Map<string, ResourceServerRecord>()
  #version = -1
  #hasChosenSecrets = true
  #checkedAt = Number.NEGATIVE_INFINITY
  #checking: Promise<void> | undefined

  /**
   * @param onChange is called before anybody is told of a change, and once at first: it takes anew what else is kept in memory
   * @param checkEveryMs how old what is known may be, in milliseconds: less than a command line that changed something takes to end
   */
  constructor(store: Store, onChange: () => Promise<void>, checkEveryMs = 100) {
    this.#store = store
    this.#onChange = onChange
    this.#checkEveryMs = checkEveryMs
  }

  async client(clientId: string): Promise<ClientRecord | undefined> {
    await this.refresh()
    return this.#find(this.#clients, clientId, () => this.#store.clients.find(clientId))
  }

  /** Whether there are secrets that somebody chose, as far as is known. */
  get hasChosenSecrets(): boolean {
    return this.#hasChosenSecrets
  }

  async resourceServer(audience: string): Promise<ResourceServerRecord | undefined> {
    await this.refresh()
    return this.#find(this.#servers, audience, () => this.#store.resourceServers.find(audience))
  }

  /** The resource server that authenticates with an identifier at introspection. */
  async introspectionClient(clientId: string): Promise<ResourceServerRecord | undefined> {
    await this.refresh()
    return this.#find(this.#introspecting, clientId, () =>
      this.#store.resourceServers.findByIntrospectionClient(clientId),
    )
  }

  /** Sees to it that what is known is no older than it may be. */
  async refresh(): Promise<void> {
    if (performance.now() - this.#checkedAt < this.#checkEveryMs) return
    this.#checking ??= this.#check().finally(() => {
      this.#checking = undefined
    })
    await this.#checking
  }

  async #check(): Promise<void> {
    const asked = performance.now()
    const version = await this.#store.clients.version()
    if (version !== this.#version) {
      this.#hasChosenSecrets = await this.#store.clients.hasChosenSecrets()
      await this.#onChange()
      this.#clients.clear()
      this.#servers.clear()
      this.#introspecting.clear()
      this.#version = version
    }
    this.#checkedAt = asked
  }

  async #find<Value>(
    known: Map<string, Value>,
    key: string,
    load: () => Promise<Value | undefined>,
  ): Promise<Value | undefined> {
    const found = known.get(key)
    if (found) return found
    const version = this.#version
    const loaded = await load()
    // What was read before the store was seen to have changed may be old.
    if (loaded && version === this.#version) {
      if (known.size >= mostKept) known.delete(known.keys().next().value!)
      known.set(key, loaded)
    }
    return loaded
  }
}
