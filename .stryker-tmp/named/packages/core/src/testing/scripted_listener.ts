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
 * What every transport delivers to a listener. `ScriptedListener` implements it; a test of a transport can use its own
 * implementation instead.
 */
export interface ListenerEnd {
  /** Takes a message of the agent: the text that was sent, or the message itself. */
  receive(message: AgentMessage | string): void;
  /** Takes samples of the response that was announced last. */
  audio(samples: number): void;
}

/** How a scripted listener hears and reports. */
export interface ScriptedListenerOptions {
  readonly clock: Clock;
  /** Called with each message, as text, when it arrives at the agent. */
  readonly send: (text: string) => void;
  /** Delay from receipt to the ear in ms, ≥ 0. Applies to audio, `clear`, `pause` and `resume`. Default 0. */
  readonly outputLatencyMs?: number;
  /** Time between two reports while a response plays, in ms, > 0. Default 50. */
  readonly reportIntervalMs?: number;
  /** Speed of the device's clock: 1.0001 runs 100 ppm fast. Default 1. */
  readonly speed?: number;
  /** The listener's clock minus the test's clock, in ms. Default 0. */
  readonly clockOffsetMs?: number;
  /** The evidence that its reports state. Default `device`, with an error bound of 0 ms. */
  readonly evidence?: 'device' | 'transport';
  readonly errorBoundMs?: number;
  /** Prefix of its epochs: `name-1`, `name-2`. Default `listener`. */
  readonly name?: string;
  readonly faults?: ReportFaults;
}

/**
 * A simulated listener. It plays what an agent sends, on a manual clock, and reports like a real listener. Its reports
 * may be lost, late, repeated or reordered. `truthOf` says what was really heard.
 *
 * It is absent until `join`. It reports at the start of a response, every `reportIntervalMs`, and at its end or cut.
 */
export class ScriptedListener implements ListenerEnd {
  readonly #options: ScriptedListenerOptions;
  readonly #clock: Clock;
  readonly #playout: SimulatedPlayout;
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
    this.#playout = new SimulatedPlayout(options.speed ?? 1, {
      started: (voice, atMs) => this.#report(voice, 'playing', atMs),
      ended: (voice, atMs) => this.#report(voice, 'ended', atMs),
    });
    this.#way = new FaultyWay(options.faults ?? {}, (text, delayMs) => {
      if (delayMs <= 0) options.send(text);
      else this.#clock.schedule(delayMs, () => options.send(text));
    });
  }

  /** Replaces the faults of the path to the agent from now on. */
  set faults(faults: ReportFaults) {
    this.#way.faults = faults;
  }

  /** The current epoch; empty before the first `join`. */
  get epoch(): string {
    return this.#visits === 0 ? '' : `${this.#options.name ?? 'listener'}-${this.#visits}`;
  }

  /** Joins, or rejoins after a reload: with an empty buffer, a new epoch and a `hello`. */
  join(): void {
    this.vanish();
    this.#presence = 'here';
    this.#visits += 1;
    this.#seq = 0;
    this.#say({ type: 'hello', evidence: this.#options.evidence ?? 'device' });
  }

  /** Sends `bye` and leaves. What was in its buffer is never heard. */
  leave(): void {
    if (this.#presence === 'here') this.#say({ type: 'bye' });
    this.vanish();
  }

  /** Leaves without a `bye`, like a page on a machine that lost power. */
  vanish(): void {
    this.#playout.clear(this.#clock.nowMs());
    this.#playout.release('asleep', this.#clock.nowMs());
    this.#missed = [];
    this.#presence = 'absent';
    this.#plan();
  }

  /** Does not play, obey, report or answer until `wake`. What arrives meanwhile is kept, except pings. */
  sleep(): void {
    if (this.#presence !== 'here') return;
    this.#playout.hold('asleep', this.#clock.nowMs());
    this.#presence = 'asleep';
    this.#plan();
  }

  /** Continues where it fell asleep. */
  wake(): void {
    if (this.#presence !== 'asleep') return;
    this.#presence = 'here';
    this.#playout.release('asleep', this.#clock.nowMs());
    for (const run of this.#missed.splice(0)) run();
    this.#plan();
  }

  /** Stops playout until `unstall`, as if no audio arrived. Reports continue and show the stall. */
  stall(): void {
    this.#playout.hold('stalled', this.#clock.nowMs());
    this.#plan();
  }

  unstall(): void {
    this.#playout.release('stalled', this.#clock.nowMs());
    this.#plan();
  }

  /** @throws OncueError `ONCUE_BAD_FORMAT` if the text is not a message of an agent. */
  receive(message: AgentMessage | string): void {
    const parsed = typeof message === 'string' ? parseAgentMessage(message) : undefined;
    if (parsed?.ok === false) {
      throw new OncueError('ONCUE_BAD_FORMAT', `not a message of an agent: ${String(message)}`);
    }
    const meant = parsed?.ok === true ? parsed.message : (message as AgentMessage);
    if (meant.type === 'ping') this.#answer(meant.pingId);
    else this.#afterLatency(() => this.#obey(meant));
  }

  audio(samples: number): void {
    this.#afterLatency(() => this.#playout.audio(samples, this.#clock.nowMs()));
  }

  /** What was really heard of a response until now; `undefined` if it was never announced here. */
  truthOf(responseId: ResponseId): HeardTruth | undefined {
    this.#playout.advanceTo(this.#clock.nowMs());
    const voice = this.#voices.get(responseId);
    return voice && truthOf(voice);
  }

  /** The truth about every response, in the order in which they were announced. */
  truths(): readonly HeardTruth[] {
    this.#playout.advanceTo(this.#clock.nowMs());
    return [...this.#voices.values()].map(truthOf);
  }

  #obey(message: Exclude<AgentMessage, { type: 'ping' }>): void {
    const nowMs = this.#clock.nowMs();
    switch (message.type) {
      case 'announce': {
        const { responseId, sampleRateHz, heardBeforeSamples = 0 } = message;
        const voice = this.#playout.announce(responseId, sampleRateHz, heardBeforeSamples, nowMs);
        this.#voices.set(responseId, voice);
        return;
      }
      case 'welcome':
        return;
      case 'end':
        this.#playout.end(message.responseId, message.totalSamples, nowMs);
        return;
      case 'clear':
        for (const voice of this.#playout.clear(nowMs)) this.#report(voice, 'cut', nowMs);
        return;
      case 'pause':
        this.#playout.hold('paused', nowMs);
        return;
      case 'resume':
        this.#playout.release('paused', nowMs);
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

  /** Schedules the next wake: when its audio runs out or the next report is due, whichever comes first. */
  #plan(): void {
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    const voice = this.#playout.playing;
    if (this.#presence !== 'here' || !voice) return;
    const nowMs = this.#clock.nowMs();
    const reportAtMs = this.#reportDueAtMs ?? addMs(nowMs, this.#intervalMs);
    const runsOutAtMs = this.#playout.runsOutAtMs ?? reportAtMs;
    const dueAtMs = Math.min(reportAtMs, runsOutAtMs);
    this.#cancelWake = this.#clock.schedule(Math.max(0, dueAtMs - nowMs), () => this.#wakeUp());
  }

  #wakeUp(): void {
    const nowMs = this.#clock.nowMs();
    this.#playout.advanceTo(nowMs);
    const voice = this.#playout.playing;
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
