import type { CutReach, Timeline } from '@oncue/core';

/** Who may hold playout: the pipeline, while it finds out whether an interruption is real, and an absent listener. */
export type Holder = 'pipeline' | 'absence';

/** Pauses the timeline as long as anyone holds it. */
export class PlayoutHolds {
  readonly #timeline: Pick<Timeline, 'pause' | 'resume'>;
  readonly #reaches: CutReach;
  readonly #holders = new Set<Holder>();

  /** @param reaches - `'queue'`: what has not left the device's queue stays there as long as anyone holds playout. */
  constructor(timeline: Pick<Timeline, 'pause' | 'resume'>, reaches: CutReach = 'ear') {
    this.#timeline = timeline;
    this.#reaches = reaches;
  }

  hold(by: Holder): void {
    this.#holders.add(by);
    this.#timeline.pause(this.#reaches);
  }

  release(by: Holder): void {
    if (this.#holders.delete(by) && this.#holders.size === 0) this.#timeline.resume();
  }

  /** A cut ended the timeline's pause, and with it the pipeline's hold. An absent listener is still absent. */
  afterCut(): void {
    this.#holders.delete('pipeline');
    if (this.#holders.size > 0) this.#timeline.pause(this.#reaches);
  }
}
