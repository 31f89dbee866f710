/**
 * The part of `AbortController` that core uses. Every platform has it, but `lib: es2023` has no types for it, and core
 * must compile without the types of Node or of a page. Users see their platform's own types instead of this file.
 */
interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}
