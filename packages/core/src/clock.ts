import type { AgentMs } from './units.ts';

/**
 * The only source of time in Oncue. Core has no clock of its own: an adapter brings a real one, a test a manual one.
 */
export interface Clock {
  /** The current instant in ms; monotonic, from an arbitrary start. */
  nowMs(): AgentMs;

  /**
   * Runs `run` once, `delayMs` (≥ 0) from now or later.
   *
   * @returns A function that cancels; calling it again, or after the run, does nothing.
   */
  schedule(delayMs: number, run: () => void): () => void;
}
