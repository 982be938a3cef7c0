import { Failure } from '../failure/failure.ts'
import type { Message } from '../message/message.ts'
import type { EndpointName } from './exchange.ts'

/**
 * What a function of an endpoint gave, if it is the message that it has to give.
 *
 * @param member a member that the message has
 */
export function checkedMessage<M extends Message>(
  given: M,
  member: keyof M & string,
  endpoint: EndpointName,
): M {
  const message: Partial<M> | null | undefined = given
  if (
    typeof message === 'object' &&
    message !== null &&
    typeof message.toCbor === 'function' &&
    typeof message.toJson === 'function' &&
    message[member] !== undefined
  )
    return given
  throw new Failure(`${endpoint}_internal_error`, {
    details: { expected: `a message with ${member}`, got: given === null ? 'null' : typeof given },
  })
}
