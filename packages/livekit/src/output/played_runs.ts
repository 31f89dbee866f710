import { type AgentMs, addMs, msToSamples, samplesToMs } from '@oncue/core';

/** Audio that played without a break. */
export interface PlayedRun {
  /** When its first sample sounded. */
  readonly startedAtMs: AgentMs;
  /** Samples of the response before it. */
  readonly fromSamples: number;
  readonly samples: number;
}

/** Samples of a response that had sounded, and when. */
export interface PlayedUntil {
  readonly samples: number;
  readonly atMs: AgentMs;
}

/** Where audio left the agent after a break, and when at the earliest. */
export interface LeaveBreak {
  readonly fromSamples: number;
  readonly leavesAtMs: AgentMs;
}

/** A time in which playout stood still. */
export interface StoodStill {
  readonly fromMs: AgentMs;
  readonly toMs: AgentMs;
}

/** What may have interrupted the sound between two positions. */
export interface PossibleBreaks {
  /** In order; the first is the start of the response. */
  readonly leaves: readonly LeaveBreak[];
  readonly pauses: readonly StoodStill[];
}

/** Positions of a run lie this close to one line. Listeners report with an error of some ms. */
const TOLERANCE_MS = 40;

/**
 * Makes unbroken runs of the positions of one response, for LiveKit's recorder [LK18]. Positions come every 50 ms or
 * less often, and say only that there was a break between two of them; the pauses and the breaks in what left the agent
 * say where it was. Reads no clock.
 */
export class PlayedRuns {
  readonly #sampleRateHz: number;
  readonly #report: (run: PlayedRun) => void;
  #open: { readonly fromSamples: number; startedAtMs: AgentMs } | undefined;
  #until: PlayedUntil | undefined;

  /** @param report - gets each run once, when nothing can change it any more. */
  constructor(sampleRateHz: number, report: (run: PlayedRun) => void) {
    this.#sampleRateHz = sampleRateHz;
    this.#report = report;
  }

  /** How far it was played. `undefined`: it has not begun. */
  get until(): PlayedUntil | undefined {
    return this.#until;
  }

  /** It sounds from this position on. */
  begin(position: PlayedUntil): void {
    this.#open ??= { fromSamples: position.samples, startedAtMs: position.atMs };
    this.#until ??= position;
  }

  /** These samples have sounded. */
  playedUntil(now: PlayedUntil, breaks: PossibleBreaks): void {
    const { samples } = this.#until ?? { samples: 0 };
    if (now.samples <= samples) return;
    if (!this.#until) this.begin({ samples: 0, atMs: addMs(now.atMs, -this.#ms(now.samples)) });
    const late = this.#lateness(now);
    if (late > TOLERANCE_MS) this.#insertBreaks(now, breaks);
    // It began earlier than was known.
    else if (late < -TOLERANCE_MS && this.#open)
      this.#open.startedAtMs = addMs(this.#open.startedAtMs, late);
    this.#until = now;
  }

  /** Nothing more of it is played. */
  end(): void {
    this.#close(this.#until?.samples ?? 0);
  }

  /** How much later a position is than an unbroken run would be. */
  #lateness({ samples, atMs }: PlayedUntil): number {
    if (!this.#open) return 0;
    const { startedAtMs, fromSamples } = this.#open;
    return atMs - startedAtMs - this.#ms(samples - fromSamples);
  }

  #insertBreaks(now: PlayedUntil, { leaves, pauses }: PossibleBreaks): void {
    const before = this.#until ?? now;
    const pathMs = pathAt(before, leaves, this.#sampleRateHz);
    let position = before;
    while (this.#latestStart(position.samples, now) - position.atMs > TOLERANCE_MS) {
      // Where no break is known, what is new came last.
      const next = this.#nextBreak(position, now, { leaves, pauses }, pathMs) ?? {
        samples: position.samples,
        atMs: this.#latestStart(position.samples, now),
      };
      this.#restart(next.samples, next.atMs);
      position = next;
    }
    // The last run ends where it was seen to end.
    if (this.#open) this.#open.startedAtMs = this.#latestStart(this.#open.fromSamples, now);
  }

  /** The first break after a position: how far it was played by then, and when it went on. */
  #nextBreak(
    from: PlayedUntil,
    now: PlayedUntil,
    { leaves, pauses }: PossibleBreaks,
    pathMs: number,
  ): PlayedUntil | undefined {
    const pause = pauses.find(({ fromMs, toMs }) => toMs > from.atMs && fromMs >= from.atMs);
    const leave = leaves.find(
      ({ fromSamples }) => fromSamples > from.samples && fromSamples < now.samples,
    );
    const leaveAtMs = leave && addMs(from.atMs, this.#ms(leave.fromSamples - from.samples));
    if (pause && (leaveAtMs === undefined || pause.fromMs < leaveAtMs)) {
      const samples = from.samples + msToSamples(pause.fromMs - from.atMs, this.#sampleRateHz);
      if (samples >= now.samples) return undefined;
      return { samples, atMs: this.#notAfter(pause.toMs, samples, now) };
    }
    if (!leave || leaveAtMs === undefined) return undefined;
    const dueMs = Math.max(leaveAtMs, leave.leavesAtMs + pathMs);
    const samples = leave.fromSamples;
    return { samples, atMs: this.#notAfter(dueMs, samples, now) };
  }

  /** Early enough that all samples until `now` fit. */
  #notAfter(atMs: number, fromSamples: number, now: PlayedUntil): AgentMs {
    return Math.min(atMs, this.#latestStart(fromSamples, now)) as AgentMs;
  }

  #latestStart(fromSamples: number, until: PlayedUntil): AgentMs {
    return addMs(until.atMs, -this.#ms(until.samples - fromSamples));
  }

  #restart(fromSamples: number, startedAtMs: AgentMs): void {
    this.#close(fromSamples);
    this.#open = { fromSamples, startedAtMs };
  }

  #close(untilSamples: number): void {
    const open = this.#open;
    this.#open = undefined;
    if (!open || untilSamples <= open.fromSamples) return;
    this.#report({ ...open, samples: untilSamples - open.fromSamples });
  }

  #ms(samples: number): number {
    return samplesToMs(samples, this.#sampleRateHz);
  }
}

/** How long after it left the last sample of a position sounded. */
function pathAt(
  { samples, atMs }: PlayedUntil,
  leaves: readonly LeaveBreak[],
  sampleRateHz: number,
): number {
  const run = leaves.findLast(({ fromSamples }) => fromSamples < samples) ?? leaves[0];
  if (!run) return 0;
  return atMs - run.leavesAtMs - samplesToMs(samples - run.fromSamples, sampleRateHz);
}
