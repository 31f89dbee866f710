import { voice } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { type AgentMs, type Clock, msToSamples, OncueError, type ResponseId } from '@oncue/core';
import {
  type AgentMessage,
  encodeListenerMessage,
  type ListenerMessage,
  type Playhead,
} from '@oncue/core/wire';
import type { ListenerDevice, ListenerSession } from './listener_device.ts';
import { fromEpochMs, NodeClock } from './node_clock.ts';

/** How a carrier is believed. */
export interface OutputListenerOptions {
  /**
   * Half-width of the interval in which a start lies that the carrier told, ms ≥ 0. Default 200: the way of its message
   * to the agent, and that from the carrier's output to the user's ear, of which it does not know.
   */
  readonly errorBoundMs?: number;
  /** Default: the clock of this process. */
  readonly clock?: Clock;
}

/** One segment of the output, in order. */
interface Segment {
  readonly responseId: ResponseId;
  samples: number;
  startedAtMs: AgentMs | undefined;
  /** Nothing of it was captured, so the output does not count it. */
  captured: boolean;
}

/** Of a LiveKit output that names none. */
const DEFAULT_RATE_HZ = 24_000;

/**
 * A LiveKit `AudioOutput` as listener, believed for what it says of its playback: above all
 * `voice.DataStreamAudioOutput`, which sends the audio to an avatar worker and gets `lk.playback_started` and
 * `lk.playback_finished` back (`voice/avatar/datastream_io.ts`; make it with `waitPlaybackStart: true`, else it guesses
 * the start). Evidence is `transport`.
 */
export class OutputListener implements ListenerDevice {
  readonly sampleRateHz: number;
  readonly sameClock = true;
  readonly canPause: boolean;
  readonly #output: voice.AudioOutput;
  readonly #clock: Clock;
  readonly #errorBoundMs: number;
  readonly #segments: Segment[] = [];
  #session: ListenerSession | undefined;
  #seq = 0;
  #closed = false;
  /** Counts up with each `clear`. */
  #generation = 0;
  /** Frames and flushes go one after the other, whatever time the carrier takes. */
  #work: Promise<void> = Promise.resolve();

  /** @throws OncueError `ONCUE_BAD_OPTION` for what is no `AudioOutput`, or a bound below 0. */
  constructor(output: voice.AudioOutput, options: OutputListenerOptions = {}) {
    const { errorBoundMs = 200, clock = new NodeClock() } = options;
    if (typeof output?.captureFrame !== 'function' || !(errorBoundMs >= 0)) {
      throw new OncueError(
        'ONCUE_BAD_OPTION',
        'OutputListener needs the AudioOutput that plays, for example session.output.audio after avatar.start(), and an errorBoundMs of at least 0',
      );
    }
    this.#output = output;
    this.#clock = clock;
    this.#errorBoundMs = errorBoundMs;
    this.sampleRateHz = output.sampleRate ?? DEFAULT_RATE_HZ;
    this.canPause = output.canPause;
  }

  open(session: ListenerSession): void {
    this.#session = session;
    const { EVENT_PLAYBACK_STARTED, EVENT_PLAYBACK_FINISHED } = voice.AudioOutput;
    this.#output.on(EVENT_PLAYBACK_STARTED, this.#started);
    this.#output.on(EVENT_PLAYBACK_FINISHED, this.#finished);
    this.#tell({ type: 'hello', evidence: 'transport' });
  }

  send(message: AgentMessage): void {
    if (this.#closed) return;
    switch (message.type) {
      case 'announce':
        // It may be announced again, with what has become known of it.
        if (this.#segments.some((one) => one.responseId === message.responseId)) break;
        this.#segments.push({
          responseId: message.responseId,
          samples: 0,
          startedAtMs: undefined,
          captured: false,
        });
        break;
      case 'end':
        this.#then(() => this.#output.flush());
        break;
      case 'clear':
        // What still waits to be captured is not wanted any more.
        this.#generation += 1;
        // Not for nothing: it asks over the network, and LiveKit's output lets an answer that never comes, as at the end of
        // a session, be an unhandled rejection.
        if (this.#segments.some(({ captured }) => captured)) this.#output.clearBuffer();
        break;
      case 'pause':
        this.#output.pause();
        break;
      case 'resume':
        this.#output.resume();
        break;
      case 'welcome':
      case 'fingerprint':
      case 'ping':
        break;
    }
  }

  write(responseId: ResponseId, samples: Int16Array): undefined {
    const segment = this.#segments.find((one) => one.responseId === responseId);
    if (this.#closed || !segment || samples.length === 0) return;
    segment.samples += samples.length;
    const frame = new AudioFrame(samples.slice(), this.sampleRateHz, 1, samples.length);
    this.#then(() => {
      segment.captured = true;
      return this.#output.captureFrame(frame);
    });
  }

  settled(responseId: ResponseId): void {
    // The output still says how a captured one ends; one without audio it does not know.
    const place = this.#segments.findIndex((one) => one.responseId === responseId);
    if (place >= 0 && !this.#segments[place]?.captured) this.#segments.splice(place, 1);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const { EVENT_PLAYBACK_STARTED, EVENT_PLAYBACK_FINISHED } = voice.AudioOutput;
    this.#output.off(EVENT_PLAYBACK_STARTED, this.#started);
    this.#output.off(EVENT_PLAYBACK_FINISHED, this.#finished);
  }

  readonly #started = ({ createdAt }: voice.PlaybackStartedEvent): void => {
    const segment = this.#segments.find((one) => one.captured && one.startedAtMs === undefined);
    if (!segment) return;
    segment.startedAtMs = fromEpochMs(createdAt);
    this.#report(segment, 1, 'playing', segment.startedAtMs);
  };

  /** Segments end in the order in which they were captured. */
  readonly #finished = ({ playbackPosition, interrupted }: voice.PlaybackFinishedEvent): void => {
    const place = this.#segments.findIndex((one) => one.captured);
    const [segment] = place < 0 ? [] : this.#segments.splice(place, 1);
    if (!segment) return;
    const played = msToSamples(playbackPosition * 1000, this.sampleRateHz);
    const heard = interrupted ? Math.min(played, segment.samples) : segment.samples;
    this.#report(segment, heard, interrupted ? 'cut' : 'ended', this.#clock.nowMs());
  };

  #report(segment: Segment, heard: number, phase: Playhead['phase'], atMs: AgentMs): void {
    const startedAtMs = segment.startedAtMs ?? atMs;
    this.#tell({
      type: 'playhead',
      responseId: segment.responseId,
      startedAtMs: startedAtMs as number as Playhead['startedAtMs'],
      heardSamples: heard,
      positionAtMs: Math.max(atMs, startedAtMs) as Playhead['positionAtMs'],
      phase,
      evidence: 'transport',
      errorBoundMs: this.#errorBoundMs,
    });
  }

  #tell(message: ListenerMessage): void {
    if (this.#closed) return;
    this.#seq += 1;
    this.#session?.message(encodeListenerMessage(message, { epoch: 'output', seq: this.#seq }));
  }

  /** What the carrier refuses is lost; the timeline goes on on its estimate. */
  #then(run: () => void | Promise<void>): void {
    const generation = this.#generation;
    this.#work = this.#work
      .then(() => (generation === this.#generation ? run() : undefined))
      .catch(() => {});
  }
}
