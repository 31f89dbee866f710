/** Larger instants and counts are invalid: as ms this is about 285,000 years. */
const MAX_NUMBER = Number.MAX_SAFE_INTEGER;
const MAX_ID_CHARS = 200;

/** An id or a name: not empty, and not long. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= MAX_ID_CHARS;
}

export function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= MAX_NUMBER;
}

export function isWhole(value: unknown, least: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least;
}
