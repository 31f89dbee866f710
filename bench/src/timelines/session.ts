import { EventEmitter } from 'node:events';
import { type AgentMs, type ListenerMs, type ResponseId, Timeline, type Turn } from '@oncue/core';
import type { ManualClock } from '@oncue/core/testing';
import { encodeListenerMessage, ListenerGate, type ListenerMessage } from '@oncue/core/wire';

const REPORT_INTERVAL_MS = 50;
const FRAME_MS = 100;
const RATE_HZ = 24_000;
const RESPONSE_MS = 2000;
const LATENCY_MS = 60;
const TEXT = ['One moment, ', 'I am looking ', 'for the house ', 'by the lake.'];

/** What takes the inputs of one simulated session. */
export interface Side {
  begin(): ResponseId;
  audio(id: ResponseId, samples: number): void;
  endAudio(id: ResponseId): void;
  report(report: {
    readonly id: ResponseId;
    readonly startedAtMs: number;
    readonly atMs: number;
    readonly heardSamples: number;
    readonly phase: 'playing' | 'ended';
  }): void;
}

/** How much was processed. */
export interface Counts {
  inputs: number;
  reports: number;
  events: number;
}

/**
 * One session on a manual clock: responses of 2 s one after the other, two a turn with a state queued between, audio in
 * frames of 100 ms ahead of time, and a listener 60 ms away who reports 20 times a second.
 */
export class Session {
  readonly #clock: ManualClock;
  readonly #side: Side;
  readonly #counts: Counts;
  #id: ResponseId;
  #sentAtMs: number;
  #sentMs = 0;

  constructor(clock: ManualClock, side: Side, counts: Counts, offsetMs: number) {
    this.#clock = clock;
    this.#side = side;
    this.#counts = counts;
    this.#id = '' as ResponseId;
    this.#sentAtMs = 0;
    clock.schedule(offsetMs, () => this.#say());
  }

  #say(): void {
    this.#id = this.#side.begin();
    this.#sentAtMs = this.#clock.nowMs();
    this.#sentMs = 0;
    this.#send();
    this.#clock.schedule(LATENCY_MS + REPORT_INTERVAL_MS, () => this.#report());
  }

  #send(): void {
    this.#counts.inputs += 1;
    this.#side.audio(this.#id, (FRAME_MS * RATE_HZ) / 1000);
    this.#sentMs += FRAME_MS;
    if (this.#sentMs < RESPONSE_MS) this.#clock.schedule(FRAME_MS, () => this.#send());
    else this.#side.endAudio(this.#id);
  }

  #report(): void {
    const startedAtMs = this.#sentAtMs + LATENCY_MS;
    const atMs = this.#clock.nowMs();
    const heardMs = Math.min(atMs - startedAtMs, RESPONSE_MS);
    const isOver = heardMs >= RESPONSE_MS;
    const heardSamples = Math.floor((heardMs * RATE_HZ) / 1000);
    this.#counts.reports += 1;
    this.#counts.inputs += 1;
    const phase = isOver ? 'ended' : 'playing';
    this.#side.report({ id: this.#id, startedAtMs, atMs, heardSamples, phase });
    if (isOver) this.#say();
    else this.#clock.schedule(REPORT_INTERVAL_MS, () => this.#report());
  }
}

/** A real timeline; with `fromText` every report arrives as JSON and passes the gate. */
export function timelineSide(clock: ManualClock, counts: Counts, fromText: boolean): Side {
  const timeline = new Timeline({ clock });
  timeline.onAny(() => {
    counts.events += 1;
  });
  const reports = fromText ? gatedReports(timeline, clock) : directReports(timeline);
  let turn: Turn | undefined;
  return {
    begin: () => {
      const isNew = turn === undefined;
      turn ??= timeline.openTurn();
      if (!isNew) turn.queueAgentState('thinking');
      const { id } = turn.begin();
      for (const text of TEXT) turn.addText(text);
      counts.inputs += 3 + TEXT.length;
      if (isNew) return id;
      turn.close();
      turn = undefined;
      return id;
    },
    audio: (id, samples) => timeline.audioSent(id, samples, RATE_HZ),
    endAudio: (id) => {
      counts.inputs += 1;
      timeline.audioEnded(id);
    },
    report: reports,
  };
}

function directReports(timeline: Timeline): Side['report'] {
  timeline.listenerChanged(true);
  return ({ id, startedAtMs, atMs, heardSamples, phase }) =>
    timeline.playhead({
      responseId: id,
      startedAtMs: startedAtMs as AgentMs,
      heardSamples,
      positionAtMs: atMs as AgentMs,
      phase,
      evidence: 'device',
      errorBoundMs: 1,
    });
}

function gatedReports(timeline: Timeline, clock: ManualClock): Side['report'] {
  const gate = new ListenerGate({ sameClock: true });
  let seq = 0;
  const say = (message: ListenerMessage): void => {
    seq += 1;
    const verdict = gate.take(encodeListenerMessage(message, { epoch: 'e', seq }), clock.nowMs());
    if (verdict.type === 'playhead') timeline.playhead(verdict.report);
    else if (verdict.type === 'joined') timeline.listenerChanged(true);
  };
  say({ type: 'hello', evidence: 'device' });
  return ({ id, startedAtMs, atMs, heardSamples, phase }) =>
    say({
      type: 'playhead',
      responseId: id,
      startedAtMs: startedAtMs as ListenerMs,
      heardSamples,
      positionAtMs: atMs as ListenerMs,
      phase,
      evidence: 'device',
      errorBoundMs: 1,
    });
}

/** The harness without a timeline: what the simulation itself costs. */
export function emptySide(): Side {
  let count = 0;
  return {
    begin: () => {
      count += 1;
      return `r${count}` as ResponseId;
    },
    audio: () => {},
    endAudio: () => {},
    report: () => {},
  };
}

/** The minimum that hand-written code for counting playback does: one entry of a map, one event. */
export function emitterSide(counts: Counts): Side {
  const emitter = new EventEmitter();
  const positions = new Map<ResponseId, number>();
  emitter.on('progress', () => {
    counts.events += 1;
  });
  return {
    ...emptySide(),
    report: ({ id, atMs, heardSamples, phase }) => {
      positions.set(id, heardSamples);
      if (phase === 'ended') positions.delete(id);
      emitter.emit('progress', { id, atMs, heardSamples });
    },
  };
}
