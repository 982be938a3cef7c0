import { describe, expect, it } from 'vitest'
import { messageNames } from '../../src/cli/message-names.ts'
import { messageKind } from '../../src/cli/messages.ts'
import { meaningOf } from '../../src/cli/show/meanings.ts'

describe('meanings', () => {
  it.each(messageNames)('has a sentence for every member of %s', (name) => {
    for (const row of messageKind(name).rows) expect(meaningOf(name, row.name), row.name).toMatch(/\.$/)
  })
})
