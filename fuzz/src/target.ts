/** A parser that is fuzzed. */
export interface Target {
  readonly name: string;
  /** Its corpus has lines of JSON text, or of hexadecimal bytes. */
  readonly form: 'text' | 'bytes';
  /** Files whose quoted words a text is changed with, from the root of the repository. */
  readonly words: readonly string[];
  /**
   * Parses one input. Throws if the parser breaks its promise.
   *
   * @returns What became of it, in a word or two: an input with a new one is kept.
   */
  readonly run: (input: Input) => string;
}

/** Bytes are kept as text in which each character is one byte. */
export type Input = string;

export function bytesOf(input: Input): Uint8Array {
  return Uint8Array.from(input, (character) => character.charCodeAt(0));
}

export function inputOf(bytes: Uint8Array): Input {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

/** Throws with this sentence unless it holds. */
export function promise(sentence: string, holds: boolean): void {
  if (!holds) throw new Error(`broken promise: ${sentence}`);
}
