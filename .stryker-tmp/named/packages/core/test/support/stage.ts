import {
  type CutBy,
  type ResponseId,
  Timeline,
  type TimelineOptions,
  type TimelineSetup,
  type Turn,
} from '../../src/index.ts';
import {
  captureEvents,
  type EventCapture,
  ManualClock,
  ScriptedListener,
  type ScriptedListenerOptions,
} from '../../src/testing/index.ts';
import { TraceRecorder } from '../../src/trace/index.ts';
import { ListenerGate } from '../../src/wire/index.ts';

/** The sample rate of all audio in these tests: 48 samples per ms. */
const RATE_HZ = 48_000;

/** The samples in a whole number of milliseconds. */
export const samplesIn = (ms: number): number => (ms * RATE_HZ) / 1000;

interface StageOptions extends Partial<Pick<TimelineSetup, 'applyState' | 'record'>> {
  readonly options?: Partial<TimelineOptions>;
  /** The listener. Default: nobody reports. It has joined before its faults begin. */
  readonly listener?: Partial<ScriptedListenerOptions>;
}

/** A timeline on a manual clock, with its trace and an optional scripted listener. */
export class Stage {
  readonly clock: ManualClock = new ManualClock();
  readonly timeline: Timeline;
  readonly events: EventCapture;
  readonly listener: ScriptedListener;
  trace = '';
  readonly #sentSamples = new Map<ResponseId, number>();

  constructor({ options = {}, listener, ...setup }: StageOptions = {}) {
    const recorder = new TraceRecorder((line) => (this.trace += line), { options });
    const { record } = recorder;
    this.timeline = new Timeline({ clock: this.clock, options, record, ...setup });
    this.events = captureEvents(this.timeline);
    const gate = new ListenerGate({ sameClock: true });
    this.listener = new ScriptedListener({
      clock: this.clock,
      send: (text) => this.#takeMessage(gate, text),
      ...listener,
      faults: {},
    });
    if (!listener) return;
    this.listener.join();
    this.listener.faults = listener.faults ?? {};
    this.events.clear();
  }

  /** A turn that has the floor. */
  openTurn(): Turn {
    const turn = this.timeline.openTurn();
    turn.goLive();
    return turn;
  }

  /** Declares a response with its text and sends its audio in one piece. */
  say(turn: Turn, text: string, ms: number, begin: Parameters<Turn['begin']>[0] = {}): ResponseId {
    const { id } = turn.begin(begin);
    turn.addText(text);
    turn.endResponse();
    this.send(id, ms);
    this.endAudio(id);
    return id;
  }

  /** Sends audio of a response, and the announcement before its first. */
  send(responseId: ResponseId, ms: number): void {
    const sent = this.#sentSamples.get(responseId);
    if (sent === undefined) {
      this.listener.receive({ type: 'announce', responseId, sampleRateHz: RATE_HZ });
    }
    this.#sentSamples.set(responseId, (sent ?? 0) + samplesIn(ms));
    this.timeline.audioSent(responseId, samplesIn(ms), RATE_HZ);
    this.listener.audio(samplesIn(ms));
  }

  endAudio(responseId: ResponseId): void {
    this.timeline.audioEnded(responseId);
    const totalSamples = this.#sentSamples.get(responseId) ?? 0;
    if (totalSamples > 0) this.listener.receive({ type: 'end', responseId, totalSamples });
  }

  cut(by: CutBy = 'user_speech'): void {
    this.timeline.cut(by);
    this.listener.receive({ type: 'clear' });
  }

  pause(): void {
    this.timeline.pause();
    this.listener.receive({ type: 'pause' });
  }

  resume(): void {
    this.timeline.resume();
    this.listener.receive({ type: 'resume' });
  }

  #takeMessage(gate: ListenerGate, text: string): void {
    const verdict = gate.take(text, this.clock.nowMs());
    if (verdict.type === 'playhead') this.timeline.playhead(verdict.report);
    else if (verdict.type === 'joined') this.timeline.listenerChanged(true);
    else if (verdict.type === 'left') this.timeline.listenerChanged(false);
    else if (verdict.type === 'dropped') this.timeline.reportDropped(verdict.reason);
  }
}
