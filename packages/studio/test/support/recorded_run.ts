import { type AgentMs, type CutBy, type ResponseId, Timeline, type Turn } from '@oncue/core';
import { ManualClock } from '@oncue/core/testing';
import { parseTraceLine, type TraceLine, TraceRecorder } from '@oncue/core/trace';

const RATE_HZ = 1000;

/** A timeline driven by a test, with one sample per millisecond, and its trace. */
export class RecordedRun {
  readonly clock: ManualClock = new ManualClock();
  readonly texts: string[] = [];
  readonly timeline: Timeline;
  readonly #recorder: TraceRecorder;

  constructor() {
    this.#recorder = new TraceRecorder((line) => this.texts.push(line.trimEnd()));
    this.timeline = new Timeline({ clock: this.clock, record: this.#recorder.record });
    this.timeline.listenerChanged(true);
  }

  get lines(): readonly TraceLine[] {
    return this.texts.map((text, index) => parseTraceLine(text, index + 1));
  }

  note(type: string, fields: Readonly<Record<string, unknown>>): void {
    this.#recorder.note({ type, atMs: this.clock.nowMs(), ...fields });
  }

  turn(): Turn {
    const turn = this.timeline.openTurn();
    turn.goLive();
    return turn;
  }

  /** Sends the audio of a response; all words have the same length. */
  send(id: ResponseId, words: readonly string[], wordMs: number): void {
    this.timeline.wordsTimed(
      id,
      words.map((text, index) => ({ text: `${text} `, endSamples: (index + 1) * wordMs })),
    );
    this.timeline.audioSent(id, words.length * wordMs, RATE_HZ);
    this.timeline.audioEnded(id);
  }

  /** The listener reports how much it has heard by now, in ms. */
  heard(id: ResponseId, heardMs: number, phase: 'playing' | 'ended' | 'cut' = 'playing'): void {
    this.#report(id, this.clock.nowMs() - heardMs, heardMs, phase);
  }

  /** The listener reports only now that it stopped after so much, ms. */
  reported(
    id: ResponseId,
    { startedAtMs, heardMs }: { readonly startedAtMs: number; readonly heardMs: number },
  ): void {
    this.#report(id, startedAtMs, heardMs, 'cut');
  }

  #report(
    id: ResponseId,
    startedAtMs: number,
    heardMs: number,
    phase: 'playing' | 'ended' | 'cut',
  ): void {
    this.timeline.playhead({
      responseId: id,
      startedAtMs: startedAtMs as AgentMs,
      heardSamples: heardMs,
      positionAtMs: (startedAtMs + heardMs) as AgentMs,
      phase,
      evidence: 'device',
      errorBoundMs: 0.5,
    });
  }

  cut(by: CutBy): void {
    this.timeline.cut(by);
  }
}
