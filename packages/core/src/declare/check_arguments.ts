import { OncueError } from '../errors.ts';

/** Repeats TypeScript's checks at run time, for JavaScript users: what is misspelled or misplaced must not be ignored. */

/** @param what - a phrase that "an object of options" completes. */
export function assertObject(what: string, value: unknown): void {
  if (typeof value === 'object' && value !== null) return;
  const given = value === null || value === undefined ? String(value) : `a ${typeof value}`;
  throw bad(`${what} an object of options, not ${given}`);
}

export function assertKnown(of: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw bad(`${of} has no option "${unknown}"; it has ${known.join(', ')}`);
}

export function assertFunction(name: string, value: unknown): void {
  if (typeof value !== 'function') throw bad(`${name} must be a function`);
}

export function bad(message: string): OncueError {
  return new OncueError('ONCUE_BAD_OPTION', message);
}
