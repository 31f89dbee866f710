import type { ResponseId } from '@oncue/core';

/** One captured segment that has not been reported as finished to the pipeline. */
export interface Segment {
  readonly responseId: ResponseId;
  sentSamples: number;
  /** The pipeline knows that it is heard. */
  startReported: boolean;
  /** The timeline knows of its audio, and will say how it ends. */
  isTracked: boolean;
}

/**
 * The segments that the pipeline waits for, in order. LiveKit counts how many were captured and how many finished, and
 * nothing else: each must be finished exactly once [LK6].
 */
export class Segments {
  #all: Segment[] = [];
  /** The one that is being captured. */
  #open: Segment | undefined;

  get open(): Segment | undefined {
    return this.#open;
  }

  get isEmpty(): boolean {
    return this.#all.length === 0;
  }

  begin(responseId: ResponseId, isTracked: boolean): Segment {
    this.#open = { responseId, sentSamples: 0, startReported: false, isTracked };
    this.#all.push(this.#open);
    return this.#open;
  }

  /** Nothing more is captured of the open one. */
  close(): void {
    this.#open = undefined;
  }

  /** The timeline failed: no event will end any of them. */
  untrack(): void {
    for (const segment of this.#all) segment.isTracked = false;
  }

  /** The last one that no event will end. */
  get lastUntracked(): Segment | undefined {
    return this.#all.filter(({ isTracked }) => !isTracked).at(-1);
  }

  find(responseId: ResponseId): Segment | undefined {
    return this.#all.find((segment) => segment.responseId === responseId);
  }

  /** Removes a segment and those before it. @returns Those removed, in order; none if it is unknown. */
  takeUpTo(responseId: ResponseId): readonly Segment[] {
    const place = this.#all.findIndex((segment) => segment.responseId === responseId);
    return this.#all.splice(0, place + 1);
  }
}
