import { voice } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { type AgentMs, type Clock, msToSamples, OncueError, type ResponseId } from '@oncue/core';
import {
  type AgentMessage,
  encodeListenerMessage,
  type ListenerMessage,
  type Playhead,
} from '@oncue/core/wire';
import { fromEpochMs, NodeClock } from '../node_clock.ts';
import type { ListenerDevice, ListenerEvents } from './listener_device.ts';

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
  /** Else nothing of it was captured, so the output does not count it. */
  captured: boolean;
  /** The output was asked to clear it. */
  cleared: boolean;
  /** It has ended for the timeline, whether or not the output has said so. */
  settled: boolean;
}

/** What the output gets next. */
type Job =
  | { readonly type: 'frame'; readonly segment: Segment; readonly frame: AudioFrame }
  | { readonly type: 'flush' };

/** Of a LiveKit output that names none. */
const DEFAULT_RATE_HZ = 24_000;

/**
 * A LiveKit `AudioOutput` as listener, believed for what it says of its playback: above all
 * `voice.DataStreamAudioOutput`, which sends the audio to an avatar worker and gets `lk.playback_started` and
 * `lk.playback_finished` back (`voice/avatar/datastream_io.ts`; make it with `waitPlaybackStart: true`, else it guesses
 * the start). Evidence is `transport`.
 *
 * A segment is sent when the one before has ended, as LiveKit's own pipeline does it: an avatar worker forgets at a clear
 * the stream it reads, and plays those that wait behind it (`_datastream_io.py`, `DataStreamAudioReceiver`).
 */
export class OutputListener implements ListenerDevice {
  readonly sampleRateHz: number;
  readonly sameClock = true;
  readonly canPause: boolean;
  readonly #output: voice.AudioOutput;
  readonly #clock: Clock;
  readonly #errorBoundMs: number;
  readonly #segments: Segment[] = [];
  #session: ListenerEvents | undefined;
  #seq = 0;
  #closed = false;
  /** Frames and flushes go one after the other, whatever time the carrier takes. */
  #jobs: Job[] = [];
  #working = false;

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

  open(session: ListenerEvents): void {
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
          cleared: false,
          settled: false,
        });
        break;
      case 'end':
        this.#jobs.push({ type: 'flush' });
        void this.#work();
        break;
      case 'clear':
        this.#clear();
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
    this.#jobs.push({ type: 'frame', segment, frame });
    void this.#work();
  }

  settled(responseId: ResponseId): void {
    const place = this.#segments.findIndex((one) => one.responseId === responseId);
    const segment = this.#segments[place];
    if (!segment) return;
    segment.settled = true;
    // The output still says how a captured one ends. It knows nothing of one without audio, and a worker says nothing of
    // one that was cleared before it sounded (`_runner.py`, `AvatarRunner._on_clear_buffer`).
    const isSilent = segment.cleared && segment.startedAtMs === undefined;
    if (!segment.captured || isSilent) this.#segments.splice(place, 1);
    void this.#work();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#jobs = [];
    const { EVENT_PLAYBACK_STARTED, EVENT_PLAYBACK_FINISHED } = voice.AudioOutput;
    this.#output.off(EVENT_PLAYBACK_STARTED, this.#started);
    this.#output.off(EVENT_PLAYBACK_FINISHED, this.#finished);
  }

  readonly #started = ({ createdAt }: voice.PlaybackStartedEvent): void => {
    const place = this.#segments.findIndex((one) => one.captured && one.startedAtMs === undefined);
    const segment = this.#segments[place];
    if (!segment) return;
    // A worker tells in order: the end of what was cleared before will not come any more.
    const isOver = (one: Segment) => one.cleared && one.settled;
    this.#segments.splice(
      0,
      place,
      ...this.#segments.slice(0, place).filter((one) => !isOver(one)),
    );
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
    void this.#work();
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

  #clear(): void {
    // What still waits to be captured is not wanted any more. The end of a segment is: it ends the stream to a worker, which
    // ignores all that comes in a stream that it was asked to clear.
    this.#jobs = this.#jobs.filter(({ type }) => type === 'flush');
    const captured = this.#segments.filter((one) => one.captured);
    for (const segment of captured) segment.cleared = true;
    // Not for nothing: it asks over the network, and LiveKit's output lets an answer that never comes, as at the end of a
    // session, be an unhandled rejection.
    if (captured.length > 0) this.#output.clearBuffer();
  }

  /** What the carrier refuses is lost; the timeline goes on on its estimate. */
  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    while (this.#jobs[0] && this.#isDue(this.#jobs[0])) {
      const job = this.#jobs.shift();
      try {
        if (job?.type === 'flush') this.#output.flush();
        if (job?.type !== 'frame') continue;
        job.segment.captured = true;
        await this.#output.captureFrame(job.frame);
      } catch {
        // Said above.
      }
    }
    this.#working = false;
  }

  /** The segments before have ended, or the timeline has given up waiting for it. */
  #isDue(job: Job): boolean {
    if (job.type === 'flush') return true;
    return !this.#segments.some((one) => one !== job.segment && one.captured && !one.settled);
  }
}
