/**
 * Checks what is to be an object, such as the options of a function: what is none would be read as if it had no members.
 *
 * @throws TypeError that says what was given instead
 */
export function checkObject(name: string, given: unknown): void {
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return
  const what = given == null ? `${given}` : Array.isArray(given) ? 'an array' : `a ${typeof given}`
  throw new TypeError(`${name}: expected an object, not ${what}`)
}
