import { MAX_WIRE_CHARS } from './messages.ts';

/** Larger instants and counts are invalid: as ms this is about 285,000 years. */
const MAX_NUMBER = Number.MAX_SAFE_INTEGER;
const MAX_ID_CHARS = 200;

/** An object that is decoded, and not checked yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a message has the fields that it must have, each of its type and range. */
export type Check = (fields: Fields) => boolean;

/** What is wrong with a message. `unknown_type`: it may be one of a later version. */
export interface Refused {
  readonly ok: false;
  readonly reason: 'bad_format' | 'too_large' | 'unknown_type';
}

export const BAD = { ok: false, reason: 'bad_format' } as const;

/**
 * Parses a message: JSON text, or an object that is already decoded. Never throws.
 *
 * @param checks By type of message.
 * @param isEnvelope Checks the fields that every message has, besides `v` and `type`.
 */
export function parseMessage<T>(
  raw: unknown,
  version: number,
  checks: Readonly<Record<string, Check>>,
  isEnvelope: Check,
): { readonly ok: true; readonly message: T } | Refused {
  let fields = raw;
  if (typeof raw === 'string') {
    if (raw.length > MAX_WIRE_CHARS) return { ok: false, reason: 'too_large' };
    try {
      fields = JSON.parse(raw);
    } catch {
      return BAD;
    }
  }
  if (!isObject(fields) || fields['v'] !== version || !isEnvelope(fields)) return BAD;
  const { type } = fields;
  if (!isText(type)) return BAD;
  if (!Object.hasOwn(checks, type)) return { ok: false, reason: 'unknown_type' };
  return checks[type]?.(fields) ? { ok: true, message: fields as T } : BAD;
}

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

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

/** @param values What it may be. */
export function isOneOf(value: unknown, values: readonly unknown[]): boolean {
  return values.includes(value);
}
