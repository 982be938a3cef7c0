// The major types of RFC 8949 §3.1: constants of their own, which bundlers put in their places.
export const unsignedInteger = 0
export const negativeInteger = 1
export const byteString = 2
export const textString = 3
export const array = 4
export const map = 5
export const tag = 6
/** Simple values and floating-point numbers. */
export const simple = 7

// The simple values of RFC 8949 §3.3 that the library reads and writes.
export const simpleFalse = 20
export const simpleTrue = 21
export const simpleNull = 22
export const simpleUndefined = 23
