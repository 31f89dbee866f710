/** An agent that pings does so once a second; five missing ones are no hiccup. */
const AGENT_SILENT_MS = 5000;

/** A context that claims to run and renders nothing for so long does not run: its device is gone or asleep. */
const STALLED_MS = 1000;

/** A context that is allowed to make sound runs within some 50 ms; only after this is it called blocked. */
const START_PATIENCE_MS = 300;

/**
 * A page that was stopped itself knows nothing of the time in between: of a longer gap between two ticks only this much
 * counts.
 */
const LONGEST_TICK_MS = 250;

/** Tells by what does not happen that the output stands still or the agent is gone. Pure. */
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

  /** Whether the browser may just need a moment longer. */
  justStarted(atMs: number): boolean {
    return atMs - this.#startedAtMs < START_PATIENCE_MS;
  }

  heardOfAgent(isPing: boolean): void {
    this.#agentPings ||= isPing;
    this.#agentSilentMs = 0;
  }

  /** The worklet says that it has rendered so many frames. */
  rendered(frames: number): void {
    if (frames === this.#frames) return;
    // The first block proves little: a context that is being stopped renders one more.
    this.#hasRendered ||= this.#frames > 0;
    this.#frames = frames;
    this.#stalledMs = 0;
  }

  /** Whether samples were lost in the worklet since this was asked last. */
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
