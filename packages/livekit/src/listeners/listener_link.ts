import type { AgentMs, Clock, OncueEvent, PlayheadReport, Timeline } from '@oncue/core';
import type { GateVerdict } from '@oncue/core/wire';
import { ListenerConnection } from './listener_connection.ts';
import type { ListenerDevice, ListenerEvents } from './listener_device.ts';
import type { PlayoutHolds } from './playout_holds.ts';
import { ScheduledReports } from './scheduled_reports.ts';
import { SlowestListener } from './slowest_listener.ts';

/** What a link connects. */
export interface ListenerLinkPort {
  readonly listener: ListenerDevice;
  readonly timeline: Timeline;
  readonly clock: Clock;
  readonly holds: PlayoutHolds;
}

/** Connects the listeners to the timeline: takes their reports, and holds playout while none of them is there [LW3]. */
export class ListenerLink implements ListenerEvents {
  readonly #port: ListenerLinkPort;
  readonly #connections = new Map<string | undefined, ListenerConnection>();
  readonly #slowest: SlowestListener | undefined;
  readonly #reports: ScheduledReports;
  readonly #stopFollowing: () => void;
  #cancelWait: (() => void) | undefined;

  constructor(port: ListenerLinkPort) {
    this.#port = port;
    this.#slowest = port.listener.quorum === 'all' ? new SlowestListener() : undefined;
    this.#reports = new ScheduledReports(port.clock, (report) => port.timeline.playhead(report));
    this.#stopFollowing = port.timeline.onAny((event) => this.#follow(event));
    port.listener.open(this);
    if (!this.#isAnyoneHere) this.#waitForListener();
  }

  /** Stops its timers. The listener is closed by its owner. */
  close(): void {
    this.#stopFollowing();
    for (const connection of this.#connections.values()) connection.leave();
    this.#cancelWait?.();
    this.#reports.clear();
  }

  // What the device reports (ListenerEvents).

  message(raw: string, from?: string): void {
    this.#take(this.#connectionOf(from).take(raw), from);
  }

  gone(from?: string): void {
    const connection = this.#connections.get(from);
    if (!connection) return;
    const { isHere } = connection;
    connection.leave();
    // One of several listeners comes back under another name, or with a new epoch.
    if (from !== undefined) this.#connections.delete(from);
    if (isHere) this.#left(from);
  }

  audible(isAudible: boolean): void {
    if (isAudible) this.#port.holds.release('absence');
    else this.#port.holds.hold('absence');
  }

  pathEstimated(delayMs: number, errorBoundMs: number): void {
    this.#port.timeline.pathEstimated(delayMs, errorBoundMs);
  }

  queueMoved(fromMs: AgentMs, byMs: number): void {
    this.#port.timeline.queueMoved(fromMs, byMs);
  }

  refused(): void {
    this.#port.timeline.reportDropped('wrong_listener');
  }

  /** Passes on to the device what it needs to know of the timeline. */
  #follow(event: OncueEvent): void {
    const { listener } = this.#port;
    if (event.type === 'response_playback_progressed')
      listener.heard?.(event.responseId, event.heardSamples);
    if (event.type === 'response_playback_finished' || event.type === 'response_skipped')
      listener.settled?.(event.responseId);
  }

  get #isAnyoneHere(): boolean {
    return [...this.#connections.values()].some((connection) => connection.isHere);
  }

  #connectionOf(from: string | undefined): ListenerConnection {
    const known = this.#connections.get(from);
    if (known) return known;
    const { listener, clock } = this.#port;
    const connection = new ListenerConnection({
      sameClock: listener.sameClock,
      pingIntervalMs: 1000 / (listener.pingsPerSecond ?? 1),
      clock,
      send: (message) => listener.send(message, from),
    });
    this.#connections.set(from, connection);
    return connection;
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
        this.#schedule(this.#slowest?.take(from, verdict.report) ?? [verdict.report]);
        break;
      case 'dropped':
        this.#port.timeline.reportDropped(verdict.reason);
        break;
      case 'clock':
        break;
    }
  }

  #schedule(reports: readonly PlayheadReport[]): void {
    for (const report of reports) this.#reports.take(this.#limitedToLeft(report));
  }

  /** A page that has not received the `clear` goes on counting. What did not leave was cut. */
  #limitedToLeft(report: PlayheadReport): PlayheadReport {
    const left = this.#port.listener.leftSamples?.(report.responseId);
    if (left === undefined || report.heardSamples <= left) return report;
    return { ...report, heardSamples: left, phase: 'cut' };
  }

  #joined(from: string | undefined): void {
    this.#slowest?.join(from);
    // A single page that joins again was reloaded, so what it was about to play is gone.
    if (this.#connections.size === 1) this.#reports.clear();
    this.#cancelWait?.();
    this.#port.timeline.listenerChanged(true);
    this.#port.holds.release('absence');
  }

  #left(from: string | undefined): void {
    // The listeners that stay may have heard what this one had not.
    this.#schedule(this.#slowest?.leave(from) ?? []);
    if (this.#isAnyoneHere || !this.#port.timeline.state.listening) return;
    this.#reports.clear();
    this.#port.timeline.listenerChanged(false);
    this.#waitForListener();
  }

  /** Playout stands still until a listener is back or `awayAfterMs` has passed; then it goes on, by estimate [LW3]. */
  #waitForListener(): void {
    const { listener, holds, clock } = this.#port;
    const { awayAfterMs = 0 } = listener;
    if (awayAfterMs <= 0) return;
    holds.hold('absence');
    this.#cancelWait?.();
    this.#cancelWait = clock.schedule(awayAfterMs, () => holds.release('absence'));
  }
}
