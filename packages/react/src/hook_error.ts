/**
 * Why a hook cannot work. The codes are part of the public API; the messages are not. What to do about each:
 * `docs/reference/errors.md`.
 */
export type HookErrorCode =
  /** The hook is used outside of an `OncueProvider`. */
  'no_provider';

/** A hook is used wrongly. The message says what to do. */
export class HookError extends Error {
  readonly code: HookErrorCode;

  constructor(code: HookErrorCode, message: string) {
    super(message);
    this.name = 'HookError';
    this.code = code;
  }
}
