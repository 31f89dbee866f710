import {
  type AgentMessage,
  encodeAgentMessage,
  encodeSound,
  type ListenerMessage,
  type Playhead,
  parseListenerMessage,
} from '@oncue/core/wire';
import { AgentTracker } from '../../src/reporter/agent_tracker.ts';
import { FrameClock } from '../../src/reporter/frame_clock.ts';
import {
  FINDING_FIELDS,
  FINDINGS_KEPT,
  FOUND,
  type ListenerCommand,
  MAIL,
  MAIL_LENGTH,
} from '../../src/reporter/worklet/reporter_mail.ts';
import type { PageMs } from '../../src/shared/page_clock.ts';
import { randomOf } from '../../test-browser/support/speech_like.ts';

const RATE_HZ = 24_000;
export const PER_MS = RATE_HZ / 1000;
/** From what the worklet renders to the ear. */
const OUTPUT_MS = 40;
/** The page's clock against that of its audio, and the agent's against the page's. */
export const CONTEXT_MS = 5000;
const AGENT_MS = 700_000;
const PIECE_MS = 150;

type ResponseId = Playhead['responseId'];
type Seek = Extract<ListenerCommand, { type: 'seek' }>;

/** A stretch of a response that leaves the agent, and how long after that it is rendered. */
interface Stretch {
  readonly id: string;
  readonly fromSample: number;
  readonly samples: number;
  readonly leavesAtMs: number;
  readonly delayMs: number;
}

export interface Faults {
  /** Of a packet: at 1 all are lost. */
  readonly loss: number;
  readonly jitterMs: number;
  readonly repeats: boolean;
  /** Of a search. */
  readonly missed: number;
  /** Starts are steady vowels, found so far off; how alike they are there, and how alike in their place. */
  readonly mistaken:
    | { readonly byMs: number; readonly there: number; readonly here: number }
    | undefined;
}

const NO_FAULTS: Faults = {
  loss: 0,
  jitterMs: 0,
  repeats: false,
  missed: 0,
  mistaken: undefined,
};

/** As long as a piece at a start, and each 5 ms as those before. */
const VOWEL = Array.from({ length: 800 }, (_, index) => 100 * Math.sin((Math.PI * index) / 20));

/**
 * An agent, a network and a page's rendering on one manual clock, in ms of the page. The search is done by knowing the
 * answer: `reporter_search.test.ts` is for the real one.
 */
export class Simulation {
  readonly said: ListenerMessage[] = [];
  readonly sentAtMs: number[] = [];
  nowMs = CONTEXT_MS;
  readonly #random: () => number;
  readonly #faults: Faults;
  readonly #clock = new FrameClock();
  readonly #mail = new Float64Array(MAIL_LENGTH);
  #stretches: Stretch[] = [];
  #queue: { atMs: number; readonly run: () => void; readonly isAgents?: boolean }[] = [];
  #seeks: Seek[] = [];
  #seq = 0;
  readonly #pieces: { readonly id: string; readonly atSample: number }[] = [];
  readonly ear: AgentTracker;

  constructor(seed: number, faults: Partial<Faults> = {}) {
    this.#faults = { ...NO_FAULTS, ...faults };
    this.#random = randomOf(seed);
    this.#mail[MAIL.onsetFrame] = -1;
    this.ear = new AgentTracker(this.#clock, {
      now: () => this.nowMs as PageMs,
      send: (text) => {
        const parsed = parseListenerMessage(text);
        if (!parsed.ok) throw new TypeError(text);
        this.said.push(parsed.message);
        this.sentAtMs.push(this.nowMs);
      },
      toWorklet: (command) => this.#obey(command),
      reported: () => {},
    });
  }

  get reports(): Playhead[] {
    return this.said.filter((one): one is Playhead => one.type === 'playhead');
  }

  of(id: string): Playhead[] {
    return this.reports.filter((one) => one.responseId === id);
  }

  /** Done then, on the page's clock. */
  at(atMs: number, run: () => void): void {
    this.#queue.push({ atMs, run });
  }

  say(atMs: number, message: AgentMessage): void {
    const run = (): void => {
      this.#seq += 1;
      const text = encodeAgentMessage(message, { epoch: 'session', seq: this.#seq });
      this.#carry(text, this.#random() < this.#faults.loss);
      // The reliable channel loses nothing, but needs its time.
      this.#carry(text, false, this.#random() < this.#faults.loss ? 250 : 0);
      if (this.#faults.repeats) this.#carry(text, this.#random() < 0.5);
    };
    this.#queue.push({ atMs, run, isAgents: true });
  }

  /**
   * A response leaves the agent from an instant on, with all its messages.
   *
   * @param gaps Samples before which the agent waits, and for how long.
   */
  play(
    id: string,
    ms: number,
    leavesAtMs: number,
    { delayMs = 120, gapAtMs = Number.POSITIVE_INFINITY, gapMs = 0, prints = true } = {},
  ): void {
    const responseId = id as ResponseId;
    this.say(leavesAtMs - 60, { type: 'announce', responseId, sampleRateHz: RATE_HZ });
    const leaves = (atMs: number): number => leavesAtMs + atMs + (atMs >= gapAtMs ? gapMs : 0);
    const first = Math.min(ms, gapAtMs);
    this.#stretch(id, 0, first, leavesAtMs, delayMs);
    if (first < ms) this.#stretch(id, first, ms - first, leaves(first), delayMs);
    for (let atMs = 0; prints && atMs + PIECE_MS <= ms; atMs += atMs === 0 ? 200 : 600)
      this.fingerprint(id, atMs, leaves(atMs));
    this.say(leaves(ms * 0.7), { type: 'end', responseId, totalSamples: ms * PER_MS });
  }

  fingerprint(id: string, atMs: number, leavesAtMs: number, of = id): void {
    const atSample = atMs * PER_MS;
    this.say(leavesAtMs, {
      type: 'fingerprint',
      responseId: of as ResponseId,
      sampleRateHz: RATE_HZ,
      atSample,
      leavesAtMs: (leavesAtMs + AGENT_MS) as never,
      sound: encodeSound(
        Int8Array.from([
          this.#pieces.length / 100,
          this.#pieces.length % 100,
          ...(this.#faults.mistaken && atMs === 0 ? VOWEL : []),
        ]),
      ),
    });
    this.#pieces.push({ id, atSample });
  }

  announce(id: string, atMs: number): void {
    this.say(atMs, { type: 'announce', responseId: id as ResponseId, sampleRateHz: RATE_HZ });
  }

  /** A fingerprint of sound that is nowhere. */
  unlike(id: string, atMs: number, leavesAtMs: number): void {
    this.fingerprint('nothing', atMs, leavesAtMs, id);
  }

  /** The agent takes back what has not left by then, and says so. */
  clearAt(atMs: number): void {
    const left = this.cutAt(atMs);
    this.#queue = this.#queue.filter((one) => !one.isAgents || one.atMs < atMs);
    this.say(atMs, { type: 'clear', ...(left && { left }) });
  }

  /** What has not left by then leaves so much later; a fingerprint may be said for it once more. */
  pauseAt(atMs: number, forMs: number): void {
    const rest = this.#stretches.flatMap((one) => {
      const gone = Math.max(0, Math.min(one.samples, (atMs - one.leavesAtMs) * PER_MS));
      const leavesAtMs = Math.max(one.leavesAtMs, atMs) + forMs;
      const fromSample = one.fromSample + gone;
      return [{ ...one, fromSample, samples: one.samples - gone, leavesAtMs }];
    });
    const left = this.cutAt(atMs);
    this.#stretches.push(...rest.filter((one) => one.samples > 0));
    for (const one of this.#queue) if (one.isAgents && one.atMs >= atMs) one.atMs += forMs;
    this.say(atMs, { type: 'pause', ...(left && { left }) });
    this.say(atMs + forMs, { type: 'resume' });
  }

  /** Nothing that leaves from then on is rendered. @returns What had left. */
  cutAt(atMs: number): { responseId: ResponseId; samples: number } | undefined {
    let left: { responseId: ResponseId; samples: number } | undefined;
    this.#stretches = this.#stretches.flatMap((one) => {
      const samples = Math.min(one.samples, (atMs - one.leavesAtMs) * PER_MS);
      if (samples <= 0) return [];
      left = { responseId: one.id as ResponseId, samples: one.fromSample + samples };
      return [{ ...one, samples }];
    });
    return left;
  }

  /** The truth: when a sample sounds, on the page's clock. */
  soundsAt(id: string, sample: number): number | undefined {
    const stretch = this.#stretches.find(
      (one) => one.id === id && sample >= one.fromSample && sample < one.fromSample + one.samples,
    );
    if (!stretch) return undefined;
    return stretch.leavesAtMs + (sample - stretch.fromSample) / PER_MS + stretch.delayMs;
  }

  run(ms: number): this {
    const untilMs = this.nowMs + ms;
    for (;;) {
      this.#queue.sort((a, b) => a.atMs - b.atMs);
      const next = this.#queue[0];
      const mailAtMs = Math.floor(this.nowMs / 21 + 1) * 21;
      const atMs = Math.min(next?.atMs ?? Number.POSITIVE_INFINITY, mailAtMs);
      if (atMs > untilMs) break;
      this.nowMs = Math.max(this.nowMs, atMs);
      if (next && next.atMs <= mailAtMs) {
        this.#queue.shift();
        next.run();
      } else {
        this.#render();
      }
    }
    this.nowMs = untilMs;
    return this;
  }

  #stretch(id: string, fromMs: number, ms: number, leavesAtMs: number, delayMs: number): void {
    this.#stretches.push({
      id,
      fromSample: fromMs * PER_MS,
      samples: ms * PER_MS,
      leavesAtMs,
      delayMs,
    });
  }

  #carry(text: string, isLost: boolean, laterMs = 0): void {
    if (isLost) return;
    const wayMs = 15 + this.#random() * this.#faults.jitterMs + laterMs;
    this.at(this.nowMs + wayMs, () => void this.ear.take(text));
  }

  #frameOf(soundsAtMs: number): number {
    return (soundsAtMs - OUTPUT_MS - CONTEXT_MS) * 48;
  }

  #obey(command: ListenerCommand): void {
    if (command.type === 'seek') this.#seeks.push(command);
    if (command.type === 'cancel')
      this.#seeks = this.#seeks.filter((seek) => seek.seekId !== command.seekId);
  }

  #render(): void {
    const mail = this.#mail;
    const frames = (this.nowMs - CONTEXT_MS) * 48;
    mail[MAIL.frames] = frames;
    mail[MAIL.loudUntilFrame] = this.#loudUntil(frames);
    for (const seek of [...this.#seeks]) this.#search(seek, frames);
    const contextMs = this.nowMs - CONTEXT_MS - OUTPUT_MS;
    this.#clock.add({ contextMs, atMs: this.nowMs as PageMs, extraBoundMs: 0 });
    this.ear.takeMail(mail.slice());
  }

  #loudUntil(frames: number): number {
    let until = -1;
    for (const { id, fromSample, samples } of this.#stretches) {
      const from = this.#frameOf(this.soundsAt(id, fromSample) ?? 0);
      const to = from + samples * 2;
      if (from < frames) {
        until = Math.max(until, Math.min(frames, to));
        const isQuiet = !this.#stretches.some((one) => {
          const end = this.#frameOf(this.soundsAt(one.id, one.fromSample) ?? 0) + one.samples * 2;
          return end < from + 1 && end > from - 80 * 48;
        });
        if (isQuiet)
          this.#mail[MAIL.onsetFrame] = Math.max(from, this.#mail[MAIL.onsetFrame] ?? -1);
      }
    }
    return until;
  }

  #search(seek: Seek, frames: number): void {
    const found = this.#place(seek);
    const { mistaken } = this.#faults;
    const isMistaken = mistaken && seek.sound.length > 2;
    const isWide = seek.toFrame - seek.fromFrame > 480;
    const by = isMistaken && isWide ? mistaken.byMs * 48 : 0;
    const likeness = isMistaken ? (isWide ? mistaken.there : mistaken.here) : 0.9;
    const atFrame = (found ?? seek.toFrame) + by;
    if (frames < atFrame + 170 * 48) return;
    this.#seeks = this.#seeks.filter((one) => one !== seek);
    const isMissed = found === undefined || this.#random() < this.#faults.missed;
    const count = this.#mail[MAIL.findingCount] ?? 0;
    const place = MAIL.findings + (count % FINDINGS_KEPT) * FINDING_FIELDS;
    this.#mail.set([seek.seekId, atFrame, likeness, isMissed ? FOUND.no : FOUND.surely], place);
    this.#mail[MAIL.findingCount] = count + 1;
  }

  /** Where the piece lies, if that is in its window. Its number stands in its first bytes. */
  #place({ sound, fromFrame, toFrame }: Seek): number | undefined {
    const piece = this.#pieces[(sound[0] ?? 0) * 100 + (sound[1] ?? 0)];
    const at = piece && this.soundsAt(piece.id, piece.atSample);
    const end = piece && this.soundsAt(piece.id, piece.atSample + 110 * PER_MS);
    if (at === undefined || end === undefined) return undefined;
    const frame = this.#frameOf(at);
    return frame >= fromFrame && frame <= toFrame ? frame : undefined;
  }
}
