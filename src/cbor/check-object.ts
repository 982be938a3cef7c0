/**
 * Checks what is to be an object, such as the options of a function: what is none would be read as if it had no members.
 *
 * @throws TypeError that says what was given instead
 */
export function checkObject(name: string, given: unknown): void {
  const what = given === null ? 'null' : Array.isArray(given) ? 'an array' : typeof given
  if (what !== 'object') throw new TypeError(`${name}: expected an object, not ${what}`)
}
