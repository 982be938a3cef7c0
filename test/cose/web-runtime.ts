import { vi } from 'vitest'

/**
 * Loads modules on WebCrypto alone, as a browser has them: each is another module than the one that is imported in the ordinary way.
 *
 * @param load imports them
 */
export async function onWebCrypto<T>(load: () => Promise<T>): Promise<T> {
  vi.resetModules()
  vi.doMock('#runtime/crypto', () => import('../../src/cose/runtime/web-crypto.ts'))
  try {
    return await load()
  } finally {
    vi.doUnmock('#runtime/crypto')
    vi.resetModules()
  }
}
