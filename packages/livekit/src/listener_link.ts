import type { Clock, Timeline } from '@oncue/core';
import { type GateVerdict, ListenerGate } from '@oncue/core/wire';
import { HeldReports } from './held_reports.ts';
import type { ListenerDevice } from './listener_device.ts';
import type { PlayoutHolds } from './playout_holds.ts';

/**
 * Pings right after a listener came, for a clock map within the first quarter of a second: among six round trips one is
 * short even on a busy link.
 */
const BURST_PINGS = 6;
const BURST_INTERVAL_MS = 40;

/** Keeps the clock map fresh, and tells the listener that the agent is there. */
const PING_INTERVAL_MS = 1000;

/** What a link joins. */
export interface LinkPort {
  readonly listener: ListenerDevice;
  readonly timeline: Timeline;
  readonly clock: Clock;
  readonly holds: PlayoutHolds;
}

/**
 * Between a listener and the timeline: checks what the listener says, keeps its clock mapped by pings, and lets playout
 * stand still for a while when it goes [LW3].
 */
export class ListenerLink {
  readonly #port: LinkPort;
  readonly #gate: ListenerGate;
  readonly #reports: HeldReports;
  readonly #ignoreEvents: () => void;
  #isHere = false;
  #pingCount = 0;
  #cancelPing: (() => void) | undefined;
  #cancelGrace: (() => void) | undefined;

  constructor(port: LinkPort) {
    this.#port = port;
    this.#gate = new ListenerGate({ sameClock: port.listener.sameClock });
    this.#reports = new HeldReports(port.clock, (report) => port.timeline.playhead(report));
    this.#ignoreEvents = port.timeline.onAny((event) => {
      if (event.type === 'response_playback_finished' || event.type === 'response_skipped')
        port.listener.settled?.(event.responseId);
    });
    port.listener.open(
      (raw) => this.#take(this.#gate.take(raw, port.clock.nowMs())),
      () => this.#left(),
    );
    if (!this.#isHere) this.#waitForListener();
  }

  /** Stops its timers. The listener is closed by its owner. */
  close(): void {
    this.#ignoreEvents();
    this.#cancelPing?.();
    this.#cancelGrace?.();
    this.#reports.clear();
  }

  #take(verdict: GateVerdict): void {
    const { timeline } = this.#port;
    switch (verdict.type) {
      case 'joined':
        this.#joined();
        break;
      case 'left':
        this.#left();
        break;
      case 'playhead':
        this.#reports.take(verdict.report);
        break;
      case 'dropped':
        timeline.reportDropped(verdict.reason);
        break;
      case 'clock':
        break;
    }
  }

  #joined(): void {
    this.#isHere = true;
    this.#reports.clear();
    this.#cancelGrace?.();
    this.#port.timeline.listenerChanged(true);
    this.#port.holds.release('absence');
    this.#pingCount = 0;
    if (!this.#port.listener.sameClock) this.#ping();
  }

  #left(): void {
    if (!this.#isHere) return;
    this.#isHere = false;
    this.#reports.clear();
    this.#cancelPing?.();
    this.#port.timeline.listenerChanged(false);
    this.#waitForListener();
  }

  /** Nothing moves until it is back or the grace is over; then playout goes on, on the estimate. */
  #waitForListener(): void {
    const { listener, holds, clock } = this.#port;
    const { graceMs = 0 } = listener;
    if (graceMs <= 0) return;
    holds.hold('absence');
    this.#cancelGrace?.();
    this.#cancelGrace = clock.schedule(graceMs, () => holds.release('absence'));
  }

  #ping(): void {
    const { listener, clock } = this.#port;
    this.#cancelPing?.();
    listener.send(this.#gate.ping(clock.nowMs()));
    this.#pingCount += 1;
    const waitMs = this.#pingCount < BURST_PINGS ? BURST_INTERVAL_MS : PING_INTERVAL_MS;
    this.#cancelPing = clock.schedule(waitMs, () => this.#ping());
  }
}
