import { AGENT_SILENT_MS, LONGEST_TICK_MS, STALLED_MS, START_PATIENCE_MS } from './tuning.ts';
/** Detects that the output has stalled or the agent is gone, from what does not happen. Pure. */
export class Watchdog {
  #startedAtMs = Number.NEGATIVE_INFINITY;
  #tickedAtMs: number | undefined;
  #agentPings = false;
  #agentSilentMs = 0;
  #frames = 0;
  #stalledMs = 0;
  #hasRendered = false;
  #overflowSamples = 0;

  startedAt(atMs: number): void {
    this.#startedAtMs = atMs;
  }

  /** Whether the browser may just need a moment more. */
  justStarted(atMs: number): boolean {
    return atMs - this.#startedAtMs < START_PATIENCE_MS;
  }

  heardOfAgent(isPing: boolean): void {
    this.#agentPings ||= isPing;
    this.#agentSilentMs = 0;
  }

  /** @param frames Frames that the worklet has rendered so far. */
  rendered(frames: number): void {
    if (frames === this.#frames) return;
    // The first block proves nothing: a context that is being suspended renders one more.
    this.#hasRendered ||= this.#frames > 0;
    this.#frames = frames;
    this.#stalledMs = 0;
  }

  /** Whether the worklet has lost samples since the last call. */
  overflowed(overflowSamples: number): boolean {
    const more = overflowSamples > this.#overflowSamples;
    this.#overflowSamples = overflowSamples;
    return more;
  }

  tick(atMs: number, contextRuns: boolean): void {
    const sinceMs = Math.min(LONGEST_TICK_MS, atMs - (this.#tickedAtMs ?? atMs));
    this.#tickedAtMs = atMs;
    if (this.#agentPings) this.#agentSilentMs += sinceMs;
    if (contextRuns) this.#stalledMs += sinceMs;
  }

  get hasRendered(): boolean {
    return this.#hasRendered;
  }

  get isRendering(): boolean {
    return this.#hasRendered && this.#stalledMs < STALLED_MS;
  }

  get agentIsSilent(): boolean {
    return this.#agentSilentMs >= AGENT_SILENT_MS;
  }
}
