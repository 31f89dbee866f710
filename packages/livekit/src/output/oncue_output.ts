import { voice } from '@livekit/agents';
import { AudioFrame, AudioResampler } from '@livekit/rtc-node';
import type {
  AgentMs,
  Clock,
  CutBy,
  OncueEvent,
  OncueEventOf,
  ResponseId,
  Timeline,
} from '@oncue/core';
import { responseOf, takesAudio } from '@oncue/core/internal';
import { USERDATA_RESPONSE } from '../agent/agent_hooks.ts';
import { currentSpeech } from '../agent/speech.ts';
import type { ListenerDevice } from '../listeners/listener_device.ts';
import type { PlayoutHolds } from '../listeners/playout_holds.ts';
import { startCaptionsWithPlayback } from '../livekit_internals/caption_start.ts';
import { followSegmentIds } from '../livekit_internals/segment_ids.ts';
import { toSeconds } from '../livekit_units.ts';
import { toEpochMs } from '../node_clock.ts';
import { Handover } from './handover.ts';

/** One captured segment that has not been reported as finished to the pipeline. */
interface Segment {
  readonly responseId: ResponseId;
  sentSamples: number;
  /** The pipeline knows that it is heard. */
  startTold: boolean;
}

/** What the output needs of the session it belongs to. */
export interface OutputPort {
  readonly timeline: Timeline;
  readonly clock: Clock;
  readonly listener: ListenerDevice;
  readonly holds: PlayoutHolds;
  /** What of a response's caption was heard, for the chat context. */
  readonly heardCaption: (event: OncueEventOf<'response_playback_finished'>) => string;
  /** The outputs that the session has now: this one and its captions, or what LiveKit put before them. */
  readonly sessionOutput: () => voice.AgentSession['output'];
  /** Who stopped the playout. */
  readonly cutBy: () => CutBy;
}

/**
 * The innermost `AudioOutput` of the chain: hands samples to the listener and tells the pipeline what the listener
 * heard [PB6]. LiveKit keeps an output that is set before `start` (`voice/room_io/room_io.ts`).
 *
 * `sampleRate` stays undefined on purpose: the pipeline would resample to it, and the last frames would have no tag.
 */
export class OncueOutput extends voice.AudioOutput {
  readonly #port: OutputPort;
  readonly #handover: Handover;
  readonly #segments: Segment[] = [];
  #open: Segment | undefined;
  /** Of the open segment, if its rate is not the listener's. */
  #resampler: { readonly from: number; readonly to: AudioResampler } | undefined;

  constructor(port: OutputPort) {
    super(undefined, undefined, { pause: port.listener.canPause ?? true });
    this.#port = port;
    this.#handover = new Handover(port.timeline, port.clock, (id, heardFromMs) =>
      this.#handOver(id, heardFromMs),
    );
    port.timeline.onAny((event) => this.#follow(event));
  }

  /** The first audio of a response was made; it is on its way here. */
  audioMade(id: ResponseId): void {
    this.#handover.audioMade(id);
  }

  override async captureFrame(frame: AudioFrame): Promise<void> {
    const id = this.#responseOf(frame);
    // A response that has ended, cut for one, gets no more audio. Not counting it is what LiveKit's own output does.
    if (id === undefined || !takesAudio(this.#port.timeline.state, id)) return;
    if (this.#open?.responseId !== id) this.#openSegment(id);
    await super.captureFrame(frame);
    for (const samples of this.#resampled(frame)) this.#send(id, samples);
  }

  override flush(): void {
    this.#closeSegment();
  }

  override clearBuffer(): void {
    if (this.#segments.length === 0 && this.#port.timeline.state.playout.length === 0) {
      this.#closeSegment();
      return;
    }
    // Before the open segment is closed, else its text would pass for all that its audio says [PB8].
    this.#port.timeline.cut(this.#port.cutBy(), this.#port.listener.clearReaches);
    this.#closeSegment();
    this.#port.holds.afterCut();
    this.#port.listener.send({ type: 'clear' });
  }

  override pause(): void {
    this.#port.holds.hold('pipeline');
    this.#port.listener.send({ type: 'pause' });
  }

  override resume(): void {
    this.#port.holds.release('pipeline');
    this.#port.listener.send({ type: 'resume' });
    this.#handover.review();
  }

  /** The frame's own tag; for audio that no node made, the response of the speech that sends it. */
  #responseOf(frame: AudioFrame): ResponseId | undefined {
    const tag = frame.userdata[USERDATA_RESPONSE];
    if (typeof tag === 'string') return tag as ResponseId;
    if (this.#open) return this.#open.responseId;
    return currentSpeech()?.takeForAudio().response.id;
  }

  #openSegment(responseId: ResponseId): void {
    this.#closeSegment();
    this.#handover.forget(responseId);
    const { audio, transcription } = this.#port.sessionOutput();
    startCaptionsWithPlayback(audio);
    followSegmentIds(transcription, (segmentId) => this.#tellSegment(segmentId));
    this.#open = { responseId, sentSamples: 0, startTold: false };
    this.#segments.push(this.#open);
    const { sampleRateHz } = this.#port.listener;
    this.#port.listener.send({ type: 'announce', responseId, sampleRateHz });
  }

  /** The transcript of what is heard now begins: clients may join the two. */
  #tellSegment(segmentId: string): void {
    const { timeline, listener } = this.#port;
    const responseId = timeline.state.playout[0];
    if (responseId === undefined) return;
    if (responseOf(timeline.state, responseId)?.playback.status !== 'playing') return;
    const { sampleRateHz } = listener;
    listener.send({ type: 'announce', responseId, sampleRateHz, segmentId });
  }

  #send(id: ResponseId, samples: Int16Array): void {
    if (!this.#open || samples.length === 0) return;
    this.#open.sentSamples += samples.length;
    const { timeline, listener } = this.#port;
    const leavesAtMs = listener.write(id, samples);
    timeline.audioSent(id, samples.length, listener.sampleRateHz, leavesAtMs);
  }

  #closeSegment(): void {
    super.flush();
    const segment = this.#open;
    if (!segment) return;
    for (const samples of this.#lastResampled()) this.#send(segment.responseId, samples);
    this.#open = undefined;
    this.#port.timeline.audioEnded(segment.responseId);
    const totalSamples = segment.sentSamples;
    this.#port.listener.send({ type: 'end', responseId: segment.responseId, totalSamples });
    this.#handover.review();
  }

  #resampled(frame: AudioFrame): readonly Int16Array[] {
    const mono = frame.channels === 1 ? frame : mixedToMono(frame);
    const { sampleRateHz } = this.#port.listener;
    // An agent may put a recorded sound before its voice, at a rate of its own.
    const before = this.#resampler?.from === frame.sampleRate ? [] : this.#lastResampled();
    if (frame.sampleRate === sampleRateHz) return [...before, mono.data];
    this.#resampler ??= {
      from: frame.sampleRate,
      to: new AudioResampler(frame.sampleRate, sampleRateHz, 1),
    };
    return [...before, ...this.#resampler.to.push(mono).map((part) => part.data)];
  }

  /** What the resampler still holds; after that there is none. */
  #lastResampled(): readonly Int16Array[] {
    const resampler = this.#resampler?.to;
    const rest = resampler?.flush().map((part) => part.data) ?? [];
    resampler?.close();
    this.#resampler = undefined;
    return rest;
  }

  #follow(event: OncueEvent): void {
    switch (event.type) {
      case 'response_playback_started':
        this.#tellStart(event.responseId, event.startedAtMs);
        break;
      case 'response_playback_finished':
        this.#finishUpTo(event.responseId, {
          playbackPosition: toSeconds(event.heardMs),
          interrupted: event.interrupted,
          synchronizedTranscript: this.#port.heardCaption(event),
        });
        break;
      case 'response_skipped':
        this.#handover.forget(event.responseId);
        this.#finishUpTo(event.responseId, {
          playbackPosition: 0,
          interrupted: true,
          synchronizedTranscript: '',
        });
        break;
      default:
        break;
    }
    this.#handover.review();
  }

  /** Once a segment, and before its end. */
  #tellStart(id: ResponseId, startedAtMs: AgentMs): void {
    const segment = this.#segments.find((one) => one.responseId === id);
    if (!segment || segment.startTold) return;
    segment.startTold = true;
    this.onPlaybackStarted(toEpochMs(startedAtMs));
  }

  /** The pipeline may go on with the next part while the end of this one still plays. */
  #handOver(id: ResponseId, heardFromMs: AgentMs): void {
    const segment = this.#segments.find((one) => one.responseId === id);
    if (!segment || this.#open === segment) return;
    this.#tellStart(id, heardFromMs);
    const heardMs = (segment.sentSamples * 1000) / this.#port.listener.sampleRateHz;
    this.#finishUpTo(id, { playbackPosition: toSeconds(heardMs), interrupted: false });
  }

  /** Exactly one finish a segment, in their order: LiveKit counts them and nothing else. */
  #finishUpTo(id: ResponseId, event: voice.PlaybackFinishedEvent): void {
    const place = this.#segments.findIndex((one) => one.responseId === id);
    if (place < 0) return;
    if (this.#open === this.#segments[place]) {
      this.#open = undefined;
      super.flush();
    }
    for (const _ of this.#segments.splice(0, place + 1)) this.onPlaybackFinished(event);
  }
}

/** Speech is mono; of anything else the mean of the channels is taken. */
function mixedToMono(frame: AudioFrame): AudioFrame {
  const mono = AudioFrame.create(frame.sampleRate, 1, frame.samplesPerChannel);
  for (let index = 0; index < mono.data.length; index += 1) {
    let sum = 0;
    for (let channel = 0; channel < frame.channels; channel += 1)
      sum += frame.data[index * frame.channels + channel] ?? 0;
    mono.data[index] = Math.round(sum / frame.channels);
  }
  return mono;
}
