/**
 * A new random epoch: 24 hexadecimal digits. `crypto.randomUUID` would do, but browsers offer it only to secure pages.
 */
export function newEpoch(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
