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
import * as MAIL from '../../src/reporter/worklet/mail_layout.ts';
import type { ReporterCommand } from '../../src/reporter/worklet/reporter_commands.ts';
import type { PageMs } from '../../src/shared/page_clock.ts';
import { randomOf } from '../../test-browser/support/speech_like.ts';
import { type Concealment, delayed, PER_MS, playedMs, type Stretch, without } from './stretches.ts';

export { PER_MS };

const RATE_HZ = PER_MS * 1000;
/** From rendering in the worklet to the ear. */
const OUTPUT_MS = 40;
/** Offsets of the page's clock from that of its audio, and of the agent's from the page's. */
export const CONTEXT_MS = 5000;
const AGENT_MS = 700_000;
const PIECE_MS = 150;

type ResponseId = Playhead['responseId'];
type Search = Extract<ReporterCommand, { type: 'search' }>;

export interface Faults {
  /** Share of packets that are lost, from 0 to 1. */
  readonly loss: number;
  readonly jitterMs: number;
  /** How much later everything arrives on the reliable channel, ms. */
  readonly reliableLaterMs: number;
  readonly repeats: boolean;
  /** RTP timestamp of the first packet; `undefined`: the browser does not say which packets it plays. */
  readonly firstRtp: number | undefined;
  /** Share of searches that find nothing. */
  readonly missed: number;
  /** Starts are periodic and found `byMs` off, with correlation `there`; in their true place it is `here`. */
  readonly mistaken:
    | { readonly byMs: number; readonly there: number; readonly here: number }
    | undefined;
}

/** Of 20 ms. */
const PACKET_FRAMES = 960;

/** So long the agent collects messages for one packet of the reliable channel, ms. */
const RELIABLE_WAIT_MS = 60;

const NO_FAULTS: Faults = {
  loss: 0,
  jitterMs: 0,
  reliableLaterMs: RELIABLE_WAIT_MS,
  repeats: false,
  firstRtp: undefined,
  missed: 0,
  mistaken: undefined,
};

/** As long as a piece at a start, with a period of 5 ms. */
const VOWEL = Array.from({ length: 800 }, (_, index) => 100 * Math.sin((Math.PI * index) / 20));

/**
 * An agent, a network and the rendering of a page, on one manual clock in ms of the page. The simulated search knows the
 * answer; `reporter_core.test.ts` tests the real one.
 */
export class Simulation {
  readonly said: ListenerMessage[] = [];
  readonly sentAtMs: number[] = [];
  /** When each response was first known to sound. */
  readonly begunAtMs = new Map<string, number>();
  nowMs = CONTEXT_MS;
  readonly #random: () => number;
  #faults: Faults;
  readonly #clock = new FrameClock();
  readonly #mail = new Float64Array(MAIL.length);
  #stretches: Stretch[] = [];
  #concealed: Concealment[] = [];
  #queue: { atMs: number; readonly run: () => void; readonly isAgents?: boolean }[] = [];
  #searches: Search[] = [];
  /** Hands the page what has come for it. */
  #inPage: (run: () => void) => void = (run) => run();
  #seq = 0;
  readonly #pieces: { readonly id: string; readonly atSample: number }[] = [];
  readonly tracker: AgentTracker;

  constructor(seed: number, faults: Partial<Faults> = {}) {
    this.#faults = { ...NO_FAULTS, ...faults };
    this.#random = randomOf(seed);
    this.#mail[MAIL.onsetFrame] = -1;
    this.tracker = new AgentTracker(this.#clock, {
      now: () => this.nowMs as PageMs,
      send: (text) => {
        const parsed = parseListenerMessage(text);
        if (!parsed.ok) throw new TypeError(text);
        this.said.push(parsed.message);
        this.sentAtMs.push(this.nowMs);
      },
      toWorklet: (command) => this.#obey(command),
      reported: () => {},
      begun: ({ responseId }) => this.begunAtMs.set(responseId, this.nowMs),
    });
  }

  get reports(): Playhead[] {
    return this.said.filter((one): one is Playhead => one.type === 'playhead');
  }

  of(id: string): Playhead[] {
    return this.reports.filter((one) => one.responseId === id);
  }

  /** The page does nothing for a while: what comes meanwhile is taken afterwards, in its order, but after `first`. */
  standStill(fromMs: number, forMs: number, first: () => void): void {
    const waiting: (() => void)[] = [];
    this.at(fromMs, () => {
      this.#inPage = (run) => void waiting.push(run);
    });
    this.at(fromMs + forMs, () => {
      first();
      this.#inPage = (run) => run();
      for (const run of waiting) run();
    });
  }

  /** Runs something at an instant of the page's clock. */
  at(atMs: number, run: () => void): void {
    this.#queue.push({ atMs, run });
  }

  say(atMs: number, message: AgentMessage): void {
    const run = (): void => {
      this.#seq += 1;
      const text = encodeAgentMessage(message, { epoch: 'session', seq: this.#seq });
      // Of a response the fingerprints tell too, so its announcement needs no second copy.
      const isOnlyReliable = message.type === 'announce';
      this.#carry(text, isOnlyReliable || this.#random() < this.#faults.loss);
      // The reliable channel loses nothing, but takes longer when it retransmits.
      const againMs = this.#random() < this.#faults.loss ? 250 : 0;
      this.#carry(text, false, this.#faults.reliableLaterMs + againMs);
      if (this.#faults.repeats) this.#carry(text, this.#random() < 0.5);
    };
    this.#queue.push({ atMs, run, isAgents: true });
  }

  /**
   * A response leaves the agent from `leavesAtMs` on, with all its messages. At `gapAtMs` the agent waits for `gapMs`.
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

  /** A fingerprint of sound that is never rendered. */
  unlike(id: string, atMs: number, leavesAtMs: number): void {
    this.fingerprint('nothing', atMs, leavesAtMs, id);
  }

  /** The agent clears what has not left by then. */
  clearAt(atMs: number): void {
    const left = this.cutAt(atMs);
    this.#queue = this.#queue.filter((one) => !one.isAgents || one.atMs < atMs);
    this.say(atMs, { type: 'clear', ...(left && { left }) });
  }

  /** The agent pauses: what has not left by then leaves later by `forMs`. */
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

  /** The network is away: nothing that leaves meanwhile is rendered, and no message arrives. */
  awayFor(fromMs: number, forMs: number): void {
    const untilMs = fromMs + forMs;
    this.#queue = this.#queue.filter(
      ({ isAgents, atMs }) => !isAgents || atMs < fromMs || atMs >= untilMs,
    );
    this.#stretches = without(this.#stretches, fromMs, untilMs);
  }

  /** What leaves from this instant on is not rendered for a while, and the browser fills the gap with sound. */
  conceal(leftMs: number, forMs: number, packets: 'lost' | 'late', delayMs = 120): void {
    this.#concealed.push({ fromMs: leftMs + delayMs - OUTPUT_MS, forMs, packets });
    this.#stretches =
      packets === 'lost'
        ? without(this.#stretches, leftMs, leftMs + forMs)
        : delayed(this.#stretches, leftMs, forMs);
  }

  /** The packets are those of another track, with timestamps of its own. */
  restartPackets(firstRtp: number): void {
    this.#faults = { ...this.#faults, firstRtp };
  }

  /** Nothing that leaves after that instant is rendered. @returns What had left. */
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
    this.at(this.nowMs + wayMs, () => this.#inPage(() => void this.tracker.take(text)));
  }

  #frameOf(soundsAtMs: number): number {
    return (soundsAtMs - OUTPUT_MS - CONTEXT_MS) * 48;
  }

  #obey(command: ReporterCommand): void {
    if (command.type === 'search') this.#searches.push(command);
    if (command.type === 'cancel')
      this.#searches = this.#searches.filter(({ searchId }) => searchId !== command.searchId);
  }

  #render(): void {
    const mail = this.#mail;
    const frames = (this.nowMs - CONTEXT_MS) * 48;
    mail[MAIL.frames] = frames;
    mail[MAIL.loudUntilFrame] = this.#loudUntil(frames);
    for (const search of [...this.#searches]) this.#advance(search, frames);
    const contextMs = this.nowMs - CONTEXT_MS - OUTPUT_MS;
    const copy = mail.slice();
    const reading = { contextMs, atMs: this.nowMs as PageMs, ageMs: 0, extraBoundMs: 0 };
    this.#inPage(() => {
      this.#clock.add(reading);
      this.tracker.takeMail(copy, this.#rtp());
    });
  }

  /** Of the packet that is being rendered. */
  #rtp(): number | undefined {
    const { firstRtp } = this.#faults;
    if (firstRtp === undefined) return undefined;
    const packet = Math.floor(
      (playedMs(this.#concealed, CONTEXT_MS, this.nowMs) * 48) / PACKET_FRAMES,
    );
    return (firstRtp + packet * PACKET_FRAMES) % 2 ** 32;
  }

  #loudUntil(frames: number): number {
    let until = -1;
    for (const { fromMs, forMs } of this.#concealed)
      if (this.nowMs > fromMs) until = Math.min(frames, (fromMs + forMs - CONTEXT_MS) * 48);
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

  #advance(search: Search, frames: number): void {
    const found = this.#place(search);
    const { mistaken } = this.#faults;
    const isMistaken = mistaken && search.sound.length > 2;
    const isWide = search.toFrame - search.fromFrame > 480;
    const by = isMistaken && isWide ? mistaken.byMs * 48 : 0;
    const correlation = isMistaken ? (isWide ? mistaken.there : mistaken.here) : 0.9;
    const atFrame = (found ?? search.toFrame) + by;
    if (frames < atFrame + 170 * 48) return;
    this.#searches = this.#searches.filter((one) => one !== search);
    const isMissed = found === undefined || this.#random() < this.#faults.missed;
    const count = this.#mail[MAIL.findingCount] ?? 0;
    const place = MAIL.findings + (count % MAIL.findingsKept) * MAIL.findingFields;
    this.#mail.set(
      [search.searchId, atFrame, correlation, isMissed ? MAIL.notFound : MAIL.certain],
      place,
    );
    this.#mail[MAIL.findingCount] = count + 1;
  }

  /** Where the piece lies, if that is in its window. The first two bytes are its number. */
  #place({ sound, fromFrame, toFrame }: Search): number | undefined {
    const piece = this.#pieces[(sound[0] ?? 0) * 100 + (sound[1] ?? 0)];
    const at = piece && this.soundsAt(piece.id, piece.atSample);
    const end = piece && this.soundsAt(piece.id, piece.atSample + 110 * PER_MS);
    if (at === undefined || end === undefined) return undefined;
    const frame = this.#frameOf(at);
    return frame >= fromFrame && frame <= toFrame ? frame : undefined;
  }
}
