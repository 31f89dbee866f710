import type { OncueEventOf, ResponseId, TimelineState } from '@oncue/core';
import { responseOf } from '@oncue/core/internal';

/** A response that was not heard completely. */
export interface KeptResponse {
  readonly responseId: ResponseId;
  /** LiveKit's id of its transcript segment, once it is known. */
  segmentId: string | undefined;
  /** How many samples were written so far. */
  writtenSamples: number;
  /** Known once its audio has ended. */
  totalSamples: number | undefined;
  /** As the page reported. Earlier samples are no longer kept. */
  heardSamples: number;
  /** The session no longer waits for it. */
  settled: boolean;
  /** Whether the current connection got its announcement. */
  announced: boolean;
  /** How many samples were sent; to the current connection, if there are several. */
  sentSamples: number;
  /** Whether the current connection got its end. */
  endSent: boolean;
}

interface Kept extends KeptResponse {
  chunks: Int16Array[];
  /** Index of the first kept sample in the response. */
  firstKept: number;
}

/**
 * Audio that was written and not reported as heard, in playout order. It has no limit of its own: the pipeline is held
 * back while much of it waits [LK20].
 */
export class ReplayBuffer {
  #responses: Kept[] = [];
  #keptSamples = 0;

  /** All that is kept. */
  get keptSamples(): number {
    return this.#keptSamples;
  }

  /** What the session still waits for. */
  get waitingSamples(): number {
    return this.#responses.reduce(
      (sum, one) => sum + (one.settled ? 0 : one.writtenSamples - one.heardSamples),
      0,
    );
  }

  get responses(): readonly KeptResponse[] {
    return this.#responses;
  }

  /** Samples that were sent and not reported as heard. */
  get aheadSamples(): number {
    return this.#responses.reduce(
      (sum, one) => sum + Math.max(0, one.sentSamples - one.heardSamples),
      0,
    );
  }

  announce(responseId: ResponseId, segmentId: string | undefined): void {
    const known = this.#find(responseId);
    if (known) known.segmentId = segmentId ?? known.segmentId;
    if (known) return;
    this.#responses.push({
      responseId,
      segmentId,
      writtenSamples: 0,
      totalSamples: undefined,
      heardSamples: 0,
      settled: false,
      announced: false,
      sentSamples: 0,
      endSent: false,
      chunks: [],
      firstKept: 0,
    });
  }

  write(responseId: ResponseId, samples: Int16Array): void {
    const response = this.#find(responseId);
    if (!response) return;
    response.chunks.push(samples);
    response.writtenSamples += samples.length;
    this.#keptSamples += samples.length;
  }

  end(responseId: ResponseId): void {
    const response = this.#find(responseId);
    if (response) response.totalSamples = response.writtenSamples;
  }

  /** The next samples of a response to send, at most `maxSamples`. Empty when all that was written is sent. */
  next(response: KeptResponse, maxSamples: number): Int16Array {
    const kept = response as Kept;
    let skip = kept.sentSamples - kept.firstKept;
    for (const chunk of kept.chunks) {
      if (skip < chunk.length) return chunk.subarray(skip, skip + maxSamples);
      skip -= chunk.length;
    }
    return new Int16Array(0);
  }

  /** The page reported this many samples as heard. Only samples that were sent count. */
  heard(responseId: ResponseId, heardSamples: number): void {
    const response = this.#find(responseId);
    if (!response) return;
    const heard = Math.min(heardSamples, response.sentSamples);
    response.heardSamples = Math.max(response.heardSamples, heard);
    this.#trim(response, response.heardSamples);
  }

  /** Nobody will ask again for what was sent of a response, but for the last `samples`. */
  forgetSent(responseId: ResponseId, samples: number): void {
    const response = this.#find(responseId);
    if (response) this.#trim(response, response.sentSamples - samples);
  }

  drop(responseId: ResponseId): void {
    this.#keep((one) => one.responseId !== responseId);
  }

  settle(responseId: ResponseId): void {
    const response = this.#find(responseId);
    if (response) response.settled = true;
  }

  isSettled(responseId: ResponseId): boolean {
    return this.#find(responseId)?.settled ?? false;
  }

  dropSettled(): void {
    this.#keep((one) => !one.settled);
  }

  /** Keeps the latest `samples` and not more than a chunk beyond them. What comes before counts as played. */
  keepLatest(samples: number): void {
    for (const response of this.#responses) {
      const surplus = this.#keptSamples - samples;
      if (surplus <= 0) return;
      this.#trim(response, response.firstKept + surplus);
      response.heardSamples = Math.max(response.heardSamples, response.firstKept);
      response.sentSamples = Math.max(response.sentSamples, response.firstKept);
    }
  }

  clear(): void {
    this.#responses = [];
    this.#keptSamples = 0;
  }

  /** For a new connection: everything that was not heard is sent again. */
  rewind(): void {
    for (const response of this.#responses) {
      response.announced = false;
      response.sentSamples = Math.max(response.heardSamples, response.firstKept);
      response.endSent = false;
    }
  }

  #find(responseId: ResponseId): Kept | undefined {
    return this.#responses.find((one) => one.responseId === responseId);
  }

  #keep(which: (response: Kept) => boolean): void {
    this.#responses = this.#responses.filter(which);
    this.#keptSamples = this.#responses.reduce(
      (sum, one) => sum + one.writtenSamples - one.firstKept,
      0,
    );
  }

  #trim(response: Kept, untilSample: number): void {
    for (
      let chunk = response.chunks[0];
      chunk && response.firstKept + chunk.length <= untilSample;
      chunk = response.chunks[0]
    ) {
      response.chunks.shift();
      response.firstKept += chunk.length;
      this.#keptSamples -= chunk.length;
    }
  }
}

/** How far a response was played, whoever could hear it: none of that is sent again. */
export function playedSamples(
  state: TimelineState,
  { responseId, heardSamples }: OncueEventOf<'response_playback_progressed'>,
): number {
  const playback = responseOf(state, responseId)?.playback;
  return playback && playback.status !== 'unheard' ? playback.heardSamples : heardSamples;
}
