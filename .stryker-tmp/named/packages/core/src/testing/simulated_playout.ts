import { type AgentMs, addMs, laterOf, type ResponseId, samplesToMs } from '../units.ts';

/** What really happened to one response in a `ScriptedListener`. Exact, and known only to the test. */
export interface HeardTruth {
  readonly responseId: ResponseId;
  readonly sampleRateHz: number;
  /** Samples received so far. */
  readonly receivedSamples: number;
  /** Samples that have sounded. The first counts from the instant at which it begins to sound. */
  readonly heardSamples: number;
  /** When the first sample sounded, on the test's clock. */
  readonly startedAtMs?: AgentMs;
  /** When it stopped sounding: the end of its last sample, or of the last one that sounded before a cut. */
  readonly endedAtMs?: AgentMs;
  /** `waiting`: for earlier responses or for audio. `cut`: stopped by a `clear`, or because the listener left. */
  readonly status: 'waiting' | 'playing' | 'ended' | 'cut';
}

/** A response in the playout queue. */
export interface Voice {
  readonly responseId: ResponseId;
  readonly sampleRateHz: number;
  status: HeardTruth['status'];
  receivedSamples: number;
  totalSamples?: number;
  /** Fractional while it plays. */
  playedSamples: number;
  startedAtMs?: AgentMs;
  /** When the latest whole sample was played. */
  movedAtMs?: AgentMs;
  endedAtMs?: AgentMs;
  /** When the current unbroken run began, and how many samples had sounded by then. */
  runFromMs: AgentMs;
  runFromSamples: number;
}

/** Called when a response starts or ends. */
export interface PlayoutListener {
  readonly started: (voice: Voice, atMs: AgentMs) => void;
  readonly ended: (voice: Voice, atMs: AgentMs) => void;
}

/** Rounding of float instants may miss a whole sample by less than this. */
const SAMPLE_TOLERANCE = 1e-6;

/**
 * Plays the responses that it receives, one after the other. Has no clock: every call passes the instant.
 *
 * Instants are computed from the start of an unbroken run, so they are exact no matter when or how often it is called.
 */
export class SimulatedPlayout {
  readonly #speed: number;
  readonly #listener: PlayoutListener;
  readonly #holds = new Set<string>();
  #queue: Voice[] = [];
  /** The response that new audio belongs to: the last announced one. */
  #filling: Voice | undefined;

  /** @param speed Speed of the device's clock: 1.0001 runs 100 ppm fast. */
  constructor(speed: number, listener: PlayoutListener) {
    this.#speed = speed;
    this.#listener = listener;
  }

  /** The response that is playing, if any. It may be held. */
  get playing(): Voice | undefined {
    return this.#queue[0]?.status === 'playing' ? this.#queue[0] : undefined;
  }

  /** @param heardBefore Samples that were heard on an earlier visit. New audio continues after them. */
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
    // A response that had run out of audio continues from here.
    if (voice.playedSamples === voice.receivedSamples) restart(voice, atMs);
    voice.receivedSamples += samples;
    this.advanceTo(atMs);
  }

  end(responseId: ResponseId, totalSamples: number, atMs: AgentMs): void {
    const voice = this.#queue.find((one) => one.responseId === responseId);
    if (voice) voice.totalSamples = totalSamples;
    this.advanceTo(atMs);
  }

  /** Empties the queue. @returns The responses that were in it, now cut. */
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

  /** Stops playout until every reason to hold has been released. */
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

  /** When the received audio of the first response runs out; `undefined` while nothing plays. */
  get runsOutAtMs(): AgentMs | undefined {
    const head = this.playing;
    if (!head || this.#holds.size > 0 || head.playedSamples >= head.receivedSamples) {
      return undefined;
    }
    return this.#runsOut(head);
  }

  /** Plays until `atMs`. */
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

  /** Whether it is over: it was played to its end, or the next has audio, since its end message may be lost. */
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
    // Its audio may have come after the end of the response before it, which is only noticed then.
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

/** The whole samples of a voice that have sounded. The first counts as soon as it begins. */
export function wholeHeard(voice: Voice): number {
  if (voice.startedAtMs === undefined) return 0;
  return Math.max(1, Math.floor(voice.playedSamples + SAMPLE_TOLERANCE));
}

/** The public view of a voice. */
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
