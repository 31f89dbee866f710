import type { AgentMs, Audibility, Timeline } from '@oncue/core';
import type { ManualClock } from '@oncue/core/testing';
import type { GateVerdict } from '@oncue/core/wire';
import type { HearingSetup } from '../history/history.ts';
import type { Listener } from './listener.ts';

/** A listener that was asked, and has not answered for so long, is overdue, and then silent [AU12][AU4]. */
const OVERDUE_MS = 1200;
const SILENT_MS = 3000;
/** One that answers again is given so long to report. */
const REPORTS_WITHIN_MS = 500;

/** From the one that hears least to the one that hears. */
const ORDER: readonly Audibility[] = ['nobody', 'muted', 'silent', 'listening'];

interface Hearer {
  isMuted: boolean;
  isSilent: boolean;
  isOverdue: boolean;
  knownAtMs: AgentMs;
  /** Since when it hears what it hears now. */
  hearsSoSinceMs: AgentMs;
}

export interface HearingPort {
  readonly clock: ManualClock;
  readonly timeline: Timeline;
  readonly setup: HearingSetup;
}

/** Tells the timeline who can hear. One of several is enough. */
export class Hearing {
  readonly #port: HearingPort;
  readonly #here = new Map<Listener, Hearer>();
  #cancelAnswers: (() => void) | undefined;

  constructor(port: HearingPort) {
    this.#port = port;
  }

  /** Nobody has come yet. */
  begin(): void {
    this.#review(this.#nowMs);
  }

  joined(listener: Listener): void {
    this.#here.set(listener, {
      isMuted: false,
      isSilent: false,
      isOverdue: false,
      knownAtMs: this.#nowMs,
      hearsSoSinceMs: this.#nowMs,
    });
    this.#count();
    this.#reviewAnswers();
    this.#review(this.#nowMs);
  }

  gone(listener: Listener): void {
    this.#here.delete(listener);
    if (this.#here.size > 0) this.#reviewAnswers();
    this.#review(this.#nowMs);
    this.#count();
  }

  /** It said something that it says only if it is there. */
  answered(listener: Listener): void {
    const one = this.#here.get(listener);
    if (!one) return;
    one.knownAtMs = this.#nowMs;
    if (!one.isOverdue) return;
    const { isSilent } = one;
    one.isOverdue = false;
    one.isSilent = false;
    this.#reviewAnswers();
    if (isSilent) this.#hears(one, this.#nowMs);
  }

  muted(
    listener: Listener,
    { audibility, sinceMs, errorBoundMs }: Extract<GateVerdict, { type: 'audibility' }>,
  ): void {
    const one = this.#here.get(listener);
    if (!one) return;
    one.isMuted = audibility === 'muted';
    this.#reviewAnswers();
    this.#hears(one, sinceMs, errorBoundMs);
  }

  /** To be called as often as a listener is asked. */
  asked(listener: Listener): void {
    const one = this.#here.get(listener);
    if (!this.#port.setup.asksForAnswers || !one || !listener.setup.reports) return;
    const passedMs = this.#nowMs - one.knownAtMs;
    if (passedMs >= OVERDUE_MS && !one.isOverdue) {
      one.isOverdue = true;
      this.#reviewAnswers();
    }
    if (passedMs < SILENT_MS || one.isSilent) return;
    one.isSilent = true;
    this.#hears(one, one.knownAtMs);
  }

  #hears(one: Hearer, sinceMs: AgentMs, errorBoundMs = 0): void {
    one.hearsSoSinceMs = sinceMs;
    this.#review(sinceMs, errorBoundMs);
  }

  /** Whether this one cannot hear and another one can, so that its reports say nothing. */
  isOutheard(listener: Listener): boolean {
    const one = this.#here.get(listener);
    if (!one || audibilityOf(one) === 'listening') return false;
    return [...this.#here.values()].some((other) => audibilityOf(other) === 'listening');
  }

  close(): void {
    this.#cancelAnswers?.();
  }

  get #nowMs(): AgentMs {
    return this.#port.clock.nowMs() as AgentMs;
  }

  #count(): void {
    this.#port.timeline.listenersCounted(this.#here.size > 1 ? 'several' : 'one');
  }

  #reviewAnswers(): void {
    const { clock, timeline } = this.#port;
    const here = [...this.#here.values()];
    const mayHear = here.filter(({ isMuted }) => !isMuted);
    // The answer of one that is muted says nothing of what another hears.
    const all = mayHear.length > 0 ? mayHear : here;
    const answers = all.length === 0 || all.some(({ isOverdue }) => !isOverdue);
    this.#cancelAnswers?.();
    if (answers === timeline.state.answers) return;
    const nowMs = this.#nowMs;
    if (answers)
      this.#cancelAnswers = clock.schedule(REPORTS_WITHIN_MS, () =>
        timeline.listenerAnswers(true, nowMs),
      );
    else timeline.listenerAnswers(false, Math.max(...all.map((one) => one.knownAtMs)) as AgentMs);
  }

  #review(changedAtMs: AgentMs, sinceErrorBoundMs = 0): void {
    const { timeline, setup } = this.#port;
    const all = [...this.#here.values()];
    const ranks = all.map((one) => ORDER.indexOf(audibilityOf(one)));
    const nobody = setup.nobody === 'unsaid' ? 'listening' : 'nobody';
    const audibility = ranks.length > 0 ? (ORDER[Math.max(...ranks)] ?? nobody) : nobody;
    if (audibility === timeline.state.audibility) return;
    // Nobody hears any more since the last of them does not.
    const isLess = ORDER.indexOf(audibility) < ORDER.indexOf(timeline.state.audibility);
    const instants = isLess ? all.map((one) => one.hearsSoSinceMs) : [];
    const sinceMs = Math.max(changedAtMs, ...instants) as AgentMs;
    const isSkipped = audibility === 'nobody' && setup.nobody === 'skips';
    timeline.audibilityChanged(audibility, {
      sinceMs,
      sinceErrorBoundMs,
      ...(isSkipped ? { whileInaudible: 'skips' } : {}),
    });
  }
}

function audibilityOf({ isMuted, isSilent }: Hearer): Audibility {
  if (isSilent) return 'silent';
  return isMuted ? 'muted' : 'listening';
}
