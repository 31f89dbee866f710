import { voice } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import {
  type AgentMs,
  type Clock,
  type CutBy,
  laterOf,
  msToSamples,
  type ResponseId,
  samplesToMs,
  type Timeline,
} from '@oncue/core';
import type { FailOpen } from '../fail_open.ts';
import {
  type PlayedSegment,
  segmentThatEnded,
  segmentThatStarted,
  startBefore,
} from '../listeners/played_segments.ts';
import type { PlayoutHolds } from '../listeners/playout_holds.ts';
import { isWrapper } from '../livekit_internals/output/audio_chain.ts';
import { fromEpochMs } from '../node_clock.ts';
import type { OncueOutput } from './oncue_output.ts';

/** What following another output takes. */
export interface FollowedOutputPort {
  readonly ours: OncueOutput;
  readonly timeline: Timeline;
  readonly clock: Clock;
  readonly holds: PlayoutHolds;
  readonly failOpen: FailOpen;
  /** The rate at which the timeline counts samples, Hz. */
  readonly sampleRateHz: number;
  readonly responseOf: (frame: AudioFrame, open: ResponseId | undefined) => ResponseId | undefined;
  /** The speech that the running code belongs to was interrupted. */
  readonly isInterrupted: () => boolean;
  readonly cutBy: () => CutBy;
  /** It got audio, at `sinceMs`, that has not come to Oncue's output. */
  readonly plays: (sinceMs: AgentMs) => void;
}

/** The time that a report takes, and the way from the output to the ear, which it does not know, ms. */
const ERROR_BOUND_MS = 200;

interface Segment extends PlayedSegment {
  readonly id: ResponseId;
  sentSamples: number;
  startedAtMs: AgentMs | undefined;
  isCleared: boolean;
}

/** One output that is not Oncue's. Its methods are wrapped on the object; each does first what it did before. */
export class FollowedOutput {
  readonly #output: voice.AudioOutput;
  readonly #port: FollowedOutputPort;
  #segments: Segment[] = [];
  #open: Segment | undefined;
  /** Samples of the last frame. They count when it is clear that they have not come to Oncue's own output. */
  #heldSamples = 0;
  /** It gives its audio to Oncue's output by a way that cannot be seen, and needs no following. */
  #passesOn = false;
  #transcript: { readonly id: ResponseId; readonly text: string } | undefined;

  constructor(output: voice.AudioOutput, port: FollowedOutputPort) {
    this.#output = output;
    this.#port = port;
  }

  follow(): void {
    const output = this.#output;
    // A newer LiveKit may pass more arguments than Oncue knows.
    const { captureFrame, flush, clearBuffer, pause, resume } = output;
    output.captureFrame = (...args) => {
      this.#try(() => this.#captured(args[0]));
      return captureFrame.apply(output, args);
    };
    output.flush = (...args) => {
      this.#try(() => this.#flushed());
      return flush.apply(output, args);
    };
    output.clearBuffer = (...args) => {
      this.#try(() => this.#cleared());
      return clearBuffer.apply(output, args);
    };
    output.pause = (...args) => {
      this.#try(() => this.#port.holds.hold('pipeline'));
      return pause.apply(output, args);
    };
    output.resume = (...args) => {
      this.#try(() => this.#port.holds.release('pipeline'));
      return resume.apply(output, args);
    };
    const { EVENT_PLAYBACK_STARTED, EVENT_PLAYBACK_FINISHED } = voice.AudioOutput;
    output.on(EVENT_PLAYBACK_STARTED, (event) => this.#try(() => this.#started(event)));
    output.on(EVENT_PLAYBACK_FINISHED, (event) => this.#try(() => this.#finished(event)));
  }

  /** Whether a response that it got has not ended. */
  get isPlaying(): boolean {
    const { playout } = this.#port.timeline.state;
    return this.#segments.some(({ id }) => playout.includes(id));
  }

  /** The words that it says it played of the response that it reported last. */
  transcriptOf(id: ResponseId): string | undefined {
    return this.#transcript?.id === id ? this.#transcript.text : undefined;
  }

  #try(step: () => void): void {
    this.#port.failOpen.run('following another output', step, undefined);
  }

  #captured(frame: AudioFrame): void {
    this.#count();
    if (this.#passesOn) return;
    const id = this.#port.responseOf(frame, this.#open?.id);
    if (id === undefined) return;
    if (this.#open?.id !== id) {
      this.#end();
      this.#open = this.#segmentOf(id);
      this.#dropSilent();
      this.#segments.push(this.#open);
    }
    const durationMs = (frame.samplesPerChannel * 1000) / frame.sampleRate;
    this.#heldSamples = msToSamples(durationMs, this.#port.sampleRateHz);
  }

  #segmentOf(id: ResponseId): Segment {
    const { timeline, clock } = this.#port;
    return {
      id,
      sinceMs: clock.nowMs(),
      sentSamples: 0,
      startedAtMs: undefined,
      isCleared: false,
      get isOver() {
        return this.sentSamples > 0 && !timeline.state.playout.includes(id);
      },
    };
  }

  /** A worker reports nothing about a segment that was cleared before it sounded. */
  #dropSilent(): void {
    this.#segments = this.#segments.filter(
      ({ isCleared, isOver, startedAtMs }) => !(isCleared && isOver && startedAtMs === undefined),
    );
  }

  #count(): void {
    const segment = this.#open;
    const samples = this.#heldSamples;
    this.#heldSamples = 0;
    if (!segment || samples === 0) return;
    if (this.#port.ours.has(segment.id)) {
      this.#passesOn = true;
      this.#segments = [];
      this.#open = undefined;
      return;
    }
    this.#port.plays(segment.sinceMs);
    segment.sentSamples += samples;
    this.#port.timeline.audioSent(segment.id, samples, this.#port.sampleRateHz);
  }

  #flushed(): void {
    this.#count();
    // An interruption ends what is captured before it clears the buffer. That is no end of the audio.
    if (!this.#port.isInterrupted()) this.#end();
  }

  #end(): void {
    if (this.#open) this.#port.timeline.audioEnded(this.#open.id);
    this.#open = undefined;
  }

  #cleared(): void {
    this.#count();
    const { timeline, cutBy, holds } = this.#port;
    if (this.#segments.length > 0) {
      timeline.cut(cutBy());
      holds.afterCut();
    }
    for (const segment of this.#segments) segment.isCleared = true;
    this.#open = undefined;
  }

  #started({ createdAt }: voice.PlaybackStartedEvent): void {
    this.#count();
    this.#dropSilent();
    const segment = segmentThatStarted(this.#segments);
    if (!segment) return;
    segment.startedAtMs = laterOf(fromEpochMs(createdAt), segment.sinceMs);
    this.#report(segment, 1, 'playing');
  }

  /** It may not have reported the start, or its message was lost. */
  #finished(event: voice.PlaybackFinishedEvent): void {
    const { playbackPosition, interrupted, synchronizedTranscript: text } = event;
    this.#count();
    this.#dropSilent();
    const { clock, sampleRateHz } = this.#port;
    const playedSamples = msToSamples(playbackPosition * 1000, sampleRateHz);
    const end = { playedSamples, interrupted, nowMs: clock.nowMs() };
    const segment = segmentThatEnded(this.#segments, end, sampleRateHz);
    if (!segment) return;
    // It reports in order, so the ends of those before this one that are over will not come any more.
    const place = this.#segments.indexOf(segment);
    this.#segments = this.#segments.filter((one, at) => at > place || (at < place && !one.isOver));
    const { id, sentSamples } = segment;
    // LiveKit's wrapper estimates the words, and Oncue does that better.
    if (text !== undefined && !isWrapper(this.#output)) this.#transcript = { id, text };
    const heard = interrupted ? Math.min(playedSamples, sentSamples) : sentSamples;
    this.#report(segment, heard, interrupted ? 'cut' : 'ended');
  }

  #report(segment: Segment, heardSamples: number, phase: Phase): void {
    const { timeline, clock, sampleRateHz } = this.#port;
    const { id, startedAtMs, sinceMs } = segment;
    const nowMs = clock.nowMs();
    const playedMs = samplesToMs(heardSamples, sampleRateHz);
    const { startedAtMs: startMs, errorBoundMs } =
      startedAtMs === undefined
        ? startBefore(nowMs, { playedMs, sinceMs }, ERROR_BOUND_MS)
        : { startedAtMs, errorBoundMs: ERROR_BOUND_MS };
    timeline.playhead({
      responseId: id,
      startedAtMs: startMs,
      heardSamples,
      positionAtMs: startMs > nowMs || phase === 'playing' ? startMs : nowMs,
      phase,
      evidence: 'transport',
      errorBoundMs,
    });
  }
}

type Phase = 'playing' | 'ended' | 'cut';
