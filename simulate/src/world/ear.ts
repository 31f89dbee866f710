import type { ResponseId } from '@oncue/core';
import { Arrivals } from './arrivals.ts';
import { SAMPLES_PER_MS } from './samples.ts';

/** Sums of fractions: what is due within this is due now. */
const SAME_MS = 1e-6;

/** Samples that sounded without a break. Positions count from the first of the response and need not be whole. */
export interface HeardRun {
  readonly fromSample: number;
  readonly fromMs: number;
  readonly samplesPerMs: number;
  toSample: number;
  toMs: number;
}

/** What truly sounded of one response at one ear, over all visits. */
export class HeardTruth {
  readonly runs: HeardRun[] = [];
  /** When it began to sound, in each visit in which it did. */
  readonly startsMs: number[] = [];

  get startedAtMs(): number | undefined {
    return this.runs[0]?.fromMs;
  }

  get endedAtMs(): number | undefined {
    return this.runs.at(-1)?.toMs;
  }

  /** Whole samples that had sounded at an instant; the first counts from the instant at which it begins to. */
  samplesAt(atMs: number): number {
    let most = 0;
    for (const { fromMs, fromSample, toMs, toSample } of this.runs) {
      if (fromMs > atMs + SAME_MS) continue;
      const share = toMs <= atMs || toMs === fromMs ? 1 : (atMs - fromMs) / (toMs - fromMs);
      most = Math.max(most, 1, fromSample + share * (toSample - fromSample));
    }
    return Math.floor(most + 1e-4);
  }

  /** It neither stood still nor caught up. A report says how much sounded, not when that was. */
  get isEven(): boolean {
    return this.runs.every(({ fromMs, samplesPerMs }, place) => {
      const before = this.runs[place - 1];
      const follows = before === undefined || fromMs - before.toMs < 1 / SAMPLES_PER_MS;
      return follows && samplesPerMs < 1.01 * SAMPLES_PER_MS;
    });
  }

  /** When it first sounds at an instant or after it. */
  soundsFrom(atMs: number): number {
    const run = this.runs.find(({ toMs }) => toMs > atMs);
    return run ? Math.max(atMs, run.fromMs) : Number.POSITIVE_INFINITY;
  }

  add(run: HeardRun): void {
    const last = this.runs.at(-1);
    const goesOn = last && Math.abs(last.toMs - run.fromMs) < SAME_MS;
    const isAsFast = last?.samplesPerMs === run.samplesPerMs;
    if (!goesOn || !isAsFast || Math.abs(last.toSample - run.fromSample) > 1e-4) {
      this.runs.push(run);
      return;
    }
    last.toMs = run.toMs;
    last.toSample = run.toSample;
  }
}

/** A response in the buffer of an ear. */
export interface Voice {
  readonly id: ResponseId;
  readonly truth: HeardTruth;
  readonly arrivals: Arrivals;
  /** Where it goes on, after an earlier visit. */
  readonly heardBefore: number;
  /** Where what has come ends. */
  received: number;
  /** Where playout stands. */
  played: number;
  /** Where it ends, once that is known. */
  total: number | undefined;
  /** It ends early: it was cut. */
  isCut: boolean;
  /** When it began to sound in this visit. */
  startedAtMs: number | undefined;
  endedAtMs: number | undefined;
}

export interface EarEvents {
  readonly started: (voice: Voice) => void;
  readonly ended: (voice: Voice) => void;
}

/** Plays what comes, one response after the other. Every call brings the instant. */
export class Ear {
  readonly queue: Voice[] = [];
  readonly #samplesPerMs: number;
  readonly #events: EarEvents;
  readonly #holds = new Set<string>();
  #atMs = 0;
  /** While it catches up: how much faster it plays, and how far it is still behind. */
  #hurry = { rate: 1, behindMs: 0 };

  constructor(driftPpm: number, events: EarEvents) {
    this.#samplesPerMs = SAMPLES_PER_MS * (1 + driftPpm / 1e6);
    this.#events = events;
  }

  get isHeld(): boolean {
    return this.#holds.size > 0;
  }

  add(id: ResponseId, truth: HeardTruth, heardBefore: number): Voice {
    const voice: Voice = {
      id,
      truth,
      arrivals: new Arrivals(),
      heardBefore,
      received: heardBefore,
      played: heardBefore,
      total: undefined,
      isCut: false,
      startedAtMs: undefined,
      endedAtMs: undefined,
    };
    this.queue.push(voice);
    return voice;
  }

  /** Audio of a response came. What was missed before its first is not played. */
  audio(voice: Voice, first: number, count: number, nowMs: number): void {
    this.advance(nowMs);
    if (voice.startedAtMs === undefined && first > voice.received) voice.played = first;
    voice.arrivals.add(first, nowMs);
    voice.received = Math.max(voice.received, first + count);
    this.advance(nowMs);
  }

  /** Empties the buffer from one place on. @returns What was in it. */
  clear(nowMs: number, from: number = 0): readonly Voice[] {
    this.advance(nowMs);
    const cut = this.queue.splice(from);
    for (const voice of cut) voice.endedAtMs = nowMs;
    return cut;
  }

  /** From now on it plays that much faster, until it has caught up by so much or has all that came. */
  catchUp(rate: number, byMs: number): void {
    this.#hurry = { rate, behindMs: byMs };
  }

  hold(why: string, nowMs: number): void {
    this.advance(nowMs);
    this.#holds.add(why);
  }

  release(why: string, nowMs: number): void {
    this.advance(nowMs);
    this.#holds.delete(why);
    this.advance(nowMs);
  }

  /** When the audio that it has of the first response runs out. */
  get runsOutAtMs(): number | undefined {
    const head = this.queue[0];
    if (!head || this.isHeld || head.played >= head.received) return undefined;
    return this.#atMs + (head.received - head.played) / (this.#samplesPerMs * this.#hurry.rate);
  }

  advance(nowMs: number): void {
    let atMs = this.#atMs;
    this.#atMs = nowMs;
    if (this.isHeld) return;
    for (let head = this.queue[0]; head; head = this.queue[0]) {
      while (head.received > head.played) {
        atMs = this.#play(head, atMs, nowMs);
        if (atMs >= nowMs && head.received > head.played) return;
      }
      if (!this.#isOver(head)) return;
      this.queue.shift();
      head.endedAtMs = atMs;
      this.#events.ended(head);
    }
  }

  #play(head: Voice, fromMs: number, nowMs: number): number {
    if (head.startedAtMs === undefined) {
      // Who came in the middle knows from what it hears when the first sample was to sound.
      head.startedAtMs = fromMs - (head.played - head.heardBefore) / SAMPLES_PER_MS;
      head.truth.startsMs.push(head.startedAtMs);
      head.truth.add({
        fromSample: head.played,
        fromMs,
        samplesPerMs: this.#samplesPerMs,
        toSample: head.played,
        toMs: fromMs,
      });
      this.#events.started(head);
    }
    const fromSample = head.played;
    const { samplesPerMs, untilSample, untilMs } = this.#pace(head, fromMs, nowMs);
    const leftMs = (untilSample - fromSample) / samplesPerMs;
    const isAll = leftMs <= untilMs - fromMs + SAME_MS;
    const toMs = isAll ? fromMs + leftMs : untilMs;
    head.played = isAll ? untilSample : fromSample + (untilMs - fromMs) * samplesPerMs;
    this.#hurry.behindMs -= (this.#hurry.rate - 1) * (toMs - fromMs);
    if (toMs > fromMs)
      head.truth.add({ fromSample, fromMs, samplesPerMs, toSample: head.played, toMs });
    return toMs;
  }

  /** How fast it plays, and how far or how long at most. It does not overtake what comes. */
  #pace(
    { played, received, arrivals }: Voice,
    fromMs: number,
    nowMs: number,
  ): { readonly samplesPerMs: number; readonly untilSample: number; readonly untilMs: number } {
    const { rate, behindMs } = this.#hurry;
    const lagMs = Math.min(behindMs, arrivals.lagMs(played, fromMs));
    if (rate <= 1 || lagMs <= SAME_MS) {
      this.#hurry = { rate: 1, behindMs: 0 };
      return { samplesPerMs: this.#samplesPerMs, untilSample: received, untilMs: nowMs };
    }
    return {
      samplesPerMs: this.#samplesPerMs * rate,
      untilSample: Math.min(received, arrivals.nextPiece(played)),
      untilMs: Math.min(nowMs, fromMs + lagMs / (rate - 1)),
    };
  }

  /** Over at its end, or where the next goes on: the message of its end may be lost. */
  #isOver(head: Voice): boolean {
    if (head.total !== undefined) return head.received >= head.total;
    const next = this.queue[1];
    return next !== undefined && next.received > next.played;
  }
}

/** Whole samples that have sounded of a voice. */
export function wholeHeard(voice: Voice): number {
  if (voice.startedAtMs === undefined) return 0;
  return Math.max(1, Math.floor(voice.played + 1e-4));
}
