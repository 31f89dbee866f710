import type { AgentMs, ResponseId } from '@oncue/core';
import {
  encodeAgentMessage,
  type ListenerMessage,
  type Playhead,
  parseListenerMessage,
  speechBandKernel,
} from '@oncue/core/wire';
import { Fingerprints } from '@oncue/livekit/internal';
import { AgentTracker } from '../../src/reporter/agent_tracker.ts';
import { FrameClock } from '../../src/reporter/frame_clock.ts';
import { ReporterCore } from '../../src/reporter/worklet/reporter_core.ts';
import type { PageMs } from '../../src/shared/page_clock.ts';
import { randomOf } from '../../test-browser/support/speech_like.ts';
import { AGENT_HZ } from './steady_sounds.ts';

const OUTPUT_HZ = 48_000;
const BLOCK = 128;
/** The page's clock when its audio begins, the agent's clock minus that of the page, from rendering to the ear. */
const CONTEXT_MS = 5000;
const AGENT_MS = 700_000;
const OUTPUT_MS = 40;
const MESSAGE_MS = 20;

/** What the network and its codec do to the sound. */
export interface SoundPathOptions {
  readonly gain?: number;
  /** Noise that grows with the sound, as that of a codec does; share of its level. */
  readonly noise?: number;
  /** A low-pass of the first order, as that of a narrow connection. */
  readonly lowPassHz?: number;
  readonly seed?: number;
}

/** How one response comes through. */
export interface Passage {
  /** From leaving to rendering. */
  readonly delayMs?: number;
  /** From this on in the response it arrives later by `gapMs`; nothing is heard in between. */
  readonly gapAtMs?: number;
  readonly gapMs?: number;
}

interface Sent extends Required<Passage> {
  readonly id: string;
  readonly samples: Int16Array;
  readonly leavesAtMs: number;
}

/**
 * The agent's fingerprints, a network, and the reporter with its real search: of each response it is known when each
 * sample sounds, and so how far off the reports are.
 */
export class SoundPath {
  readonly reports: Playhead[] = [];
  readonly tracker: AgentTracker;
  readonly #clock = new FrameClock();
  readonly #core = new ReporterCore({
    kernel: speechBandKernel(OUTPUT_HZ),
    framesPerBandSample: 6,
  });
  readonly #options: Required<SoundPathOptions>;
  readonly #sent: Sent[] = [];
  readonly #messages: { readonly atMs: number; readonly text: string }[] = [];
  #frames = 0;
  #seq = 0;

  constructor(options: SoundPathOptions = {}) {
    this.#options = { gain: 1, noise: 0.1, lowPassHz: 12_000, seed: 1, ...options };
    this.tracker = new AgentTracker(this.#clock, {
      now: () => this.#nowMs as PageMs,
      send: (text) => this.#heard(text),
      toWorklet: (command) => {
        if (command.type === 'search') this.#core.search(command);
        if (command.type === 'cancel') this.#core.cancel(command.searchId);
      },
      reported: () => {},
      begun: () => {},
    });
    this.tracker.setPlayedBy('graph');
  }

  /** A response leaves the agent from `leavesAtMs` on, in ms after the page's audio began. */
  send(id: string, samples: Int16Array, leavesAtMs: number, passage: Passage = {}): this {
    const { delayMs = 120, gapAtMs = Number.POSITIVE_INFINITY, gapMs = 0 } = passage;
    this.#sent.push({ id, samples, leavesAtMs, delayMs, gapAtMs, gapMs });
    const responseId = id as ResponseId;
    this.#say(leavesAtMs - 60, { type: 'announce', responseId, sampleRateHz: AGENT_HZ });
    const fingerprints = new Fingerprints(responseId, AGENT_HZ, speechBandKernel(AGENT_HZ));
    fingerprints.write(samples);
    fingerprints.end();
    for (const piece of fingerprints.take(samples.length, (AGENT_MS + leavesAtMs) as AgentMs))
      this.#say((piece.leavesAtMs as number) - AGENT_MS - 30, piece);
    const endMs = leavesAtMs + (samples.length * 1000) / AGENT_HZ;
    this.#say(endMs - 100, { type: 'end', responseId, totalSamples: samples.length });
    return this;
  }

  /** When a sample of a response sounds, on the page's clock. */
  soundsAtMs(id: string, sample: number): number {
    const sent = this.#sent.find((one) => one.id === id);
    if (!sent) return Number.NaN;
    return CONTEXT_MS + OUTPUT_MS + renderedAtMs(sent, sample);
  }

  /** Renders until everything has sounded, and a second more. */
  run(): this {
    const heard = this.#render();
    this.#messages.sort((one, other) => one.atMs - other.atMs);
    const block = new Float32Array(BLOCK);
    while (this.#frames < heard.length) {
      for (const { text } of this.#dueMessages()) this.tracker.take(text);
      block.set(heard.subarray(this.#frames, this.#frames + BLOCK));
      const isMailDue = this.#core.render(block, BLOCK, this.#frames);
      this.#frames += BLOCK;
      if (!isMailDue) continue;
      const contextMs = (this.#frames * 1000) / OUTPUT_HZ - OUTPUT_MS;
      this.#clock.add({ contextMs, atMs: this.#nowMs as PageMs, ageMs: 0, extraBoundMs: 0 });
      this.tracker.takeMail(this.#core.mail.slice());
    }
    return this;
  }

  get #nowMs(): number {
    return CONTEXT_MS + (this.#frames * 1000) / OUTPUT_HZ;
  }

  #say(atMs: number, message: Parameters<typeof encodeAgentMessage>[0]): void {
    this.#seq += 1;
    const text = encodeAgentMessage(message, { epoch: 'session', seq: this.#seq });
    this.#messages.push({ atMs: CONTEXT_MS + atMs + MESSAGE_MS, text });
  }

  #dueMessages(): { readonly text: string }[] {
    const later = this.#messages.findIndex(({ atMs }) => atMs > this.#nowMs);
    return this.#messages.splice(0, later < 0 ? this.#messages.length : later);
  }

  #heard(text: string): void {
    const parsed = parseListenerMessage(text);
    if (!parsed.ok) throw new TypeError(text);
    const message: ListenerMessage = parsed.message;
    if (message.type === 'playhead') this.reports.push(message);
  }

  /** What the page renders, at 48 kHz. */
  #render(): Float32Array {
    const endMs = Math.max(...this.#sent.map((one) => renderedAtMs(one, one.samples.length)));
    const frames = Math.ceil(((endMs + 1000) * OUTPUT_HZ) / 1000 / BLOCK) * BLOCK;
    const heard = new Float32Array(frames);
    const { gain, noise, lowPassHz, seed } = this.#options;
    const random = randomOf(seed);
    for (const one of this.#sent) {
      for (let index = 0; index < 2 * one.samples.length; index += 1) {
        const frame = Math.round((renderedAtMs(one, index / 2) * OUTPUT_HZ) / 1000);
        const before = one.samples[index >> 1] ?? 0;
        const after = one.samples[(index >> 1) + 1] ?? 0;
        heard[frame] = (index % 2 === 0 ? before : (before + after) / 2) / 32_768;
      }
    }
    let low = 0;
    let level = 0;
    const share = 1 - Math.exp((-2 * Math.PI * lowPassHz) / OUTPUT_HZ);
    return heard.map((value) => {
      low += (value - low) * share;
      level += (Math.abs(low) - level) * 0.002;
      const hiss = noise * level * 3 * (random() + random() - 1);
      return Math.max(-1, Math.min(1, gain * (low + hiss)));
    });
  }
}

function renderedAtMs({ leavesAtMs, delayMs, gapAtMs, gapMs }: Sent, sample: number): number {
  const inMs = (sample * 1000) / AGENT_HZ;
  return leavesAtMs + delayMs + inMs + (inMs >= gapAtMs ? gapMs : 0);
}
