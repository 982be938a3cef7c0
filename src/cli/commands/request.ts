import type { Command } from 'commander'
import { addRequestIntrospect } from '../request/introspect.ts'
import { addRequestRevoke } from '../request/revoke.ts'
import { addRequestToken } from '../request/token.ts'

/** `ace-oauth request`: one request to an authorization server, both sides shown. */
export function configureRequest(request: Command): void {
  request.description(
    'Send a request to an authorization server, show both sides byte by byte, and say what a client should do.\n' +
      'Of secrets the lengths are shown. Exit code 1 where the server refused or was not reached.',
  )
  for (const add of [addRequestToken, addRequestIntrospect, addRequestRevoke]) add(request)
}
