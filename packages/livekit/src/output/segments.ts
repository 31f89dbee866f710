import type { voice } from '@livekit/agents';
import type { AgentMs, ResponseId } from '@oncue/core';

/** One captured segment that has not been reported as finished to the pipeline. */
export interface Segment {
  readonly responseId: ResponseId;
  sentSamples: number;
  /** The pipeline knows that it is heard. */
  startReported: boolean;
  /** When it was heard from. In a pause the pipeline is told of it only afterwards. */
  startedAtMs: AgentMs | undefined;
  /** The timeline knows of its audio, and will say how it ends. */
  isTracked: boolean;
  /** `let_go`: the pipeline may go on with the next one. `cut`: it waits for the end. */
  wait: 'waits' | 'let_go' | 'cut';
  /** The pipeline waits for `whenLetGo`, not only for its finish. */
  readonly canLetGo: boolean;
  /** The pipeline has waited for it. */
  isWaitedFor: boolean;
  /** Called when the pipeline may go on. */
  readonly onLetGo: (() => void)[];
  /** How it ended, while one before it has not. */
  ended: voice.PlaybackFinishedEvent | undefined;
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

  get all(): readonly Segment[] {
    return this.#all;
  }

  get isEmpty(): boolean {
    return this.#all.length === 0;
  }

  begin(responseId: ResponseId, isTracked: boolean, canLetGo: boolean): Segment {
    this.#open = {
      responseId,
      sentSamples: 0,
      startReported: false,
      startedAtMs: undefined,
      isTracked,
      canLetGo,
      wait: 'waits',
      isWaitedFor: false,
      onLetGo: [],
      ended: undefined,
    };
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

  /** What sounds is stopped. */
  cut(): void {
    for (const segment of this.#all) segment.wait = 'cut';
  }

  /** The pipeline waits for all that was captured. */
  waitedFor(): void {
    for (const segment of this.#all) segment.isWaitedFor = true;
  }

  letGo(segment: Segment): void {
    if (segment.wait !== 'waits') return;
    segment.wait = 'let_go';
    for (const run of segment.onLetGo.splice(0)) run();
  }

  /** The one that was captured last. */
  get last(): Segment | undefined {
    return this.#all.at(-1);
  }

  /** The last one that no event will end. */
  get lastUntracked(): Segment | undefined {
    return this.#all.filter(({ isTracked }) => !isTracked).at(-1);
  }

  find(responseId: ResponseId): Segment | undefined {
    return this.#all.find((segment) => segment.responseId === responseId);
  }

  /** Removes those at the front that have ended. @returns Them, in order. */
  takeEnded(): readonly Segment[] {
    const going = this.#all.findIndex(({ ended }) => ended === undefined);
    return this.#all.splice(0, going < 0 ? this.#all.length : going);
  }

  /** Removes a segment and those before it. @returns Those removed, in order; none if it is unknown. */
  takeUpTo(responseId: ResponseId): readonly Segment[] {
    const place = this.#all.findIndex((segment) => segment.responseId === responseId);
    return this.#all.splice(0, place + 1);
  }
}
