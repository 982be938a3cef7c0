/**
 * A hash of 52 bits, as an integer, of another one and a number that is an integer. Numbers that differ have the same hash by odds
 * that do not matter, but somebody who looks for such numbers will find them.
 */
export function hashWith(hash: number, value: number): number {
  // Of zeros, multiplication makes zero.
  const below = value + 1
  // In two halves of 32 bits each, as the bitwise operators take them.
  const above = value / 0x1_0000_0000
  const low = Math.imul(Math.imul(hash ^ below, 0x9e3779b1) ^ above, 0x85ebca6b)
  const high = Math.imul(Math.imul((hash / 0x1_0000_0000) ^ below, 0x5f356495) ^ above, 0xc2b2ae35)
  return ((high ^ (low >>> 15)) & 0xf_ffff) * 0x1_0000_0000 + ((low ^ (high >>> 13)) >>> 0)
}
