// Generated from src/registry/registries.json by `npm run generate`. Do not edit.

/** integer. RFC 9200; RFC 6749. */
export const errorKey = 30

/** text string. RFC 9200; RFC 6749. */
export const errorDescriptionKey = 31

/** text string. RFC 9200; RFC 6749. */
export const errorUriKey = 32
