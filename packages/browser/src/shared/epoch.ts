/** A new random epoch, of 96 bits. `crypto.randomUUID` would do, but browsers offer it only to secure pages. */
export function newEpoch(): string {
  return crypto.getRandomValues(new Uint32Array(3)).join('-');
}
