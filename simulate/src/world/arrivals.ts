import { SAMPLES_PER_MS } from './samples.ts';

interface Arrival {
  readonly first: number;
  readonly atMs: number;
}

/** When the audio of a response came to an ear. A piece is there from its first sample on, and no faster than it plays. */
export class Arrivals {
  readonly #pieces: Arrival[] = [];

  add(first: number, atMs: number): void {
    this.#pieces.push({ first, atMs });
  }

  /** How long ago a sample came. */
  lagMs(sample: number, nowMs: number): number {
    const piece = this.#pieces.findLast(({ first }) => first <= sample + 1e-6);
    return piece ? nowMs - piece.atMs - (sample - piece.first) / SAMPLES_PER_MS : 0;
  }

  /** Where the piece after that of a sample begins. */
  nextPiece(sample: number): number {
    return (
      this.#pieces.find(({ first }) => first > sample + 1e-6)?.first ?? Number.POSITIVE_INFINITY
    );
  }
}
