import { voice } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import {
  type AgentMs,
  type Clock,
  msToSamples,
  OncueError,
  type ResponseId,
  samplesToMs,
  type Unreported,
} from '@oncue/core';
import { assertKnown } from '@oncue/core/internal';
import {
  type AgentMessage,
  encodeListenerMessage,
  type ListenerMessage,
  type Playhead,
} from '@oncue/core/wire';
import { fromEpochMs, NodeClock } from '../node_clock.ts';
import { CarrierQueue, type CarrierSegment } from './carrier_queue.ts';
import type { ListenerDevice, ListenerEvents } from './listener_device.ts';
import { assertUnused } from './one_session.ts';
import {
  type PlayedSegment,
  segmentThatEnded,
  segmentThatStarted,
  startBefore,
} from './played_segments.ts';

/** How the reports of a carrier are interpreted. */
export interface OutputListenerOptions {
  /**
   * Half-width of the interval in which a reported start lies, ms ≥ 0. Default 200: the time its message takes to the agent,
   * and the time from the carrier's output to the user's ear, which the carrier does not know.
   */
  readonly errorBoundMs?: number;
  /**
   * What the output reports. `'start_and_end'`, the default, as LiveKit asks of an `AudioOutput`: what is not reported is not
   * regarded as heard [AU17]. `'nothing'`: what is heard is estimated from what was sent.
   */
  readonly reports?: 'start_and_end' | 'nothing';
  /** Default: the clock of this process. */
  readonly clock?: Clock;
}

/** One segment of the output, which is one response. */
interface Segment extends CarrierSegment, PlayedSegment {
  readonly responseId: ResponseId;
  sentSamples: number;
  sinceMs: AgentMs;
  startedAtMs: AgentMs | undefined;
  isCleared: boolean;
  isOver: boolean;
}

const UNREPORTED: Readonly<Record<NonNullable<OutputListenerOptions['reports']>, Unreported>> = {
  start_and_end: 'not_known',
  nothing: 'estimated',
};

/** For a LiveKit output that names no rate. */
const DEFAULT_RATE_HZ = 24_000;

/**
 * A LiveKit `AudioOutput` as listener. Its reports of playback count with evidence `transport`. Made above all for
 * `voice.DataStreamAudioOutput`, which sends the audio to an avatar worker and gets `lk.playback_started` and
 * `lk.playback_finished` back (`voice/avatar/datastream_io.ts`). Create that one with `waitPlaybackStart: true`; otherwise it
 * guesses the start.
 *
 * A segment is sent when the one before it has ended, as in LiveKit's own pipeline: at a clear an avatar worker drops only
 * the stream it is reading, and plays the streams that wait after it (`_datastream_io.py`, `DataStreamAudioReceiver`).
 */
export class OutputListener implements ListenerDevice {
  readonly sampleRateHz: number;
  readonly sameClock = true;
  readonly canPause: boolean;
  readonly plainOutput: voice.AudioOutput;
  readonly unreported: Unreported;
  readonly #output: voice.AudioOutput;
  readonly #clock: Clock;
  readonly #errorBoundMs: number;
  readonly #segments: Segment[] = [];
  readonly #carrier: CarrierQueue<Segment>;
  /** What the output said that it played of the segment that it reported last. */
  #transcript: { readonly responseId: ResponseId; readonly text: string } | undefined;
  #events: ListenerEvents | undefined;
  #seq = 0;
  #closed = false;

  /** @throws OncueError `ONCUE_BAD_OPTION` for something that is no `AudioOutput`, or an `errorBoundMs` below 0, or unknown `reports`. */
  constructor(output: voice.AudioOutput, options: OutputListenerOptions = {}) {
    assertKnown('OutputListener', options, ['errorBoundMs', 'reports', 'clock']);
    const { errorBoundMs = 200, reports = 'start_and_end', clock = new NodeClock() } = options;
    const unreported = UNREPORTED[reports];
    if (typeof output?.captureFrame !== 'function' || !(errorBoundMs >= 0) || !unreported) {
      throw new OncueError(
        'ONCUE_BAD_OPTION',
        'OutputListener needs the AudioOutput that plays, for example session.output.audio after avatar.start(), an errorBoundMs of at least 0, and "start_and_end" or "nothing" for reports',
      );
    }
    this.unreported = unreported;
    this.#output = output;
    this.plainOutput = output;
    this.#clock = clock;
    this.#errorBoundMs = errorBoundMs;
    this.sampleRateHz = output.sampleRate ?? DEFAULT_RATE_HZ;
    this.canPause = output.canPause;
    this.#carrier = new CarrierQueue({
      output,
      clock,
      isTurnOf: (segment) => this.#isTurnOf(segment),
      untaken: ({ responseId }) => this.#events?.untaken(responseId),
    });
  }

  open(events: ListenerEvents): void {
    assertUnused(this, this.#events !== undefined);
    this.#events = events;
    const { EVENT_PLAYBACK_STARTED, EVENT_PLAYBACK_FINISHED } = voice.AudioOutput;
    this.#output.on(EVENT_PLAYBACK_STARTED, this.#started);
    this.#output.on(EVENT_PLAYBACK_FINISHED, this.#finished);
    this.#notify({ type: 'hello', evidence: 'transport' });
  }

  send(message: AgentMessage): void {
    if (this.#closed) return;
    switch (message.type) {
      case 'announce':
        // A response may be announced again, when its transcript segment is known.
        if (this.#segments.some((one) => one.responseId === message.responseId)) break;
        this.#segments.push({
          responseId: message.responseId,
          sentSamples: 0,
          takenSamples: 0,
          isBroken: false,
          sinceMs: this.#clock.nowMs(),
          startedAtMs: undefined,
          captured: false,
          isCleared: false,
          isOver: false,
        });
        break;
      case 'end':
        this.#carrier.flush(this.#find(message.responseId));
        break;
      case 'clear':
        this.#clear();
        break;
      case 'pause':
        this.#carrier.pause();
        break;
      case 'resume':
        this.#carrier.resume();
        break;
      case 'welcome':
      case 'fingerprint':
      case 'ping':
        break;
    }
  }

  write(responseId: ResponseId, samples: Int16Array): undefined {
    const segment = this.#find(responseId);
    if (this.#closed || !segment || samples.length === 0) return;
    segment.sentSamples += samples.length;
    const frame = new AudioFrame(samples.slice(), this.sampleRateHz, 1, samples.length);
    this.#carrier.capture(segment, frame);
  }

  /** Where the output plays the audio, it knows the words better than an estimate by the audio does. */
  transcriptOf(responseId: ResponseId): string | undefined {
    return this.#transcript?.responseId === responseId ? this.#transcript.text : undefined;
  }

  settled(responseId: ResponseId): void {
    const place = this.#segments.findIndex((one) => one.responseId === responseId);
    const segment = this.#segments[place];
    if (!segment) return;
    segment.isOver = true;
    // The output still reports the end of a segment with audio. It does not know a segment without audio, and a worker
    // reports nothing about one that was cleared before it sounded (`_runner.py`, `AvatarRunner._on_clear_buffer`).
    const isSilent = segment.isCleared && segment.startedAtMs === undefined;
    if (!segment.captured || isSilent) this.#segments.splice(place, 1);
    this.#carrier.drain();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#carrier.close();
    const { EVENT_PLAYBACK_STARTED, EVENT_PLAYBACK_FINISHED } = voice.AudioOutput;
    this.#output.off(EVENT_PLAYBACK_STARTED, this.#started);
    this.#output.off(EVENT_PLAYBACK_FINISHED, this.#finished);
  }

  readonly #started = ({ createdAt }: voice.PlaybackStartedEvent): void => {
    const segment = segmentThatStarted(this.#captured);
    if (!segment) return;
    segment.startedAtMs = fromEpochMs(createdAt);
    this.#report(segment, 1, 'playing', segment.startedAtMs);
  };

  /** The worker may not have reported the start, or its message was lost. */
  readonly #finished = ({
    playbackPosition,
    interrupted,
    synchronizedTranscript: text,
  }: voice.PlaybackFinishedEvent): void => {
    const nowMs = this.#clock.nowMs();
    const playedSamples = msToSamples(playbackPosition * 1000, this.sampleRateHz);
    const end = { playedSamples, interrupted, nowMs };
    const segment = segmentThatEnded(this.#captured, end, this.sampleRateHz);
    if (!segment) return;
    // A worker reports in order, so the ends of those before this one that are over will not come any more.
    const place = this.#segments.indexOf(segment);
    const before = this.#segments.slice(0, place).filter(({ isOver }) => !isOver);
    this.#segments.splice(0, place + 1, ...before);
    const { responseId, isBroken } = segment;
    const taken = isBroken ? segment.takenSamples : segment.sentSamples;
    const heard = interrupted ? Math.min(playedSamples, taken) : taken;
    this.#transcript = text === undefined ? undefined : { responseId, text };
    if (isBroken && !interrupted) {
      this.#report(segment, heard, 'playing', nowMs);
      // What follows the first refused frame may have sounded.
      this.#events?.untaken(responseId);
    } else this.#report(segment, heard, interrupted ? 'cut' : 'ended', nowMs);
    this.#carrier.drain();
  };

  /** What was cleared before the output got any of it was not heard: that needs no report of the output [TE6]. */
  #endUncaptured(): void {
    for (const segment of this.#segments.filter((one) => one.isCleared && !one.captured))
      this.#report(segment, 0, 'cut', this.#clock.nowMs());
  }

  #report(segment: Segment, heard: number, phase: Playhead['phase'], atMs: AgentMs): void {
    const { startedAtMs, errorBoundMs } = this.#startOf(segment, heard, atMs);
    this.#notify({
      type: 'playhead',
      responseId: segment.responseId,
      startedAtMs: startedAtMs as number as Playhead['startedAtMs'],
      heardSamples: heard,
      positionAtMs: Math.max(atMs, startedAtMs) as Playhead['positionAtMs'],
      phase,
      evidence: 'transport',
      errorBoundMs,
    });
  }

  #startOf(
    { startedAtMs, sinceMs }: Segment,
    heard: number,
    atMs: AgentMs,
  ): { readonly startedAtMs: AgentMs; readonly errorBoundMs: number } {
    const errorBoundMs = this.#errorBoundMs;
    if (startedAtMs !== undefined) return { startedAtMs, errorBoundMs };
    const playedMs = samplesToMs(heard, this.sampleRateHz);
    return startBefore(atMs, { playedMs, sinceMs }, errorBoundMs);
  }

  #find(responseId: ResponseId): Segment | undefined {
    return this.#segments.find((one) => one.responseId === responseId);
  }

  get #captured(): readonly Segment[] {
    return this.#segments.filter(({ captured }) => captured);
  }

  #notify(message: ListenerMessage): void {
    if (this.#closed) return;
    this.#seq += 1;
    this.#events?.message(encodeListenerMessage(message, { epoch: 'output', seq: this.#seq }));
  }

  #clear(): void {
    this.#carrier.dropFrames();
    const captured = this.#captured;
    for (const segment of this.#segments) segment.isCleared = true;
    this.#endUncaptured();
    // Only if there is something to clear: LiveKit's output asks over the network, and when no answer comes, as at the end
    // of a session, that is an unhandled rejection.
    if (captured.length > 0) this.#output.clearBuffer();
  }

  /** The segments before have ended, or the timeline no longer waits for them. */
  #isTurnOf(segment: Segment): boolean {
    return !this.#segments.some((one) => one !== segment && one.captured && !one.isOver);
  }
}
