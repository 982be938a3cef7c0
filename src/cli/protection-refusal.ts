import { DecodeError, MessageError } from '../cbor/decode-error.ts'
import { CoseError, inWords } from '../cose/cose-error.ts'
import { ProtectionError } from '../token/protection-error.ts'
import type { Bytes } from './input/source.ts'
import { remark, styleFor } from './show/output.ts'
import { renderRefusal, tellRefusal } from './show/refusal.ts'
import { toJson } from './show/text.ts'

/** Runs what may refuse a key or a token, and tells such a refusal on standard error with exit code 1. */
export async function refusing(run: () => Promise<void>, bytes?: Uint8Array, input?: Bytes): Promise<void> {
  const style = styleFor(process.stderr)
  try {
    await run()
  } catch (error) {
    if (process.argv.includes('--json') && error instanceof MessageError)
      remark(`${toJson(tellRefusal(error))}\n`)
    else if (
      process.argv.includes('--json') &&
      (error instanceof ProtectionError || error instanceof CoseError)
    )
      remark(`${toJson({ reason: error.reason, message: inWords(error.reason, error.expected) })}\n`)
    else if (error instanceof ProtectionError || error instanceof CoseError)
      remark(`${style.red('refused')}: ${inWords(error.reason, error.expected)}\n`)
    else if (error instanceof MessageError)
      remark(renderRefusal(error, style, error instanceof DecodeError ? bytes : undefined, undefined, input))
    else throw error
    process.exitCode = 1
  }
}
