import { Failure } from 'ace-oauth/failure'
import type { Profiled, Scoped } from './context.ts'

/** Chooses the ACE profile that client and resource servers share (RFC 9200 section 5.8.4.3); one that the client asks for has to be it. */
export function chooseProfile(scoped: Scoped): Profiled {
  const { client, resourceServers, request, bounds } = scoped
  const common = client.profiles.filter((profile) =>
    resourceServers.every(({ profiles }) => profiles.includes(profile)),
  )
  const asked =
    request.ace_profile === undefined || request.ace_profile === null
      ? undefined
      : String(request.ace_profile)
  const wanted = asked ?? bounds?.profile ?? common[0]
  if (wanted === undefined || !common.includes(wanted))
    throw new Failure('token_profiles_incompatible', {
      details: {
        client: client.profiles,
        asked,
        resourceServers: resourceServers.map(({ profiles }) => profiles),
      },
    })
  return { ...scoped, profile: wanted }
}
