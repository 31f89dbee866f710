export function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

/** A number with its sign; the typographic minus is as wide as the plus. */
export function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  const isZero = Number(text) === 0;
  return `${isZero ? '' : value < 0 ? '\u2212' : '+'}${text}`;
}

export function signedMs(ms: number): string {
  return `${signed(ms, 1)} ms`;
}
