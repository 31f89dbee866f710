import type { Timeline } from '@oncue/core';

/** Who may stand playout still: the pipeline, which waits whether an interruption is one, and an absent listener. */
export type Holder = 'pipeline' | 'absence';

/** Stands the timeline still for as long as anyone holds it. */
export class PlayoutHolds {
  readonly #timeline: Pick<Timeline, 'pause' | 'resume'>;
  readonly #holders = new Set<Holder>();

  constructor(timeline: Pick<Timeline, 'pause' | 'resume'>) {
    this.#timeline = timeline;
  }

  hold(by: Holder): void {
    this.#holders.add(by);
    this.#timeline.pause();
  }

  release(by: Holder): void {
    if (this.#holders.delete(by) && this.#holders.size === 0) this.#timeline.resume();
  }

  /** A cut has ended the timeline's pause, and with it the pipeline's; an absent listener stays absent. */
  afterCut(): void {
    this.#holders.delete('pipeline');
    if (this.#holders.size > 0) this.#timeline.pause();
  }
}
