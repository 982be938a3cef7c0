// Generated from src/registry/registries.json by `npm run generate`. Do not edit.

/**
 * The "ACE Profiles" registry (RFC 9200, Section 8.8).
 *
 * Values less than -65536 are for private use.
 *
 * @example
 * aceProfiles.coap_dtls // 1
 */
export const aceProfiles = {
  /** Profile for delegating client Authentication and Authorization for Constrained Environments by establishing a Datagram Transport Layer Security (DTLS) or Transport Layer Security (TLS) channel between resource-constrained nodes. RFC 9202; RFC 9430. */
  coap_dtls: 1,
  /** Profile for using OSCORE to secure communication between constrained nodes using the Authentication and Authorization for Constrained Environments framework. RFC 9203. */
  coap_oscore: 2,
  /** Profile for delegating Client authentication and authorization using MQTT for the Client and Broker (RS) interactions and HTTP for the AS interactions. TLS is used for confidentiality and integrity protection and server authentication. Client authentication can be provided either via TLS or using in-band PoP validation at the MQTT application layer. RFC 9431. */
  mqtt_tls: 3,
} as const

/** A name in {@link aceProfiles}. */
export type AceProfileName = keyof typeof aceProfiles
