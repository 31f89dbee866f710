import type { ResponseId } from '@oncue/core';

/** Consecutive samples of one response, or of no response: silence that fills a block. */
export interface QueuedRun {
  readonly responseId: ResponseId | undefined;
  readonly samples: number;
}

/**
 * Whose samples were pushed into a source's queue, in order. The queue itself only knows how much it holds; this says which
 * samples of which responses those are. Reads no clock.
 */
export class QueuedRuns {
  readonly #maxSamples: number;
  #runs: QueuedRun[] = [];

  /** @param maxSamples - more than the queue ever holds. What was pushed before that has left and is forgotten. */
  constructor(maxSamples: number) {
    this.#maxSamples = maxSamples;
  }

  push(responseId: ResponseId | undefined, samples: number): void {
    this.#runs.push({ responseId, samples });
    let keptSamples = this.#runs.reduce((sum, run) => sum + run.samples, 0);
    while (keptSamples - (this.#runs[0]?.samples ?? keptSamples) > this.#maxSamples)
      keptSamples -= this.#runs.shift()?.samples ?? 0;
  }

  /** How many of the `queuedSamples` pushed last are of a response. */
  queuedOf(responseId: ResponseId, queuedSamples: number): number {
    let ofResponse = 0;
    let left = queuedSamples;
    for (let index = this.#runs.length - 1; index >= 0 && left > 0; index -= 1) {
      const run = this.#runs[index] as QueuedRun;
      if (run.responseId === responseId) ofResponse += Math.min(left, run.samples);
      left -= run.samples;
    }
    return ofResponse;
  }

  /** Removes the `samples` pushed last. @returns Whose they were, the last first. */
  takeBack(samples: number): readonly QueuedRun[] {
    const taken: QueuedRun[] = [];
    let left = samples;
    for (let run = this.#runs.at(-1); run && left > 0; run = this.#runs.at(-1)) {
      const back = Math.min(left, run.samples);
      left -= back;
      taken.push({ responseId: run.responseId, samples: back });
      this.#runs.pop();
      if (back < run.samples) this.#runs.push({ ...run, samples: run.samples - back });
    }
    return taken;
  }

  /** The response of the last run that is of one. */
  get lastResponseId(): ResponseId | undefined {
    return this.#runs.findLast((run) => run.responseId !== undefined)?.responseId;
  }

  clear(): void {
    this.#runs = [];
  }
}
