// Generated from src/registry/registries.json by `npm run generate`. Do not edit.

/**
 * A part of the "CoAP Content-Formats" registry (RFC 7252, Section 12.3).
 *
 * The media types that ACE messages, tokens and keys use. The registry has more.
 * application/ace+json (RFC 9431) has no Content-Format.
 * No value is set aside for private use.
 *
 * @example
 * contentFormats['application/cose; cose-type="cose-encrypt0"'] // 16
 */
export const contentFormats = {
  /** RFC 2046; RFC 3676; RFC 5147. */
  'text/plain; charset=utf-8': 0,
  /** RFC 9052. */
  'application/cose; cose-type="cose-encrypt0"': 16,
  /** RFC 9052. */
  'application/cose; cose-type="cose-mac0"': 17,
  /** RFC 9052. */
  'application/cose; cose-type="cose-sign1"': 18,
  /** RFC 9200. */
  'application/ace+cbor': 19,
  /** RFC 2045; RFC 2046. */
  'application/octet-stream': 42,
  /** RFC 8259. */
  'application/json': 50,
  /** RFC 8949. */
  'application/cbor': 60,
  /** RFC 8392. */
  'application/cwt': 61,
  /** RFC 8742. */
  'application/cbor-seq': 63,
  /** RFC 9528. */
  'application/edhoc+cbor-seq': 64,
  /** RFC 9528. */
  'application/cid-edhoc+cbor-seq': 65,
  /** RFC 9052. */
  'application/cose; cose-type="cose-encrypt"': 96,
  /** RFC 9052. */
  'application/cose; cose-type="cose-mac"': 97,
  /** RFC 9052. */
  'application/cose; cose-type="cose-sign"': 98,
  /** RFC 9052. */
  'application/cose-key': 101,
  /** RFC 9052. */
  'application/cose-key-set': 102,
  /** RFC 9290. */
  'application/concise-problem-details+cbor': 257,
  /** RFC 9594. */
  'application/ace-groupcomm+cbor': 261,
  /** RFC 9770. */
  'application/ace-trl+cbor': 262,
  /** RFC 9782. */
  'application/eat+cwt': 263,
  /** RFC 9237. */
  'application/aif+cbor': 290,
  /** RFC 9237. */
  'application/aif+json': 291,
  /** RFC-ietf-core-href-29. */
  'application/aif+cbor;toid=CRI-local-part': 292,
  /** RFC-ietf-ace-key-groupcomm-oscore-21. */
  'application/aif+cbor;toid=oscore-gname;tperm=oscore-gperm': 297,
  /** RFC-ietf-ace-key-groupcomm-oscore-21. */
  'application/aif+json;toid=oscore-gname;tperm=oscore-gperm': 298,
  /** RFC 8613. */
  'application/oscore': 10001,
} as const

/** A name in {@link contentFormats}. */
export type ContentFormatName = keyof typeof contentFormats
