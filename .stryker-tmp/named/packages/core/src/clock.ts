import type { AgentMs } from './units.ts';

/**
 * The only source of time in Oncue. Core has no clock of its own: an adapter passes a real one, a test a manual one.
 */
export interface Clock {
  /** The current instant in ms. Monotonic, with an arbitrary origin. */
  nowMs(): AgentMs;

  /**
   * Calls `run` once, at least `delayMs` (≥ 0) from now. Never early.
   *
   * @returns A function that cancels the call. Calling it again, or after the run, does nothing.
   */
  schedule(delayMs: number, run: () => void): () => void;
}
