import { RUNS_REMEMBERED } from '../tuning.ts';
import * as MAILBOX from '../worklet/mailbox_layout.ts';

/** A stretch of samples that the worklet rendered without a break. */
export interface Run {
  readonly firstFrame: number;
  readonly firstPosition: number;
  readonly samples: number;
}

/**
 * Which sample of the stream was rendered in which frame, as the worklet's mailbox reports it. Pure.
 *
 * `mailbox_layout.ts` defines positions and frames.
 */
export class RenderLog {
  #runs: Run[] = [];
  #runCount = 0;
  #frames = 0;
  #frameOffset = 0;
  #writtenPosition = 0;
  #readPosition = 0;
  #overflowSamples = 0;

  /** Takes a copy of the mailbox. @returns The runs that are new, oldest first. */
  take(mailbox: Float64Array): readonly Run[] {
    const before = this.#runCount;
    this.#frames = mailbox[MAILBOX.frames] ?? 0;
    this.#frameOffset = mailbox[MAILBOX.frameOffset] ?? 0;
    this.#readPosition = mailbox[MAILBOX.readPosition] ?? 0;
    this.#writtenPosition = mailbox[MAILBOX.writtenPosition] ?? 0;
    this.#overflowSamples = mailbox[MAILBOX.overflowSamples] ?? 0;
    this.#runCount = mailbox[MAILBOX.runCount] ?? 0;
    // The last known run may have grown.
    const first = Math.max(0, before - 1, this.#runCount - MAILBOX.runsKept);
    if (before > 0 && first === before - 1) this.#runs.pop();
    for (let run = first; run < this.#runCount; run += 1) this.#runs.push(runIn(mailbox, run));
    this.#runs = this.#runs.slice(-RUNS_REMEMBERED);
    return this.#runCount === before ? [] : this.#runs.slice(before - this.#runCount);
  }

  /** Frames rendered so far, silence included. */
  get frames(): number {
    return this.#frames;
  }

  /** The frame on the context's timeline that is rendered next. */
  get nextFrame(): number {
    return this.#frames + this.#frameOffset;
  }

  /** Samples in the worklet that wait to be rendered. */
  get bufferedSamples(): number {
    return this.#writtenPosition - this.#readPosition;
  }

  /** Samples for which the worklet had no room. */
  get overflowSamples(): number {
    return this.#overflowSamples;
  }

  /** Position after the last rendered sample. */
  get renderedPosition(): number {
    const last = this.#runs.at(-1);
    return last ? last.firstPosition + last.samples : 0;
  }

  /** The frame on the context's timeline in which a sample was rendered; `undefined` if it was not. */
  frameOf(position: number): number | undefined {
    const run = this.#runs.findLast((one) => one.firstPosition <= position);
    if (!run || position >= run.firstPosition + run.samples) return undefined;
    return run.firstFrame + (position - run.firstPosition) + this.#frameOffset;
  }

  /** Position after the last sample that sounded before a frame of the context's timeline, fractional. */
  positionAt(contextFrame: number): number {
    const frame = contextFrame - this.#frameOffset;
    const run = this.#runs.findLast((one) => one.firstFrame < frame);
    return run ? run.firstPosition + Math.min(run.samples, frame - run.firstFrame) : 0;
  }
}

function runIn(mailbox: Float64Array, run: number): Run {
  const slot = MAILBOX.runs + (run % MAILBOX.runsKept) * MAILBOX.runFields;
  return {
    firstFrame: mailbox[slot] ?? 0,
    firstPosition: mailbox[slot + 1] ?? 0,
    samples: mailbox[slot + 2] ?? 0,
  };
}
