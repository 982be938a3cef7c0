/** Bytes as they are, whichever engine gives them: a Buffer becomes a plain view of its bytes. */
export function bytesOf(value: Uint8Array): Uint8Array {
  return Uint8Array.from(value)
}

/** The bytes of a column that may be empty. */
export function bytesOrNull(value: Uint8Array | null): Uint8Array | null {
  return value === null ? null : bytesOf(value)
}

/** JSON of a column that may be empty. */
export function jsonOrNull<Value>(text: string | null): Value | null {
  return text === null ? null : (JSON.parse(text) as Value)
}

/** The text of a value that may be absent. */
export function textOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value)
}

/** A scope in its two columns. */
export function scopeColumns(scope: string | Uint8Array | null): {
  readonly scope: string | null
  readonly scope_bytes: Uint8Array | null
} {
  return typeof scope === 'string' || scope === null
    ? { scope, scope_bytes: null }
    : { scope: null, scope_bytes: scope }
}

/** The scope of its two columns. */
export function scopeOf(row: {
  readonly scope: string | null
  readonly scope_bytes: Uint8Array | null
}): string | Uint8Array | null {
  return row.scope ?? bytesOrNull(row.scope_bytes)
}
