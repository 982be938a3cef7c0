// Generated from src/registry/registries.json by `npm run generate`. Do not edit.

/** Human-readable explanation specific to this occurrence of the problem: text / tag38. RFC 9290. */
export const detailKey = -2

/** CoAP response code: uint .size 1. RFC 9290. */
export const responseCodeKey = -4
