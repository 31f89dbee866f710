import type { Clock } from '../clock.ts';
import { OncueError } from '../errors.ts';
import { type AgentMs, addMs, type ListenerMs, laterOf, type ResponseId } from '../units.ts';
import type { AgentMessage, ListenerMessage, Playhead } from '../wire/messages.ts';
import { encodeListenerMessage, parseAgentMessage } from '../wire/parse.ts';
import { FaultyWay, type ReportFaults } from './report_faults.ts';
import {
  type HeardTruth,
  SimulatedPlayout,
  truthOf,
  type Voice,
  wholeHeard,
} from './simulated_playout.ts';

/**
 * The agent's end of a listener: what every transport carries. A `ScriptedListener` is one; a test of a transport can
 * put its own in the same place.
 */
export interface ListenerEnd {
  /** A message of the agent: the text that was sent, or the message itself. */
  receive(message: AgentMessage | string): void;
  /** Samples of the response that was announced last. */
  audio(samples: number): void;
}

/** How a scripted listener hears and reports. */
export interface ScriptedListenerOptions {
  readonly clock: Clock;
  /** Gets each message as text, when it arrives at the agent. */
  readonly send: (text: string) => void;
  /** From receipt to the ear, ms ≥ 0, for audio and for `clear`, `pause` and `resume` alike. Default 0. */
  readonly outputLatencyMs?: number;
  /** Between two reports of one response while it plays, ms > 0. Default 50. */
  readonly reportIntervalMs?: number;
  /** Device seconds a second. Default 1. */
  readonly speed?: number;
  /** The listener's clock minus the clock of the test, ms. Default 0. */
  readonly clockOffsetMs?: number;
  /** What it says of its own measurement. Default `device`, with an error bound of 0 ms. */
  readonly evidence?: 'device' | 'transport';
  readonly errorBoundMs?: number;
  /** Names its epochs: `name-1`, `name-2`. Default `listener`. */
  readonly name?: string;
  readonly faults?: ReportFaults;
}

/**
 * A listener of whom all is known: hears what an agent sends, in the time of its clock, and reports like a real one. Its
 * reports may be lost, late, repeated or reordered; what was truly heard can be read from `truthOf`.
 *
 * It begins absent: call `join`. It reports at the start of a response, every `reportIntervalMs`, and at its end or cut.
 */
export class ScriptedListener implements ListenerEnd {
  readonly #options: ScriptedListenerOptions;
  readonly #clock: Clock;
  readonly #ear: SimulatedPlayout;
  readonly #way: FaultyWay;
  readonly #voices = new Map<ResponseId, Voice>();
  #presence: 'absent' | 'here' | 'asleep' = 'absent';
  #visits = 0;
  #seq = 0;
  #reportDueAtMs: AgentMs | undefined;
  #cancelWake: (() => void) | undefined;
  #missed: Array<() => void> = [];

  constructor(options: ScriptedListenerOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#ear = new SimulatedPlayout(options.speed ?? 1, {
      started: (voice, atMs) => this.#report(voice, 'playing', atMs),
      ended: (voice, atMs) => this.#report(voice, 'ended', atMs),
    });
    this.#way = new FaultyWay(options.faults ?? {}, (text, delayMs) => {
      if (delayMs <= 0) options.send(text);
      else this.#clock.schedule(delayMs, () => options.send(text));
    });
  }

  /** What the way back does from now on. */
  set faults(faults: ReportFaults) {
    this.#way.faults = faults;
  }

  /** The epoch of this visit; empty before the first. */
  get epoch(): string {
    return this.#visits === 0 ? '' : `${this.#options.name ?? 'listener'}-${this.#visits}`;
  }

  /** Comes, or comes back after a reload: an empty buffer, a new epoch, and a `hello`. */
  join(): void {
    this.vanish();
    this.#presence = 'here';
    this.#visits += 1;
    this.#seq = 0;
    this.#say({ type: 'hello', evidence: this.#options.evidence ?? 'device' });
  }

  /** Says `bye` and goes. What was in its buffer is never heard. */
  leave(): void {
    if (this.#presence === 'here') this.#say({ type: 'bye' });
    this.vanish();
  }

  /** Goes without a word, as a page does whose machine lost its power. */
  vanish(): void {
    this.#ear.clear(this.#clock.nowMs());
    this.#ear.release('asleep', this.#clock.nowMs());
    this.#missed = [];
    this.#presence = 'absent';
    this.#plan();
  }

  /** Neither plays, obeys, reports nor answers until `wake`. What comes in the meantime is kept, but for pings. */
  sleep(): void {
    if (this.#presence !== 'here') return;
    this.#ear.hold('asleep', this.#clock.nowMs());
    this.#presence = 'asleep';
    this.#plan();
  }

  /** Goes on where it fell asleep. */
  wake(): void {
    if (this.#presence !== 'asleep') return;
    this.#presence = 'here';
    this.#ear.release('asleep', this.#clock.nowMs());
    for (const run of this.#missed.splice(0)) run();
    this.#plan();
  }

  /** Playout stands still until `unstall`, as with a network that brings nothing; reports go on and say so. */
  stall(): void {
    this.#ear.hold('stalled', this.#clock.nowMs());
    this.#plan();
  }

  unstall(): void {
    this.#ear.release('stalled', this.#clock.nowMs());
    this.#plan();
  }

  /** @throws OncueError `ONCUE_BAD_FORMAT` for a text that is no message of an agent. */
  receive(message: AgentMessage | string): void {
    const parsed = typeof message === 'string' ? parseAgentMessage(message) : undefined;
    if (parsed?.ok === false) {
      throw new OncueError('ONCUE_BAD_FORMAT', `no message of an agent: ${String(message)}`);
    }
    const meant = parsed?.ok === true ? parsed.message : (message as AgentMessage);
    if (meant.type === 'ping') this.#answer(meant.pingId);
    else this.#afterLatency(() => this.#obey(meant));
  }

  audio(samples: number): void {
    this.#afterLatency(() => this.#ear.audio(samples, this.#clock.nowMs()));
  }

  /** What was truly heard of a response, as of now. `undefined` when it was never announced here. */
  truthOf(responseId: ResponseId): HeardTruth | undefined {
    this.#ear.advanceTo(this.#clock.nowMs());
    const voice = this.#voices.get(responseId);
    return voice && truthOf(voice);
  }

  /** The truth of every response, in the order of their announcement. */
  truths(): readonly HeardTruth[] {
    this.#ear.advanceTo(this.#clock.nowMs());
    return [...this.#voices.values()].map(truthOf);
  }

  #obey(message: Exclude<AgentMessage, { type: 'ping' }>): void {
    const nowMs = this.#clock.nowMs();
    switch (message.type) {
      case 'announce': {
        const { responseId, sampleRateHz, heardBeforeSamples = 0 } = message;
        const voice = this.#ear.announce(responseId, sampleRateHz, heardBeforeSamples, nowMs);
        this.#voices.set(responseId, voice);
        return;
      }
      case 'welcome':
        return;
      case 'end':
        this.#ear.end(message.responseId, message.totalSamples, nowMs);
        return;
      case 'clear':
        for (const voice of this.#ear.clear(nowMs)) this.#report(voice, 'cut', nowMs);
        return;
      case 'pause':
        this.#ear.hold('paused', nowMs);
        return;
      case 'resume':
        this.#ear.release('paused', nowMs);
        return;
    }
  }

  #answer(pingId: number): void {
    if (this.#presence !== 'here') return;
    const atMs = this.#ownClock(this.#clock.nowMs());
    this.#say({ type: 'pong', pingId, receivedAtMs: atMs, sentAtMs: atMs });
  }

  #afterLatency(run: () => void): void {
    if (this.#presence === 'absent') return;
    const visit = this.#visits;
    const runStillHere = (): void => {
      if (this.#presence === 'absent' || visit !== this.#visits) return;
      if (this.#presence === 'asleep') this.#missed.push(run);
      else run();
      this.#plan();
    };
    const { outputLatencyMs = 0 } = this.#options;
    if (outputLatencyMs <= 0) runStillHere();
    else this.#clock.schedule(outputLatencyMs, runStillHere);
  }

  /** Wakes for whatever comes first: the end of the audio it has, or the next report. */
  #plan(): void {
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    const voice = this.#ear.playing;
    if (this.#presence !== 'here' || !voice) return;
    const nowMs = this.#clock.nowMs();
    const reportAtMs = this.#reportDueAtMs ?? addMs(nowMs, this.#intervalMs);
    const runsOutAtMs = this.#ear.runsOutAtMs ?? reportAtMs;
    const dueAtMs = Math.min(reportAtMs, runsOutAtMs);
    this.#cancelWake = this.#clock.schedule(Math.max(0, dueAtMs - nowMs), () => this.#wakeUp());
  }

  #wakeUp(): void {
    const nowMs = this.#clock.nowMs();
    this.#ear.advanceTo(nowMs);
    const voice = this.#ear.playing;
    if (voice && this.#reportDueAtMs !== undefined && this.#reportDueAtMs <= nowMs) {
      this.#report(voice, 'playing', nowMs);
    }
    this.#plan();
  }

  get #intervalMs(): number {
    return this.#options.reportIntervalMs ?? 50;
  }

  #report(voice: Voice, phase: Playhead['phase'], atMs: AgentMs): void {
    this.#reportDueAtMs = addMs(this.#clock.nowMs(), this.#intervalMs);
    const { evidence = 'device', errorBoundMs = 0 } = this.#options;
    const startedAtMs = voice.startedAtMs ?? atMs;
    this.#say({
      type: 'playhead',
      responseId: voice.responseId,
      startedAtMs: this.#ownClock(startedAtMs),
      heardSamples: wholeHeard(voice),
      positionAtMs: this.#ownClock(laterOf(startedAtMs, atMs)),
      phase,
      evidence,
      errorBoundMs,
    });
  }

  #ownClock(atMs: AgentMs): ListenerMs {
    return (atMs + (this.#options.clockOffsetMs ?? 0)) as ListenerMs;
  }

  #say(message: ListenerMessage): void {
    this.#seq += 1;
    this.#way.send(message, encodeListenerMessage(message, { epoch: this.epoch, seq: this.#seq }));
  }
}
