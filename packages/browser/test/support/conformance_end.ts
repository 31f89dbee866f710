import {
  decodeSound,
  type Playhead,
  parseCaptionMessage,
  SPEECH_BAND_HZ,
  speechBandKernel,
} from '@oncue/core/wire';
import { CaptionBook } from '../../src/captions/caption_book.ts';
import { AgentTracker } from '../../src/reporter/agent_tracker.ts';
import { FrameClock } from '../../src/reporter/frame_clock.ts';
import * as MAIL from '../../src/reporter/worklet/mail_layout.ts';
import { ReporterCore } from '../../src/reporter/worklet/reporter_core.ts';
import type { PageMs } from '../../src/shared/page_clock.ts';

const FRAME_RATE_HZ = 48_000;
const FRAMES_PER_MS = FRAME_RATE_HZ / 1000;
const BLOCK_FRAMES = 128;
/** From rendering to the ear. A page renders before a frame sounds. */
const OUTPUT_MS = 40;

interface SearchInput {
  readonly audio: string;
  readonly sound: string;
  readonly fromFrame: number;
  readonly toFrame: number;
}

interface ReporterInput {
  readonly audio: string;
  readonly frameZeroAtMs: number;
  readonly untilMs: number;
  readonly steps: readonly {
    readonly atMs: number;
    readonly text?: string;
    readonly muted?: boolean;
  }[];
}

interface CaptionsInput {
  readonly steps: readonly { readonly text?: string; readonly heard?: Playhead }[];
}

/** The answers of this package to the vectors in `conformance/vectors`: the real code, without a browser. */
export const PAGE_END: Readonly<
  Record<'search' | 'reporter' | 'captions', (input: never) => unknown>
> = {
  search: ({ audio, sound, fromFrame, toFrame }: SearchInput) => {
    const core = newCore();
    const command = {
      searchId: 1,
      sound: decodeSound(sound) ?? new Int8Array(),
      fromFrame,
      toFrame,
    };
    core.search({ type: 'search', ...command, expectedFrame: undefined });
    const frames = framesOf(audio);
    for (let at = 0; at < frames.length; at += BLOCK_FRAMES)
      core.render(frames.subarray(at, at + BLOCK_FRAMES), BLOCK_FRAMES, at);
    const isFound =
      core.mail[MAIL.findingCount] === 1 && core.mail[MAIL.findings + 3] !== MAIL.notFound;
    return { frame: isFound ? core.mail[MAIL.findings + 1] : null };
  },
  reporter: (input: ReporterInput) => new ReporterRun(input).sent,
  captions: ({ steps }: CaptionsInput) => {
    const book = new CaptionBook({ emit: () => {}, changed: () => {} });
    for (const { text, heard } of steps) {
      if (heard) book.takeReport(heard, undefined);
      const parsed = parseCaptionMessage(text ?? '');
      if (parsed.ok) book.take(parsed.message);
    }
    return book.responses.map(({ id, status, text, heardWords, heardText }) => ({
      id,
      status,
      text,
      heardWords,
      heardText,
    }));
  },
};

/** One session, from the first message to the last frame. */
class ReporterRun {
  readonly sent: { readonly atMs: number; readonly text: string }[] = [];
  #nowMs: number;

  constructor({ audio, frameZeroAtMs, untilMs, steps }: ReporterInput) {
    this.#nowMs = frameZeroAtMs;
    const clock = new FrameClock();
    const core = newCore();
    const tracker = new AgentTracker(clock, {
      now: () => this.#nowMs as PageMs,
      send: (text) => this.sent.push({ atMs: this.#nowMs, text }),
      toWorklet: (command) => {
        if (command.type === 'search') core.search(command);
        if (command.type === 'cancel') core.cancel(command.searchId);
      },
      reported: () => {},
      begun: () => {},
    });
    tracker.setPlayedBy('graph');
    const frames = framesOf(audio);
    const waiting = [...steps];
    const aheadFrames = OUTPUT_MS * FRAMES_PER_MS;
    for (let at = 0; at < frames.length; at += BLOCK_FRAMES) {
      const blockMs = frameZeroAtMs + (at + BLOCK_FRAMES - aheadFrames) / FRAMES_PER_MS;
      if (blockMs > untilMs) break;
      for (; waiting[0] && waiting[0].atMs <= blockMs; waiting.shift()) {
        this.#nowMs = waiting[0].atMs;
        take(tracker, waiting[0]);
      }
      this.#nowMs = blockMs;
      clock.add({
        contextMs: this.#nowMs - frameZeroAtMs,
        atMs: this.#nowMs as PageMs,
        ageMs: 0,
        extraBoundMs: 0,
      });
      if (core.render(frames.subarray(at, at + BLOCK_FRAMES), BLOCK_FRAMES, at))
        tracker.takeMail(core.mail.slice());
    }
  }
}

function take(tracker: AgentTracker, step: ReporterInput['steps'][number]): void {
  if (step.text !== undefined) tracker.take(step.text);
  else tracker.setPlayedBy('graph', step.muted);
}

function newCore(): ReporterCore {
  const kernel = speechBandKernel(FRAME_RATE_HZ);
  return new ReporterCore({ kernel, framesPerBandSample: FRAME_RATE_HZ / SPEECH_BAND_HZ });
}

function framesOf(base64: string): Float32Array {
  const bytes = Buffer.from(base64, 'base64');
  return Float32Array.from(
    { length: bytes.length / 2 },
    (_, index) => bytes.readInt16LE(2 * index) / 32_768,
  );
}
