import type { voice } from '@livekit/agents';
import type { AgentMs, Clock, ResponseId } from '@oncue/core';
import { toSeconds } from '../livekit_units.ts';
import { toEpochMs } from '../node_clock.ts';
import type { Segment, Segments } from './segments.ts';

/** What reporting segments takes. */
export interface SegmentReportsPort {
  readonly segments: Segments;
  readonly clock: Clock;
  /** The rate at which samples are counted, Hz. */
  readonly sampleRateHz: number;
  /** Reports to LiveKit that a segment is heard, from an instant in ms since 1970. */
  readonly started: (createdAtEpochMs: number) => void;
  /** Reports to LiveKit how a segment ended. */
  readonly finished: (event: voice.PlaybackFinishedEvent) => void;
  /** Ends the segment that is being captured, in LiveKit's count. */
  readonly flush: () => void;
  /** A segment that was let go has ended, and the pipeline had not waited for it. */
  readonly nobodyWaits: () => void;
}

/**
 * What LiveKit is told of each segment: once that it is heard, and then once how it ended, in the order in which the
 * segments were captured [LK6].
 */
export class SegmentReports {
  readonly #port: SegmentReportsPort;
  /** LiveKit has paused the output, to find out whether an interruption is real. */
  #isPaused = false;

  constructor(port: SegmentReportsPort) {
    this.#port = port;
  }

  pause(): void {
    this.#isPaused = true;
  }

  /** The pause is over, since what was captured is cut. */
  endPause(): void {
    this.#isPaused = false;
  }

  /** Playout goes on: LiveKit is told of the starts in the pause. */
  resume(): void {
    this.#isPaused = false;
    this.starts(this.#port.segments.all);
  }

  /**
   * A segment is heard. Of a start in a pause LiveKit is told when playout goes on [SQ6].
   *
   * @returns The segment, unless its start was known.
   */
  start(id: ResponseId, startedAtMs: AgentMs): Segment | undefined {
    const segment = this.#port.segments.find(id);
    if (!segment || segment.startedAtMs !== undefined) return undefined;
    segment.startedAtMs = startedAtMs;
    if (!this.#isPaused) this.starts([segment]);
    return segment;
  }

  /** Reports the starts that are known. @param otherwiseMs - the start of those whose start is not. */
  starts(segments: readonly Segment[], otherwiseMs?: AgentMs): void {
    for (const segment of segments) {
      const startedAtMs = segment.startedAtMs ?? otherwiseMs;
      if (startedAtMs === undefined || segment.startReported) continue;
      segment.startReported = true;
      this.#port.started(toEpochMs(startedAtMs));
    }
  }

  /** LiveKit takes the finishes in the order of the segments: one that ends before an earlier one waits for it. */
  finishTracked(id: ResponseId, event: voice.PlaybackFinishedEvent): void {
    const { segments, finished, nobodyWaits } = this.#port;
    const segment = segments.find(id);
    if (!segment?.isTracked) return;
    segment.ended = event;
    if (segment.wait === 'let_go' && !segment.isWaitedFor) nobodyWaits();
    this.#closeIfOpen([segment]);
    for (const { ended } of segments.takeEnded()) if (ended) finished(ended);
  }

  /** All of a segment counts as heard, and those before it have ended. */
  finishWhole(segment: Segment): void {
    this.#finishUpTo(segment, false);
  }

  /** No event will end a segment, so it ends when its audio has had its time. */
  finishByItself(segment: Segment): void {
    const durationMs = this.#durationMs(segment);
    this.#port.clock.schedule(durationMs, () => this.#finishUpTo(segment, false));
  }

  /** Nor will any event say where such a segment was cut. */
  cutUntracked(): void {
    const last = this.#port.segments.lastUntracked;
    if (last) this.#finishUpTo(last, true);
  }

  /** The end of a segment of which all audio was heard. */
  wholeOf(segment: Segment): voice.PlaybackFinishedEvent {
    return { playbackPosition: toSeconds(this.#durationMs(segment)), interrupted: false };
  }

  #finishUpTo(segment: Segment, interrupted: boolean): void {
    const { segments, finished } = this.#port;
    const event = { ...this.wholeOf(segment), interrupted };
    const ended = segments.takeUpTo(segment.responseId);
    this.#closeIfOpen(ended);
    for (const one of [...ended, ...segments.takeEnded()]) {
      this.starts([one]);
      finished(one.ended ?? event);
    }
  }

  #closeIfOpen(ended: readonly Segment[]): void {
    const { segments, flush } = this.#port;
    if (!segments.open || !ended.includes(segments.open)) return;
    segments.close();
    flush();
  }

  #durationMs({ sentSamples }: Segment): number {
    return (sentSamples * 1000) / this.#port.sampleRateHz;
  }
}
