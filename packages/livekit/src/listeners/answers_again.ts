import type { AgentMs, Clock, PlayheadReport } from '@oncue/core';

/** A page that answers again may report what it has played: so long it is given for that before anything is estimated. */
const REPORTS_WITHIN_MS = 500;

/** When a listener that answers again has had its time to report what it has played [AU12]. */
export class AnswersAgain {
  readonly #clock: Clock;
  readonly #hadItsTime: (sinceMs: AgentMs) => void;
  #sinceMs: AgentMs | undefined;
  #cancelTimer: (() => void) | undefined;

  /** @param hadItsTime - gets the instant from which it answers. */
  constructor(clock: Clock, hadItsTime: (sinceMs: AgentMs) => void) {
    this.#clock = clock;
    this.#hadItsTime = hadItsTime;
  }

  /** It answers again. */
  begin(): void {
    this.cancel();
    this.#sinceMs = this.#clock.nowMs();
    this.#cancelTimer = this.#clock.schedule(REPORTS_WITHIN_MS, () => this.#end());
  }

  /** It has reported. One that says where it is now needs no more time. */
  reported({ positionAtMs }: PlayheadReport): void {
    if (this.#sinceMs !== undefined && positionAtMs > this.#sinceMs) this.#end();
  }

  /** It does not answer, or that does not count any more. */
  cancel(): void {
    this.#cancelTimer?.();
    this.#sinceMs = undefined;
  }

  #end(): void {
    const sinceMs = this.#sinceMs;
    this.cancel();
    if (sinceMs !== undefined) this.#hadItsTime(sinceMs);
  }
}
