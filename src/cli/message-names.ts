/** The names of the messages on the command line. */
export const messageNames = [
  'error-response',
  'problem-details',
  'token-request',
  'token-response',
  'introspection-request',
  'introspection-response',
  'creation-hints',
  'revocation-request',
] as const

/** One of the {@link messageNames}. */
export type MessageName = (typeof messageNames)[number]

/** The key of the `ace-error` entry of problem details where nothing else is said: IANA has not assigned one yet. */
export const defaultAceErrorKey = 2

/** Whether a message has that name. */
export function isMessageName(name: unknown): name is MessageName {
  return messageNames.includes(name as MessageName)
}
