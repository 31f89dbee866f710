import type { Clock, PlayheadReport, Timeline } from '@oncue/core';
import type { GateVerdict } from '@oncue/core/wire';
import { ListenerConnection } from './listener_connection.ts';
import type { ListenerDevice } from './listener_device.ts';
import type { PlayoutHolds } from './playout_holds.ts';
import { ScheduledReports } from './scheduled_reports.ts';
import { SlowestListener } from './slowest_listener.ts';

/** What a link joins. */
export interface LinkPort {
  readonly listener: ListenerDevice;
  readonly timeline: Timeline;
  readonly clock: Clock;
  readonly holds: PlayoutHolds;
}

/** Between the listeners and the timeline: takes what they say, and lets playout stand still while none is there [LW3]. */
export class ListenerLink {
  readonly #port: LinkPort;
  readonly #ears = new Map<string | undefined, ListenerConnection>();
  readonly #slowest: SlowestListener | undefined;
  readonly #reports: ScheduledReports;
  readonly #ignoreEvents: () => void;
  #cancelGrace: (() => void) | undefined;

  constructor(port: LinkPort) {
    this.#port = port;
    this.#slowest = port.listener.quorum === 'all' ? new SlowestListener() : undefined;
    this.#reports = new ScheduledReports(port.clock, (report) => port.timeline.playhead(report));
    this.#ignoreEvents = port.timeline.onAny((event) => {
      if (event.type === 'response_playback_progressed')
        port.listener.heard?.(event.responseId, event.heardSamples);
      if (event.type === 'response_playback_finished' || event.type === 'response_skipped')
        port.listener.settled?.(event.responseId);
    });
    port.listener.open({
      message: (raw, from) => this.#take(this.#earOf(from).take(raw), from),
      gone: (from) => this.#lost(from),
      audible: (isAudible) => {
        if (isAudible) port.holds.release('absence');
        else port.holds.hold('absence');
      },
      path: (delayMs, errorBoundMs) => port.timeline.pathEstimated(delayMs, errorBoundMs),
      queueMoved: (fromMs, byMs) => port.timeline.queueMoved(fromMs, byMs),
      refused: () => port.timeline.reportDropped('wrong_listener'),
    });
    if (!this.#isAnyoneHere) this.#waitForListener();
  }

  /** Stops its timers. The listener is closed by its owner. */
  close(): void {
    this.#ignoreEvents();
    for (const ear of this.#ears.values()) ear.leave();
    this.#cancelGrace?.();
    this.#reports.clear();
  }

  get #isAnyoneHere(): boolean {
    return [...this.#ears.values()].some((ear) => ear.isHere);
  }

  #earOf(from: string | undefined): ListenerConnection {
    const known = this.#ears.get(from);
    if (known) return known;
    const { listener, clock } = this.#port;
    const ear = new ListenerConnection({
      sameClock: listener.sameClock,
      pingIntervalMs: 1000 / (listener.pingsPerSecond ?? 1),
      clock,
      send: (message) => listener.send(message, from),
    });
    this.#ears.set(from, ear);
    return ear;
  }

  #take(verdict: GateVerdict, from: string | undefined): void {
    switch (verdict.type) {
      case 'joined':
        this.#joined(from);
        break;
      case 'left':
        this.#left(from);
        break;
      case 'playhead':
        this.#hear(this.#slowest?.take(from, verdict.report) ?? [verdict.report]);
        break;
      case 'dropped':
        this.#port.timeline.reportDropped(verdict.reason);
        break;
      case 'clock':
        break;
    }
  }

  #hear(reports: readonly PlayheadReport[]): void {
    for (const report of reports) this.#reports.take(this.#withinLeft(report));
  }

  /** A page to which a `clear` has not come yet goes on counting; what did not leave was cut. */
  #withinLeft(report: PlayheadReport): PlayheadReport {
    const left = this.#port.listener.leftSamples?.(report.responseId);
    if (left === undefined || report.heardSamples <= left) return report;
    return { ...report, heardSamples: left, phase: 'cut' };
  }

  #joined(from: string | undefined): void {
    this.#slowest?.join(from);
    // What a page that is alone was about to play is gone with its reload.
    if (this.#ears.size === 1) this.#reports.clear();
    this.#cancelGrace?.();
    this.#port.timeline.listenerChanged(true);
    this.#port.holds.release('absence');
  }

  #lost(from: string | undefined): void {
    const ear = this.#ears.get(from);
    if (!ear) return;
    const { isHere } = ear;
    ear.leave();
    // One of several does not come back under this name, or begins anew.
    if (from !== undefined) this.#ears.delete(from);
    if (isHere) this.#left(from);
  }

  #left(from: string | undefined): void {
    // Those who stay may have heard what this one had not.
    this.#hear(this.#slowest?.leave(from) ?? []);
    if (this.#isAnyoneHere || !this.#port.timeline.state.listening) return;
    this.#reports.clear();
    this.#port.timeline.listenerChanged(false);
    this.#waitForListener();
  }

  /** Nothing moves until somebody is back or the grace is over; then playout goes on, on the estimate. */
  #waitForListener(): void {
    const { listener, holds, clock } = this.#port;
    const { awayAfterMs = 0 } = listener;
    if (awayAfterMs <= 0) return;
    holds.hold('absence');
    this.#cancelGrace?.();
    this.#cancelGrace = clock.schedule(awayAfterMs, () => holds.release('absence'));
  }
}
