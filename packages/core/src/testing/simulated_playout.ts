import { type AgentMs, addMs, laterOf, type ResponseId, samplesToMs } from '../units.ts';

/** What truly happened to one response at the ear of a `ScriptedListener`: exact, and known to nobody else. */
export interface HeardTruth {
  readonly responseId: ResponseId;
  readonly sampleRateHz: number;
  /** Samples that have come so far. */
  readonly receivedSamples: number;
  /** Samples that have sounded; the first counts from the instant at which it begins to sound. */
  readonly heardSamples: number;
  /** When the first sample sounded, on the clock of the test. */
  readonly startedAtMs?: AgentMs;
  /** When it stopped sounding: the end of its last sample, or, if it was cut, of what had sounded of it. */
  readonly endedAtMs?: AgentMs;
  /** `waiting`: behind others, or for its audio. `cut`: stopped by a `clear`, or because the listener left. */
  readonly status: 'waiting' | 'playing' | 'ended' | 'cut';
}

/** A response in the queue of an ear. */
export interface Voice {
  readonly responseId: ResponseId;
  readonly sampleRateHz: number;
  status: HeardTruth['status'];
  receivedSamples: number;
  totalSamples?: number;
  /** Not whole while it plays. */
  playedSamples: number;
  startedAtMs?: AgentMs;
  /** When another whole sample of it had last been played. */
  movedAtMs?: AgentMs;
  endedAtMs?: AgentMs;
  /** Since when it has played without a break, and how many samples had sounded by then. */
  runFromMs: AgentMs;
  runFromSamples: number;
}

/** What an ear tells of. */
export interface EarListener {
  readonly started: (voice: Voice, atMs: AgentMs) => void;
  readonly ended: (voice: Voice, atMs: AgentMs) => void;
}

/** A sum of float instants may miss a whole sample by less than this. */
const SAMPLE_TOLERANCE = 1e-6;

/**
 * Plays what comes to it, one response after the other, without a clock: every call brings the instant.
 *
 * Instants are computed from the start of an unbroken run, so they are exact however late or often it is called.
 */
export class SimulatedPlayout {
  readonly #speed: number;
  readonly #listener: EarListener;
  readonly #holds = new Set<string>();
  #queue: Voice[] = [];
  /** The one that audio belongs to: the last announced. */
  #filling: Voice | undefined;

  /** @param speed Device seconds a second: 1.0001 is a device that runs 100 ppm fast. */
  constructor(speed: number, listener: EarListener) {
    this.#speed = speed;
    this.#listener = listener;
  }

  /** The response that sounds now, if one does. It may stand still. */
  get playing(): Voice | undefined {
    return this.#queue[0]?.status === 'playing' ? this.#queue[0] : undefined;
  }

  /** @param heardBefore Samples that were heard on an earlier visit; what comes goes on behind them. */
  announce(
    responseId: ResponseId,
    sampleRateHz: number,
    heardBefore: number,
    atMs: AgentMs,
  ): Voice {
    this.advanceTo(atMs);
    const voice: Voice = {
      responseId,
      sampleRateHz,
      status: 'waiting',
      receivedSamples: heardBefore,
      playedSamples: heardBefore,
      runFromMs: atMs,
      runFromSamples: heardBefore,
    };
    this.#queue.push(voice);
    this.#filling = voice;
    return voice;
  }

  audio(samples: number, atMs: AgentMs): void {
    this.advanceTo(atMs);
    const voice = this.#filling;
    if (!voice) return;
    // Whatever ran dry goes on from here.
    if (voice.playedSamples === voice.receivedSamples) restart(voice, atMs);
    voice.receivedSamples += samples;
    this.advanceTo(atMs);
  }

  end(responseId: ResponseId, totalSamples: number, atMs: AgentMs): void {
    const voice = this.#queue.find((one) => one.responseId === responseId);
    if (voice) voice.totalSamples = totalSamples;
    this.advanceTo(atMs);
  }

  /** Empties the queue. @returns What was in it, now cut. */
  clear(atMs: AgentMs): readonly Voice[] {
    this.advanceTo(atMs);
    const cut = this.#queue;
    this.#queue = [];
    this.#filling = undefined;
    for (const voice of cut) {
      voice.status = 'cut';
      voice.endedAtMs = voice.movedAtMs ?? voice.startedAtMs ?? atMs;
    }
    return cut;
  }

  /** Stands still until `release` of the same reason, and of every other. */
  hold(reason: string, atMs: AgentMs): void {
    this.advanceTo(atMs);
    this.#holds.add(reason);
  }

  release(reason: string, atMs: AgentMs): void {
    if (!this.#holds.delete(reason) || this.#holds.size > 0) return;
    const head = this.#queue[0];
    if (head) restart(head, atMs);
    this.advanceTo(atMs);
  }

  /** When the audio that it has of the first response runs out; `undefined` while nothing moves. */
  get runsOutAtMs(): AgentMs | undefined {
    const head = this.playing;
    if (!head || this.#holds.size > 0 || head.playedSamples >= head.receivedSamples) {
      return undefined;
    }
    return this.#runsOut(head);
  }

  /** Lets everything happen that happens until `atMs`. */
  advanceTo(atMs: AgentMs): void {
    if (this.#holds.size > 0) return;
    for (let head = this.#queue[0]; head; head = this.#queue[0]) {
      if (head.status === 'waiting' && hasMore(head)) this.#start(head);
      const runsOutAtMs = this.#runsOut(head);
      if (runsOutAtMs > addMs(atMs, SAMPLE_TOLERANCE)) {
        const ms = atMs - head.runFromMs;
        setPlayed(head, head.runFromSamples + (ms * head.sampleRateHz * this.#speed) / 1000, atMs);
        return;
      }
      setPlayed(head, head.receivedSamples, runsOutAtMs);
      if (!this.#isOver(head)) return;
      this.#finish(head, head.startedAtMs === undefined ? atMs : runsOutAtMs);
    }
  }

  /** Over when it has been played to its end, or to where the next goes on: the message of its end may be lost. */
  #isOver(head: Voice): boolean {
    if (head.totalSamples !== undefined) return head.receivedSamples >= head.totalSamples;
    const next = this.#queue[1];
    return next !== undefined && hasMore(next);
  }

  #start(head: Voice): void {
    head.status = 'playing';
    head.startedAtMs = head.runFromMs;
    this.#listener.started(head, head.runFromMs);
  }

  #finish(head: Voice, atMs: AgentMs): void {
    head.status = 'ended';
    head.endedAtMs = atMs;
    this.#queue.shift();
    if (this.#filling === head) this.#filling = undefined;
    const next = this.#queue[0];
    // Not before its own audio came, when the end of the one before is only found out then.
    if (next) restart(next, laterOf(atMs, next.runFromMs));
    if (head.startedAtMs !== undefined) this.#listener.ended(head, atMs);
  }

  #runsOut(voice: Voice): AgentMs {
    const left = voice.receivedSamples - voice.runFromSamples;
    return addMs(voice.runFromMs, samplesToMs(left, voice.sampleRateHz * this.#speed));
  }
}

function hasMore(voice: Voice): boolean {
  return voice.receivedSamples > voice.playedSamples;
}

function setPlayed(voice: Voice, playedSamples: number, atMs: AgentMs): void {
  const before = wholeHeard(voice);
  voice.playedSamples = playedSamples;
  if (wholeHeard(voice) > before) voice.movedAtMs = atMs;
}

function restart(voice: Voice, atMs: AgentMs): void {
  voice.runFromMs = atMs;
  voice.runFromSamples = voice.playedSamples;
}

/** Whole samples of a voice that have sounded. The first counts as soon as it begins. */
export function wholeHeard(voice: Voice): number {
  if (voice.startedAtMs === undefined) return 0;
  return Math.max(1, Math.floor(voice.playedSamples + SAMPLE_TOLERANCE));
}

/** A voice as a test reads it. */
export function truthOf(voice: Voice): HeardTruth {
  const { responseId, sampleRateHz, receivedSamples, status, startedAtMs, endedAtMs } = voice;
  return {
    responseId,
    sampleRateHz,
    receivedSamples,
    heardSamples: wholeHeard(voice),
    ...(startedAtMs === undefined ? {} : { startedAtMs }),
    ...(endedAtMs === undefined ? {} : { endedAtMs }),
    status,
  };
}
