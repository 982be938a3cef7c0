import { DecodeError } from '../cbor/decode-error.ts'
import { type Aif, decodeAif, hasUnknownMethods, methodsOf, type RestMethod } from '../message/aif.ts'
import type { Scope } from '../message/scope.ts'

/** A resource, as a request names it. */
export interface Target {
  /** The local part of its URI: path and query, beginning with a slash (RFC 9237 §2). */
  readonly path: string
  /** The resource that made it when it was asked to, whose Dynamic methods are for this one (RFC 9237 §2.3). */
  readonly createdBy?: string | undefined
}

/**
 * What the scopes of a resource server allow. A text scope is looked up token by token; a byte string is an
 * authorization in AIF (RFC 9237). What is not listed is denied.
 *
 * @example
 * ```ts
 * import { methodSet } from 'ace-oauth'
 * import { ScopeGrants } from 'ace-oauth/resource-server'
 *
 * const grants = new ScopeGrants({ read: [['/temperature', methodSet(['GET'])]] })
 * grants.methods('read', { path: '/temperature' }) // ['GET']
 * ```
 */
export class ScopeGrants {
  readonly #tokens: ReadonlyMap<string, Aif>

  /** @param tokens what each scope token of text scopes allows */
  constructor(tokens: Readonly<Record<string, Aif>> = {}) {
    this.#tokens = new Map(Object.entries(tokens))
  }

  /** Whether the resource server understands the whole of a scope (RFC 9200 §5.10.1.1, RFC 9237 §6). */
  recognizes(scope: Scope): boolean {
    const aif = this.#aifOf(scope)
    if (!aif || aif.some(([, methods]) => hasUnknownMethods(methods))) return false
    return typeof scope !== 'string' || scope.split(' ').every((token) => this.#tokens.has(token))
  }

  /** The methods that a scope allows on a resource; undefined where it does not name the resource at all. */
  methods(scope: Scope, { path, createdBy }: Target): RestMethod[] | undefined {
    let found: Set<RestMethod> | undefined
    for (const [entry, set] of this.#aifOf(scope) ?? []) {
      const isDynamic = entry === createdBy && entry !== path
      if (entry !== path && !isDynamic) continue
      const methods = methodsOf(set)
        .filter((method) => method.startsWith('Dynamic-') === isDynamic)
        .map((method) => method.replace(/^Dynamic-/, '') as RestMethod)
      // That a resource can be made by way of the listed one does not cover it unless something may be done with it.
      if (isDynamic && methods.length === 0) continue
      found = new Set([...(found ?? []), ...methods])
    }
    return found && [...found]
  }

  /** The entries of a scope; undefined where it has none that are understood. */
  #aifOf(scope: Scope): Aif | undefined {
    if (typeof scope === 'string') return scope.split(' ').flatMap((token) => this.#tokens.get(token) ?? [])
    try {
      return decodeAif(scope)
    } catch (error) {
      if (error instanceof DecodeError) return undefined
      throw error
    }
  }
}
