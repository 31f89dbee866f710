import { voice } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import {
  type AgentMs,
  addMs,
  msToSamples,
  type OncueEvent,
  type OncueEventOf,
  type ResponseId,
} from '@oncue/core';
import { type PerhapsHeard, perhapsHeard, responseOf, takesAudio } from '@oncue/core/internal';
import { toSeconds } from '../livekit_units.ts';
import { Backpressure } from './backpressure.ts';
import type { Heard } from './chat_correction.ts';
import { Handover } from './handover.ts';
import { MonoResampler } from './mono_resampler.ts';
import { type OutputPort, UntrackedAudio } from './output_port.ts';
import { PlayedAudio, playedMs } from './played_audio.ts';
import { SegmentReports } from './segment_reports.ts';
import { Segments } from './segments.ts';
import { UnansweredEnd } from './unanswered_end.ts';

type Finished = OncueEventOf<'response_playback_finished'>;
type Skipped = OncueEventOf<'response_skipped'>;

/** Begins the ids of segments whose response is not known. */
const UNKNOWN = 'unknown_';

/**
 * The innermost `AudioOutput` of the chain: hands samples to the listener and reports to the pipeline what the listener
 * heard [PB6]. LiveKit keeps an output that is set before `start` (`voice/room_io/room_io.ts`).
 *
 * `sampleRate` stays undefined on purpose: the pipeline would resample to it, and the last frames would have no tag.
 *
 * An error of Oncue never keeps audio from the listener, nor a finish from the pipeline, which would wait for it [LK11].
 */
export class OncueOutput extends voice.AudioOutput {
  readonly #port: OutputPort;
  readonly #handover: Handover;
  readonly #unansweredEnd: UnansweredEnd;
  readonly #segments: Segments = new Segments();
  readonly #reports: SegmentReports;
  readonly #resampler: MonoResampler;
  readonly #played: PlayedAudio;
  readonly #backpressure: Backpressure;
  #unknownCount = 0;

  constructor(port: OutputPort) {
    super(undefined, undefined, { pause: port.listener.canPause ?? true });
    this.#port = port;
    this.#resampler = new MonoResampler(port.listener.sampleRateHz);
    const { timeline, clock, listener } = port;
    this.#played = new PlayedAudio({
      timeline,
      clock,
      sampleRateHz: listener.sampleRateHz,
      pauseReaches: listener.pauseReaches ?? listener.clearReaches ?? 'ear',
      // Versions of agents before 1.9 do not have it.
      report: (event) => this.onPlaybackProgressed?.(event),
    });
    this.#reports = new SegmentReports({
      segments: this.#segments,
      clock,
      sampleRateHz: listener.sampleRateHz,
      started: (createdAtEpochMs) => this.onPlaybackStarted(createdAtEpochMs),
      finished: (event) => this.onPlaybackFinished(event),
      flush: () => super.flush(),
      nobodyWaits: port.nobodyWaits,
    });
    this.#backpressure = new Backpressure(port);
    this.#handover = new Handover(
      timeline,
      clock,
      () => this.#segments.last?.canLetGo ?? false,
      (id, heardFromMs) => this.#handOver(id, heardFromMs),
    );
    this.#unansweredEnd = new UnansweredEnd({
      timeline,
      clock,
      unansweredSinceMs: port.unansweredSinceMs,
      playsLate: (listener.clearReaches ?? 'ear') === 'ear',
      isSpeechWaiting: port.isSpeechWaiting,
      goOn: (id) => this.#goOnFrom(id),
    });
    port.timeline.onAny((event) => this.#follow(event));
  }

  /** The first audio of a response was made; it is on its way here. */
  audioMade(id: ResponseId): void {
    this.#handover.audioMade(id);
  }

  /** Whether audio of a response came here and has not ended. */
  has(id: ResponseId): boolean {
    return this.#segments.find(id) !== undefined;
  }

  /** Fulfilled when the pipeline may go on from the segment that was captured last; never if that is cut or ends first. */
  whenLetGo(): Promise<voice.PlaybackFinishedEvent> {
    const segment = this.#segments.last;
    this.#segments.waitedFor();
    return new Promise((resolve) => {
      if (!segment) return;
      const letGo = (): void => resolve(this.#reports.wholeOf(segment));
      if (segment.wait === 'let_go') letGo();
      else segment.onLetGo.push(letGo);
    });
  }

  override async captureFrame(frame: AudioFrame): Promise<void> {
    const id = this.#responseOf(frame);
    // A response that has ended, cut for one, gets no more audio. Not counting it is what LiveKit's own output does.
    if (id === undefined || !this.#takesAudio(id)) return;
    if (this.#segments.open?.responseId !== id) this.#openSegment(id);
    await super.captureFrame(frame);
    for (const samples of this.#resampler.push(frame)) this.#send(id, samples);
    if (this.#try('looking for room', () => this.#backpressure.isFull)) await this.#untilRoom();
  }

  async #untilRoom(): Promise<void> {
    try {
      await this.#backpressure.untilRoom();
    } catch (error) {
      this.#port.failOpen.report('waiting for room', error);
    }
  }

  override flush(): void {
    // An interruption ends what is captured before it clears the buffer. That is no end of the audio [PB8].
    if (this.#segments.open?.isTracked && this.#port.isInterrupted()) super.flush();
    else this.#closeSegment();
  }

  override clearBuffer(): void {
    const { timeline, clock, listener, holds, cutBy, cutByForce } = this.#port;
    if (this.#segments.isEmpty && timeline.state.playout.length === 0) {
      this.#closeSegment();
      return;
    }
    // Before the open segment is closed, else its text would pass for all that its audio says [PB8].
    const isCut = this.#try('cutting', () => {
      timeline.cut(cutBy(), listener.clearReaches);
      holds.afterCut();
      this.#port.afterCut();
      return true;
    });
    this.#reports.endPause();
    if (!isCut) this.#segments.untrack();
    this.#segments.cut();
    this.#closeSegment();
    listener.send({ type: 'clear' });
    this.#reports.cutUntracked();
    // LiveKit keeps no word of a segment whose start it does not know. What was not heard is taken out later [LK7].
    const sounding = this.#try('ending by force', cutByForce) ?? [];
    const segments = this.#segments.all.filter(({ responseId }) => sounding.includes(responseId));
    this.#reports.starts(segments, clock.nowMs());
  }

  override pause(): void {
    this.#reports.pause();
    this.#try('pausing', () => {
      this.#port.holds.hold('pipeline');
      this.#played.paused();
    });
    this.#port.listener.send({ type: 'pause' });
  }

  override resume(): void {
    this.#try('resuming', () => {
      this.#port.holds.release('pipeline');
      this.#played.resumed();
    });
    this.#port.listener.send({ type: 'resume' });
    this.#reports.resume();
    this.#reviewHandover();
  }

  #try<T>(during: string, step: () => T, otherwise?: T): T | undefined {
    return this.#port.failOpen.run(during, step, otherwise);
  }

  /** Plays audio that belongs to no known response, in a segment that the timeline does not know. */
  #responseOf(frame: AudioFrame): ResponseId | undefined {
    const open = this.#segments.open?.responseId;
    try {
      return this.#port.responseOf(frame, open);
    } catch (error) {
      if (!(error instanceof UntrackedAudio))
        this.#port.failOpen.report('assigning a frame', error);
      if (open !== undefined) return open;
      this.#unknownCount += 1;
      return `${UNKNOWN}${this.#unknownCount}` as ResponseId;
    }
  }

  #takesAudio(id: ResponseId): boolean {
    if (id.startsWith(UNKNOWN) || this.#segments.find(id)?.isTracked === false) return true;
    return takesAudio(this.#port.timeline.state, id);
  }

  #openSegment(responseId: ResponseId): void {
    this.#closeSegment();
    this.#handover.forget(responseId);
    const canLetGo = this.#try('beginning a segment', () =>
      this.#port.segmentBegins((segmentId) => this.#reportSegment(segmentId)),
    );
    const isTracked = !responseId.startsWith(UNKNOWN);
    const segment = this.#segments.begin(responseId, isTracked, canLetGo ?? false);
    if (!segment.isTracked) this.#reportStart(responseId, this.#port.clock.nowMs());
    const { sampleRateHz } = this.#port.listener;
    this.#port.listener.send({ type: 'announce', responseId, sampleRateHz });
  }

  /** The transcript of what is heard now begins: clients may join the two. */
  #reportSegment(segmentId: string): void {
    const { timeline, listener } = this.#port;
    const responseId = timeline.state.playout[0];
    if (responseId === undefined) return;
    if (responseOf(timeline.state, responseId)?.playback.status !== 'playing') return;
    const { sampleRateHz } = listener;
    listener.send({ type: 'announce', responseId, sampleRateHz, segmentId });
  }

  #send(id: ResponseId, samples: Int16Array): void {
    const segment = this.#segments.open;
    if (!segment || samples.length === 0) return;
    segment.sentSamples += samples.length;
    const { timeline, listener, clock } = this.#port;
    const beforeMs = clock.nowMs();
    try {
      this.#port.holdMessages(() => {
        const leavesAtMs = listener.write(id, samples);
        // It may have sounded before `write` returned: on a device, or in a page that plays at once.
        timeline.audioSent(id, samples.length, listener.sampleRateHz, leavesAtMs, beforeMs);
        this.#played.sent(id);
      });
    } catch (error) {
      segment.isTracked = false;
      this.#port.failOpen.report('counting audio', error);
      this.#reportStart(id, this.#port.clock.nowMs());
    }
  }

  #closeSegment(): void {
    super.flush();
    const segment = this.#segments.open;
    if (!segment) return;
    const { responseId } = segment;
    for (const samples of this.#resampler.flush()) this.#send(responseId, samples);
    this.#segments.close();
    const { timeline, listener } = this.#port;
    try {
      timeline.audioEnded(responseId);
    } catch (error) {
      segment.isTracked = false;
      this.#port.failOpen.report('ending audio', error);
    }
    listener.send({ type: 'end', responseId, totalSamples: segment.sentSamples });
    if (!segment.isTracked) this.#reports.finishByItself(segment);
    this.#reviewHandover();
  }

  #samples(durationMs: number): number {
    return msToSamples(durationMs, this.#port.listener.sampleRateHz);
  }

  #reviewHandover(): void {
    this.#try('handing over', () => this.#handover.review());
    this.#try('going on without an answer', () => this.#unansweredEnd.review());
  }

  #follow(event: OncueEvent): void {
    switch (event.type) {
      case 'response_playback_started':
        this.#reportStart(event.responseId, event.startedAtMs);
        break;
      case 'response_playback_progressed':
        if (event.evidence !== 'estimate') this.#backpressure.moved();
        this.#try('placing audio', () => this.#played.progressed(event));
        break;
      case 'response_playback_finished':
        this.#finished(event);
        break;
      case 'response_skipped':
        this.#skipped(event);
        break;
      default:
        break;
    }
    this.#reviewHandover();
  }

  #finished(event: Finished): void {
    const { responseId, endedAtMs } = event;
    const perhaps = this.#perhapsHeard(responseId);
    const playedUntilMs = Math.max(playedMs(event), perhaps?.playedMs ?? 0);
    const untilMs = addMs(endedAtMs, playedUntilMs - playedMs(event));
    this.#try('placing audio', () =>
      this.#played.ended(responseId, this.#samples(playedUntilMs), untilMs),
    );
    this.#reports.finishTracked(responseId, {
      playbackPosition: toSeconds(playedUntilMs),
      interrupted: event.interrupted,
      ...(this.#isTextKnown(event)
        ? { synchronizedTranscript: this.#heardCaption({ ...event, ...perhaps }) }
        : undefined),
    });
  }

  /** LiveKit takes a position as the proof that something was played, and then keeps the words [AU9]. */
  #skipped(event: Skipped): void {
    const { responseId } = event;
    const perhaps = this.#perhapsHeard(responseId);
    this.#handover.forget(responseId);
    this.#try('placing audio', () => {
      if (perhaps) this.#placePerhaps(responseId, perhaps);
      this.#played.forget(responseId);
    });
    this.#reports.finishTracked(responseId, {
      playbackPosition: toSeconds(perhaps?.playedMs ?? 0),
      interrupted: true,
      synchronizedTranscript: perhaps ? this.#heardCaption({ ...event, ...perhaps }) : '',
    });
  }

  #placePerhaps(id: ResponseId, { startedAtMs, playedMs: ms }: PerhapsHeard): void {
    this.#played.started(id, startedAtMs);
    this.#played.ended(id, this.#samples(ms), addMs(startedAtMs, ms));
  }

  /** What a listener that did not answer may have heard of a response that has just ended. */
  #perhapsHeard(id: ResponseId): PerhapsHeard | undefined {
    return this.#try('looking what may have been heard', () =>
      perhapsHeard(this.#port.timeline.state, id),
    );
  }

  /** Of what an output should have reported and did not, LiveKit keeps the words that it would keep alone [AU17]. */
  #isTextKnown({ inaudible = [] }: Finished): boolean {
    const isAwaited = this.#port.timeline.state.unreported === 'not_known';
    return !(isAwaited && inaudible.some(({ why }) => why === 'silent'));
  }

  #heardCaption(heard: (Finished | Skipped) & Heard): string {
    return this.#try('reading captions', () => this.#port.heardCaption(heard)) ?? heard.heardText;
  }

  /** Once a segment, and before its end. */
  #reportStart(id: ResponseId, startedAtMs: AgentMs): void {
    const segment = this.#reports.start(id, this.#soundsFromMs(id, startedAtMs));
    if (segment?.isTracked) this.#try('placing audio', () => this.#played.started(id, startedAtMs));
  }

  /**
   * When a response began to sound. That is what LiveKit's captions count from: of one that a page had muted at first, they would
   * be late by the time for which it was.
   */
  #soundsFromMs(id: ResponseId, startedAtMs: AgentMs): AgentMs {
    const { playback } = responseOf(this.#port.timeline.state, id) ?? {};
    if (playback?.status !== 'playing') return startedAtMs;
    const { heardSamples, positionAtMs, runs } = playback;
    const first = runs[0] ?? { fromSamples: heardSamples, fromMs: positionAtMs };
    return first.fromSamples === 0 ? (Math.min(startedAtMs, first.fromMs) as AgentMs) : startedAtMs;
  }

  /** The pipeline may go on with the next response while the end of this one still plays. The finish follows [PB14]. */
  #handOver(id: ResponseId, heardFromMs: AgentMs | undefined): void {
    const segment = this.#segments.find(id);
    if (!segment || segment.wait === 'let_go' || this.#segments.open === segment) return;
    if (heardFromMs !== undefined) this.#reportStart(id, heardFromMs);
    if (segment.canLetGo) {
      this.#segments.letGo(segment);
      return;
    }
    this.#try('placing audio', () => this.#played.handedOver(id, segment.sentSamples));
    this.#reports.finishWhole(segment);
  }

  /** Nobody answers, so nothing is said of what was heard. */
  #goOnFrom(id: ResponseId): void {
    const segment = this.#segments.find(id);
    if (segment?.canLetGo && this.#segments.open !== segment) this.#segments.letGo(segment);
  }
}
