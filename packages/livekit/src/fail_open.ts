import type { Clock } from '@oncue/core';
import { messageOf } from '@oncue/core/internal';
import { warn } from './warn.ts';

/**
 * Keeps an error of Oncue away from the agent: LiveKit's pipeline goes on as if that step of Oncue were not there. Each
 * place that fails is reported once a session, as `ONCUE_FAILED_OPEN`; its frames alone are fifty a second.
 */
export class FailOpen {
  readonly #reported = new Set<string>();

  /**
   * Runs one step of Oncue.
   *
   * @param during - what Oncue was doing, for the report. A phrase that follows "while".
   * @param step - may give a promise, of LiveKit's too: its rejection is reported, and is no unhandled one.
   * @param otherwise - the result if the step throws.
   */
  run<T, U>(during: string, step: () => T, otherwise: U): T | U {
    try {
      const result = step();
      if (result instanceof Promise) result.catch((error: unknown) => this.report(during, error));
      return result;
    } catch (error) {
      this.report(during, error);
      return otherwise;
    }
  }

  /**
   * Runs a step of Oncue around a call of LiveKit's own code. That call is made exactly once, whatever the step does, and
   * what it throws is thrown on.
   *
   * @param step - gets a function that makes the call, and never throws.
   */
  around(during: string, call: () => void, step: (call: () => void) => void): void {
    let ofLiveKit: { readonly error: unknown } | undefined;
    let isMade = false;
    const once = (): void => {
      if (isMade) return;
      isMade = true;
      try {
        call();
      } catch (error) {
        ofLiveKit = { error };
      }
    };
    this.run(during, () => step(once), undefined);
    once();
    if (ofLiveKit) throw (ofLiveKit as { readonly error: unknown }).error;
  }

  /**
   * A clock whose timers fail open. An error in a timer would end the process, and every call in it.
   *
   * @param of - the part of Oncue that sets the timers. Each part has a report of its own.
   */
  clock(clock: Clock, of: string): Clock {
    return {
      nowMs: () => clock.nowMs(),
      schedule: (delayMs, run) =>
        clock.schedule(delayMs, () => this.run(`running a timer of ${of}`, run, undefined)),
    };
  }

  /** Reports an error that was caught elsewhere. */
  report(during: string, error: unknown): void {
    if (this.#reported.has(during)) return;
    this.#reported.add(during);
    const message = `Oncue failed while ${during}: ${messageOf(error)}. The agent goes on without it; please report this.`;
    warn('ONCUE_FAILED_OPEN', message, { error, during });
  }
}
