import type { ListenerMs, ResponseId } from '@oncue/core';
import type { ManualClock } from '@oncue/core/testing';
import type { AgentMessage, ListenerMessage, Playhead } from '@oncue/core/wire';
import type { CarrierSetup, ListenerSetup } from '../history/history.ts';
import type { Random } from '../history/random.ts';
import { Ear, HeardTruth, type Voice, wholeHeard } from './ear.ts';
import type { WayBack } from './way_back.ts';

export interface ListenerPort {
  readonly name: string;
  readonly setup: ListenerSetup;
  readonly clock: ManualClock;
  readonly random: Random;
  readonly wayBack: WayBack;
  /** It is an output of LiveKit. */
  readonly carrier?: CarrierSetup | undefined;
}

/** A listener of whom all is known: hears in the time of its device, and reports on its own clock. */
export class Listener {
  readonly setup: ListenerSetup;
  readonly truths = new Map<ResponseId, HeardTruth>();
  presence: 'absent' | 'here' | 'asleep' = 'absent';
  visit = 0;
  /** When its clock last jumped. */
  jumpedAtMs = Number.POSITIVE_INFINITY;
  /** When the agent got the first answer by the clock as it is since the last jump; `undefined` until then. */
  mappedAtMs: number | undefined;
  /** By how much, all jumps together. */
  jumpedByMs = 0;
  pathMs: number;
  /** It played nothing for a time although it had audio. */
  hasStoodStill = false;
  /** When it was muted, on the agent's clock. The last may still last. */
  readonly mutedTimes: Array<{ readonly fromMs: number; toMs: number }> = [];
  /** When the agent knew that it was there, on the agent's clock. The last may still last. */
  readonly knownTimes: Array<{ readonly fromMs: number; toMs: number }> = [];
  readonly #port: ListenerPort;
  readonly #voices = new Map<ResponseId, Voice>();
  readonly #limits = new Map<ResponseId, number>();
  readonly #startNoise = new Map<ResponseId, number>();
  #ear: Ear;
  #seq = 0;
  #seqAtJump = -1;
  #lastArrivalMs = 0;
  #missed: Array<() => void> = [];
  #cancelWake: (() => void) | undefined;
  #reportDueMs = 0;

  constructor(port: ListenerPort) {
    this.#port = port;
    this.setup = port.setup;
    this.pathMs = port.setup.pathMs;
    this.#ear = this.#newEar();
  }

  get epoch(): string {
    return `${this.#port.name}-${this.visit}`;
  }

  /** Comes, or comes back: an empty buffer and a new epoch. @returns What an output says, which needs no network. */
  join(): object | undefined {
    this.vanish();
    this.presence = 'here';
    this.visit += 1;
    this.#seq = 0;
    this.#seqAtJump = -1;
    const hello = { type: 'hello', evidence: this.setup.evidence } as const;
    if (this.#port.carrier) return this.#stamped(hello);
    this.say(hello);
    if (this.#isMuted) this.#sayMuted();
    return undefined;
  }

  /** The agent gets to know that it is there, or that it is gone. */
  known(isHere: boolean): void {
    const nowMs = this.#port.clock.nowMs();
    const last = this.knownTimes.at(-1);
    const isKnown = last?.toMs === Number.POSITIVE_INFINITY;
    if (isHere && !isKnown) this.knownTimes.push({ fromMs: nowMs, toMs: Number.POSITIVE_INFINITY });
    else if (!isHere && last && isKnown) last.toMs = nowMs;
  }

  /** Its user mutes the page, or ends that. */
  mute(isMuted: boolean): void {
    if (isMuted === this.#isMuted) return;
    const nowMs = this.#port.clock.nowMs();
    const last = this.mutedTimes.at(-1);
    if (isMuted) this.mutedTimes.push({ fromMs: nowMs, toMs: Number.POSITIVE_INFINITY });
    else if (last) last.toMs = nowMs;
    if (this.presence === 'here') this.#sayMuted();
  }

  get #isMuted(): boolean {
    return this.mutedTimes.at(-1)?.toMs === Number.POSITIVE_INFINITY;
  }

  #sayMuted(): void {
    const sinceMs = this.ownClock(this.#port.clock.nowMs());
    this.say({ type: 'audibility', audibility: this.#isMuted ? 'muted' : 'listening', sinceMs });
  }

  leave(): void {
    if (this.presence === 'here') this.say({ type: 'bye' });
    this.vanish();
  }

  vanish(): void {
    this.#ear.clear(this.#port.clock.nowMs());
    this.#ear = this.#newEar();
    this.#voices.clear();
    this.#missed = [];
    this.presence = 'absent';
    this.#cancelWake?.();
  }

  /** A frozen tab: nothing is played, obeyed, reported or answered. */
  sleep(): void {
    if (this.presence !== 'here') return;
    this.hasStoodStill = true;
    this.#ear.hold('asleep', this.#port.clock.nowMs());
    this.presence = 'asleep';
    this.#plan();
  }

  wake(): void {
    if (this.presence !== 'asleep') return;
    this.presence = 'here';
    this.#ear.release('asleep', this.#port.clock.nowMs());
    for (const run of this.#missed.splice(0)) run();
    if (this.mutedTimes.length > 0) this.#sayMuted();
    this.#plan();
  }

  stall(isStalled: boolean): void {
    this.hasStoodStill = true;
    if (isStalled) this.#ear.hold('stalled', this.#port.clock.nowMs());
    else this.#ear.release('stalled', this.#port.clock.nowMs());
    this.#plan();
  }

  /** A machine under load: what comes waits in the jitter buffer. */
  standStill(): void {
    this.hasStoodStill = true;
    this.#ear.hold('behind', this.#port.clock.nowMs());
    this.#plan();
  }

  catchUp(rate: number, byMs: number): void {
    this.#ear.catchUp(rate, byMs);
    this.#ear.release('behind', this.#port.clock.nowMs());
    this.#plan();
  }

  jumpClock(byMs: number): void {
    this.jumpedByMs += byMs;
    this.jumpedAtMs = this.#port.clock.nowMs();
    this.mappedAtMs = undefined;
    this.#seqAtJump = this.#seq;
  }

  /** The agent used an answer to a ping. One from before a reload may have waited, and say nothing of the clock since a jump. */
  answerTaken(epoch: string, seq: number): void {
    if (epoch === this.epoch && seq > this.#seqAtJump) this.mappedAtMs ??= this.#port.clock.nowMs();
  }

  /** What the agent sends, after the way to here, in order. */
  receive(message: AgentMessage): void {
    if (message.type === 'ping') this.#arrive(() => this.#answer(message.pingId));
    else this.#arrive(() => this.#obey(message));
  }

  /** Lost packets of a room pass in silence; the playhead goes on over them. */
  audio(id: ResponseId, first: number, count: number): void {
    const { clock, wayBack } = this.#port;
    const take = (): void => {
      // What is heard says what it is, if its announcement was lost.
      if (wayBack.losesInPartition) this.#announce(id, 0);
      const voice = this.#voices.get(id);
      const limit = this.#limits.get(id) ?? Number.POSITIVE_INFINITY;
      const most = first < limit ? limit - first : count;
      if (voice) this.#ear.audio(voice, first, Math.min(count, most), clock.nowMs());
    };
    this.#arrive(take, !wayBack.losesInPartition);
  }

  /** In a room: a piece is on its way of which only so much had left when the queue was stopped. */
  leftOnly(id: ResponseId, samples: number): void {
    this.#limits.set(id, samples);
    const voice = this.#voices.get(id);
    if (!voice) return;
    this.#ear.advance(this.#port.clock.nowMs());
    voice.received = Math.max(Math.ceil(voice.played), Math.min(voice.received, samples));
  }

  say(message: ListenerMessage): void {
    if (this.setup.reports) this.#port.wayBack.send(this.#stamped(message));
  }

  #stamped(message: ListenerMessage): object {
    this.#seq += 1;
    return { v: 1, epoch: this.epoch, seq: this.#seq, ...message };
  }

  /** Brings the truth up to now. */
  settle(): void {
    this.#ear.advance(this.#port.clock.nowMs());
  }

  ownClock(atMs: number): ListenerMs {
    const { clockOffsetMs, clockDriftPpm } = this.setup;
    return (atMs * (1 + clockDriftPpm / 1e6) + clockOffsetMs + this.jumpedByMs) as ListenerMs;
  }

  #newEar(): Ear {
    return new Ear(this.setup.deviceDriftPpm, {
      started: (voice) => this.#report(voice, 'playing'),
      ended: (voice) => this.#report(voice, voice.isCut ? 'cut' : 'ended'),
    });
  }

  #obey(message: Exclude<AgentMessage, { type: 'ping' }>): void {
    const nowMs = this.#port.clock.nowMs();
    switch (message.type) {
      case 'announce':
        this.#announce(message.responseId, message.heardBeforeSamples ?? 0);
        return;
      case 'end': {
        const voice = this.#voices.get(message.responseId);
        if (voice && !voice.isCut) voice.total = message.totalSamples;
        this.#ear.advance(nowMs);
        return;
      }
      case 'clear':
        this.#clear(message.left?.responseId, message.left?.samples ?? 0);
        return;
      case 'pause':
        this.#ear.hold('paused', nowMs);
        return;
      case 'resume':
        this.#ear.release('paused', nowMs);
        return;
      case 'welcome':
      case 'fingerprint':
        return;
    }
  }

  #announce(id: ResponseId, heardBefore: number): void {
    if (this.#voices.has(id)) return;
    let truth = this.truths.get(id);
    if (!truth) {
      truth = new HeardTruth();
      this.truths.set(id, truth);
    }
    this.#voices.set(id, this.#ear.add(id, truth, heardBefore));
  }

  /** What had left sounds to its end; what is behind it is never heard. */
  #clear(leftId: ResponseId | undefined, leftSamples: number): void {
    const nowMs = this.#port.clock.nowMs();
    const left = leftId === undefined ? undefined : this.#voices.get(leftId);
    this.#ear.release('paused', nowMs);
    const place = left ? this.#ear.queue.indexOf(left) : -1;
    const dropped = this.#ear.clear(nowMs, place + 1);
    if (left && place >= 0) {
      left.isCut = left.total === undefined || leftSamples < left.total;
      left.total = leftSamples;
      left.received = Math.min(left.received, Math.max(leftSamples, Math.ceil(left.played)));
    }
    for (const voice of dropped) this.#report(voice, 'cut');
    this.#ear.advance(nowMs);
  }

  #answer(pingId: number): void {
    if (this.presence !== 'here') return;
    const atMs = this.ownClock(this.#port.clock.nowMs());
    this.say({ type: 'pong', pingId, receivedAtMs: atMs, sentAtMs: atMs });
  }

  #arrive(run: () => void, waitsForNetwork = true): void {
    const { clock, wayBack } = this.#port;
    if (this.presence === 'absent') return;
    const nowMs = clock.nowMs();
    const { visit } = this;
    const wayMs = nowMs + this.pathMs;
    const readyMs = waitsForNetwork
      ? Math.max(this.#lastArrivalMs, wayBack.brokenUntilMs, wayMs)
      : wayMs;
    if (waitsForNetwork) this.#lastArrivalMs = readyMs;
    clock.schedule(readyMs - nowMs, () => {
      if (this.presence === 'absent' || visit !== this.visit) return;
      if (this.presence === 'asleep') this.#missed.push(run);
      else run();
      this.#plan();
    });
  }

  #plan(): void {
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    const head = this.#ear.queue[0];
    if (this.presence !== 'here' || head?.startedAtMs === undefined) return;
    const nowMs = this.#port.clock.nowMs();
    const dueMs = Math.min(this.#reportDueMs, this.#ear.runsOutAtMs ?? this.#reportDueMs);
    if (!Number.isFinite(dueMs)) return;
    this.#cancelWake = this.#port.clock.schedule(Math.max(0, dueMs - nowMs), () => {
      this.#ear.advance(this.#port.clock.nowMs());
      const playing = this.#ear.queue[0];
      if (playing?.startedAtMs !== undefined && this.#reportDueMs <= this.#port.clock.nowMs())
        this.#report(playing, 'playing');
      this.#plan();
    });
  }

  #report(voice: Voice, phase: Playhead['phase']): void {
    const nowMs = this.#port.clock.nowMs();
    this.#reportDueMs = nowMs + this.setup.reportEveryMs;
    if (!this.setup.reports || this.#isUnsaid(voice, phase)) return;
    const startedAtMs = voice.startedAtMs ?? nowMs;
    const endedAtMs = phase === 'ended' || voice.isCut ? (voice.endedAtMs ?? nowMs) : nowMs;
    const started = this.ownClock(startedAtMs + this.#noiseOf(voice.id));
    const position = this.ownClock(endedAtMs + this.#noise());
    this.say({
      type: 'playhead',
      responseId: voice.id,
      startedAtMs: started,
      heardSamples: wholeHeard(voice),
      positionAtMs: Math.max(started, position) as ListenerMs,
      phase,
      evidence: this.setup.evidence,
      errorBoundMs: this.setup.errorBoundMs,
    });
  }

  /** An output says nothing of what was cleared before it sounded, and may say nothing of starts. */
  #isUnsaid(voice: Voice, phase: Playhead['phase']): boolean {
    const { carrier } = this.#port;
    if (!carrier) return false;
    return voice.startedAtMs === undefined || (phase === 'playing' && !carrier.reportsStarts);
  }

  #noise(): number {
    return (2 * this.#port.random.share() - 1) * 0.9 * this.setup.errorBoundMs;
  }

  /** The start of a response is measured once. */
  #noiseOf(id: ResponseId): number {
    const known = this.#startNoise.get(id);
    if (known !== undefined) return known;
    const noise = this.#noise();
    this.#startNoise.set(id, noise);
    return noise;
  }
}
