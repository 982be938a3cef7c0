import { coapResponses } from './generated/coap-responses.ts'

/**
 * Turns a CoAP code such as `4.01` into the byte that is sent: class * 32 + detail (RFC 7252, Section 3).
 *
 * Takes method codes and unregistered codes as well.
 *
 * @param code class and detail as `c.dd`: 0 to 7, a point, 00 to 31
 * @throws RangeError if the code is not written like that
 *
 * @example
 * coapCodeToByte('4.01') // 129
 */
export function coapCodeToByte(code: string): number {
  if (!/^[0-7]\.([012]\d|3[01])$/.test(code)) throw new RangeError(`not a CoAP code: ${code}`)
  return Number(code[0]) * 32 + Number(code.slice(2))
}

/**
 * Turns the code byte of a CoAP message into its documented form (RFC 7252, Section 3).
 *
 * @param byte 0 to 255
 * @throws RangeError if the number is not a byte
 *
 * @example
 * coapCodeFromByte(129) // '4.01'
 */
export function coapCodeFromByte(byte: number): string {
  if (!Number.isInteger(byte) || byte < 0 || byte > 255) throw new RangeError(`not a byte: ${byte}`)
  return `${byte >> 5}.${String(byte & 31).padStart(2, '0')}`
}

/**
 * Tells which HTTP status an authorization server sends where it would send a CoAP response code.
 *
 * What OAuth says comes first (RFC 6749, Sections 5.1 and 5.2; RFC 6750, Section 3.1): a successful token response
 * is 200 rather than 201, and invalid_client is 401 rather than 403. Otherwise it is what a CoAP-to-HTTP proxy
 * sends (RFC 8075, Table 2), and the first where the table has two.
 *
 * @param code a CoAP response code as `c.dd`
 * @returns the HTTP status; undefined for 2.31 and 4.08, which never leave a block-wise transfer, for registered
 * codes that are in neither document (4.09, 4.22, 5.08), and for every other string
 *
 * @example
 * httpStatusOf('2.01') // 200
 * httpStatusOf('4.01') // 401
 * httpStatusOf('4.15') // 415
 * httpStatusOf('2.31') // undefined
 */
export function httpStatusOf(code: string): number | undefined {
  return coapResponses[code as keyof typeof coapResponses]?.http
}
