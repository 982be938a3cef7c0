import { DecodeError, MessageError } from '../cbor/decode-error.ts'
import { CoseError, inWords } from '../cose/cose-error.ts'
import { ProtectionError } from '../token/protection-error.ts'
import { remark, styleFor } from './show/output.ts'
import { renderRefusal } from './show/refusal.ts'

/** Runs what may refuse a key or a token, and tells such a refusal on standard error with exit code 1. */
export async function refusing(run: () => Promise<void>, bytes?: Uint8Array): Promise<void> {
  const style = styleFor(process.stderr)
  try {
    await run()
  } catch (error) {
    if (error instanceof ProtectionError || error instanceof CoseError)
      remark(`${style.red('refused')}: ${inWords(error.reason, error.expected)}\n`)
    else if (error instanceof MessageError)
      remark(renderRefusal(error, style, error instanceof DecodeError ? bytes : undefined))
    else throw error
    process.exitCode = 1
  }
}
