import type { AgentMs, PlayheadReport, ResponseId, Timeline } from '@oncue/core';
import type { ManualClock } from '@oncue/core/testing';
import { type GateOptions, ListenerGate } from '@oncue/core/wire';
import { CarrierTransport } from './carrier_transport.ts';
import type { Hearing } from './hearing.ts';
import type { Listener } from './listener.ts';
import { SocketTransport, type Transport } from './transport.ts';

/** A socket is given up after this long without an answer. */
export const SILENT_MS = 3000;

const BURST_PINGS = 6;
const BURST_EVERY_MS = 40;
const PING_EVERY_MS = 1000;

export interface LinkPort {
  readonly clock: ManualClock;
  readonly timeline: Timeline;
  readonly transport: Transport;
  readonly gate: GateOptions;
  readonly awayAfterMs: number;
  /** `undefined`: who can hear is not told. */
  readonly hearing: Hearing | undefined;
  /** The listener is an output of LiveKit, in the agent's own process. */
  readonly isCarrier: boolean;
  /** Called before a report goes to the timeline. */
  readonly reporting: (listener: Listener, report: PlayheadReport) => void;
  /** Called when the timeline has taken it. */
  readonly reported: () => void;
}

interface Connection {
  gate: ListenerGate;
  isHere: boolean;
  isPlaying: boolean;
  pings: number;
  cancelPing: (() => void) | undefined;
}

/** The agent's side of all listeners, as an adapter does it: gates, pings, presence, who holds playout. */
export class Link {
  readonly #port: LinkPort;
  readonly #connections = new Map<Listener, Connection>();
  readonly #holders = new Set<'pipeline' | 'absence'>();
  #cancelWait: (() => void) | undefined;

  constructor(port: LinkPort) {
    this.#port = port;
    this.#waitForListener();
  }

  take(listener: Listener, message: object): void {
    const { clock, timeline } = this.#port;
    const connection = this.#connectionOf(listener);
    const verdict = connection.gate.take(message, clock.nowMs());
    const { hearing } = this.#port;
    if (verdict.type === 'clock' || verdict.type === 'playhead') hearing?.answered(listener);
    switch (verdict.type) {
      case 'joined':
        this.#joined(listener, connection);
        return;
      case 'left':
        this.gone(listener);
        return;
      case 'known':
        return;
      case 'clock':
        if ('seq' in message && 'epoch' in message)
          listener.answerTaken(String(message.epoch), Number(message.seq));
        this.#play(listener, connection);
        return;
      case 'playhead':
        this.#report(listener, verdict.report);
        return;
      case 'audibility':
        hearing?.muted(listener, verdict);
        return;
      case 'dropped':
        timeline.reportDropped(verdict.reason);
        return;
    }
  }

  #report(listener: Listener, report: PlayheadReport): void {
    const { timeline, transport, hearing } = this.#port;
    if (hearing?.isOutheard(listener)) return;
    const { responseId, heardSamples, phase } = report;
    if (transport instanceof SocketTransport)
      transport.reported(responseId, heardSamples, phase !== 'playing');
    const isCarrier = transport instanceof CarrierTransport;
    const counted = isCarrier ? transport.countOf(report) : { report, isGivenUp: false };
    this.#port.reporting(listener, counted.report);
    timeline.playhead(counted.report);
    // What follows the first that was refused may have sounded.
    if (counted.isGivenUp) timeline.reportGivenUp(responseId);
    this.#port.reported();
  }

  /** An output got none of it before it was cleared. */
  neverSounded(responseId: ResponseId): void {
    const { timeline, clock } = this.#port;
    const atMs = clock.nowMs() as AgentMs;
    const claim = { startedAtMs: atMs, heardSamples: 0, positionAtMs: atMs, errorBoundMs: 0 };
    timeline.playhead({ responseId, ...claim, phase: 'cut', evidence: 'transport' });
  }

  /** Its connection is lost, or it said so. */
  gone(listener: Listener): void {
    const { timeline, transport } = this.#port;
    const connection = this.#connections.get(listener);
    if (!connection?.isHere) return;
    connection.gate.gone();
    connection.isHere = false;
    connection.isPlaying = false;
    connection.cancelPing?.();
    listener.known(false);
    if (transport instanceof SocketTransport) transport.left(listener);
    this.#port.hearing?.gone(listener);
    if ([...this.#connections.values()].some(({ isHere }) => isHere)) return;
    timeline.listenerChanged(false);
    this.#waitForListener();
  }

  hold(by: 'pipeline' | 'absence'): void {
    const wasHeld = this.#holders.size > 0;
    this.#holders.add(by);
    this.#pauseTimeline();
    if (!wasHeld) this.#port.transport.hold(true);
  }

  release(by: 'pipeline' | 'absence'): void {
    if (!this.#holders.delete(by) || this.#holders.size > 0) return;
    this.#port.timeline.resume();
    this.#port.transport.hold(false);
  }

  /** A cut ends the pipeline's pause. An absent listener is still absent. */
  afterCut(): void {
    this.#holders.delete('pipeline');
    if (this.#holders.size === 0) return;
    this.#pauseTimeline();
    this.#port.transport.hold(true);
  }

  /** A page is told to stand still; a room's queue stands still at once. */
  #pauseTimeline(): void {
    const { timeline, transport } = this.#port;
    timeline.pause(transport instanceof SocketTransport ? 'ear' : 'queue');
  }

  close(): void {
    this.#cancelWait?.();
    this.#port.hearing?.close();
    for (const { cancelPing } of this.#connections.values()) cancelPing?.();
    this.#connections.clear();
  }

  #connectionOf(listener: Listener): Connection {
    const known = this.#connections.get(listener);
    if (known) return known;
    const gate = new ListenerGate({ ...this.#port.gate, sameClock: this.#port.isCarrier });
    const connection = { gate, isHere: false, isPlaying: false, pings: 0, cancelPing: undefined };
    this.#connections.set(listener, connection);
    return connection;
  }

  #joined(listener: Listener, connection: Connection): void {
    connection.isHere = true;
    connection.isPlaying = false;
    connection.pings = 0;
    listener.known(true);
    const { transport } = this.#port;
    if (transport instanceof SocketTransport) transport.left(listener);
    this.#cancelWait?.();
    this.#port.timeline.listenerChanged(true, this.#port.isCarrier ? 'not_known' : undefined);
    this.#port.hearing?.joined(listener);
    this.release('absence');
    if (!this.#port.isCarrier) this.#ping(listener, connection);
  }

  /** Its clock is mapped, so its reports can be used. */
  #play(listener: Listener, connection: Connection): void {
    if (connection.isPlaying || !connection.isHere) return;
    connection.isPlaying = true;
    const { transport } = this.#port;
    if (transport instanceof SocketTransport) transport.joined(listener);
  }

  #ping(listener: Listener, connection: Connection): void {
    const { clock } = this.#port;
    connection.cancelPing?.();
    this.#port.hearing?.asked(listener);
    listener.receive(connection.gate.ping(clock.nowMs()));
    connection.pings += 1;
    const waitMs = connection.pings < BURST_PINGS ? BURST_EVERY_MS : PING_EVERY_MS;
    connection.cancelPing = clock.schedule(waitMs, () => this.#ping(listener, connection));
  }

  /** Playout stands still until somebody is there or the wait is over; then it goes on, by estimate. */
  #waitForListener(): void {
    const { awayAfterMs, clock } = this.#port;
    if (awayAfterMs <= 0) return;
    this.hold('absence');
    this.#cancelWait?.();
    this.#cancelWait = clock.schedule(awayAfterMs, () => this.release('absence'));
  }
}
