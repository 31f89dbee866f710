import type { AgentMs, Clock, Timeline } from '@oncue/core';
import { type ListenerDevice, MOST_AHEAD_MS } from '../listeners/listener_device.ts';

/** How often it is looked whether there is room again. */
const CHECK_MS = 100;

/** A listener that has not moved for so long is not waited for. The timeline then goes on by estimate [LW3]. */
const STUCK_MS = 10_000;

/** What tells how much audio waits. */
export interface BackpressurePort {
  readonly timeline: Timeline;
  readonly clock: Clock;
  readonly listener: Pick<ListenerDevice, 'waitingMs'>;
  /** Resolves with `until`, or as soon as the speech of the running code is interrupted. */
  readonly orInterrupted: (until: Promise<void>) => Promise<void>;
  readonly isInterrupted: () => boolean;
}

/**
 * Holds the pipeline back while much audio waits to be heard, as LiveKit's own output does, so that audio of any length
 * needs the same memory and none of it is dropped [LK20].
 */
export class Backpressure {
  readonly #port: BackpressurePort;
  #movedAtMs: AgentMs | undefined;

  constructor(port: BackpressurePort) {
    this.#port = port;
  }

  /** The listener was heard of: more was played, or a response ended. */
  moved(): void {
    this.#movedAtMs = this.#port.clock.nowMs();
  }

  get isFull(): boolean {
    const { timeline, clock, listener } = this.#port;
    const { isClosed, bufferedUntilMs, pausedAtMs } = timeline.state;
    if (isClosed) return false;
    const nowMs = clock.nowMs();
    if (bufferedUntilMs - (pausedAtMs ?? nowMs) > MOST_AHEAD_MS) return true;
    const isMoving = this.#movedAtMs !== undefined && nowMs - this.#movedAtMs < STUCK_MS;
    return isMoving && (listener.waitingMs?.() ?? 0) > MOST_AHEAD_MS;
  }

  /** Returns when there is room, or the speech was interrupted, or the session is over. */
  async untilRoom(): Promise<void> {
    const { orInterrupted, isInterrupted } = this.#port;
    while (this.isFull && !isInterrupted()) {
      const { passed, cancel } = this.#check();
      await orInterrupted(passed);
      cancel();
    }
  }

  #check(): { readonly passed: Promise<void>; readonly cancel: () => void } {
    let cancel = (): void => {};
    const passed = new Promise<void>((resolve) => {
      cancel = this.#port.clock.schedule(CHECK_MS, resolve);
    });
    return { passed, cancel: () => cancel() };
  }
}
