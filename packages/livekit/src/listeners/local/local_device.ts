import {
  type AgentMs,
  addMs,
  type Clock,
  type CutReach,
  type ListenerMs,
  laterOf,
  msToSamples,
  OncueError,
  type ResponseId,
  samplesToMs,
} from '@oncue/core';
import { assertKnown } from '@oncue/core/internal';
import {
  type AgentMessage,
  encodeListenerMessage,
  type ListenerMessage,
  type Playhead,
} from '@oncue/core/wire';
import { NodeClock } from '../../node_clock.ts';
import type { ListenerDevice, ListenerEvents } from '../listener_device.ts';
import { LocalTrack } from './local_track.ts';
import { PendingReports } from './pending_reports.ts';

/** Up to this length, ms, a block passes for a queue that plays sample by sample. */
const LONGEST_QUEUED_PERIOD_MS = 100;

/** How a local device plays. */
export interface LocalDeviceOptions {
  /** Default: the clock of this process. */
  readonly clock?: Clock;
  /** 8,000 to 192,000 Hz. Default 16,000, the rate of the embedded speech. */
  readonly sampleRateHz?: number;
  /** Length of the blocks in which samples are taken from the buffer, 1 to 1000 ms. Default 10, usual for a sound card. */
  readonly periodMs?: number;
  /** Time from when a block is taken until it sounds, 0 to 10,000 ms. Default 20, usual for a sound card. */
  readonly outputLatencyMs?: number;
  /** How often the playhead is reported while something plays, 20 to 10,000 ms. Default 50. */
  readonly reportIntervalMs?: number;
  /** Called with each block when it is taken, not with the silence between blocks. For recordings. */
  readonly onRendered?: (block: RenderedBlock) => void;
}

const OPTIONS: readonly (keyof LocalDeviceOptions)[] = [
  'clock',
  'sampleRateHz',
  'periodMs',
  'outputLatencyMs',
  'reportIntervalMs',
  'onRendered',
];

/** What a local device reports. */
export type LocalDeviceEvents = Pick<ListenerEvents, 'message' | 'pathEstimated'>;

/** A block of samples as the device renders it. @beta */
export interface RenderedBlock {
  readonly samples: Int16Array;
  /** Index of the first sample, counted from the device's start. */
  readonly firstSample: number;
  /** When the first sample sounds, on the device's clock. */
  readonly soundsAtMs: AgentMs;
}

/**
 * A listener in this process, for the terminal and for tests. It plays in real time against the clock, like a sound card that
 * takes a block of samples every period. It makes no sound; what would have been heard can be recorded.
 *
 * It renders the samples itself, so its reports are exact: evidence `device`, error bound one sample. A block that was taken
 * can no longer be stopped: after a cut up to one period and the output latency still sound, and count as heard.
 */
export class LocalDevice implements ListenerDevice {
  readonly sampleRateHz: number;
  readonly sameClock = true;
  readonly clearReaches: CutReach;
  readonly pauseReaches = 'ear';
  readonly #clock: Clock;
  readonly #periodMs: number;
  readonly #outputLatencyMs: number;
  readonly #reportIntervalMs: number;
  readonly #onRendered: ((block: RenderedBlock) => void) | undefined;
  readonly #startMs: AgentMs;
  readonly #tracks: LocalTrack[] = [];
  readonly #pendingReports: PendingReports;
  #events: LocalDeviceEvents | undefined;
  #nextPeriod: number | undefined;
  #cancelTick: (() => void) | undefined;
  #paused = false;
  #closed = false;
  #seq = 0;

  /** @throws OncueError `ONCUE_BAD_OPTION` for an option out of its range. */
  constructor(options: LocalDeviceOptions = {}) {
    assertKnown('LocalDevice', options, OPTIONS);
    this.#clock = options.clock ?? new NodeClock();
    this.sampleRateHz = inRange('sampleRateHz', options.sampleRateHz ?? 16_000, 8000, 192_000);
    this.#periodMs = inRange('periodMs', options.periodMs ?? 10, 1, 1000);
    this.#outputLatencyMs = inRange('outputLatencyMs', options.outputLatencyMs ?? 20, 0, 10_000);
    this.#reportIntervalMs = inRange(
      'reportIntervalMs',
      options.reportIntervalMs ?? 50,
      20,
      10_000,
    );
    // A longer block leaves at once, which the queue that the timeline assumes does not.
    this.clearReaches = this.#periodMs <= LONGEST_QUEUED_PERIOD_MS ? 'queue' : 'ear';
    this.#onRendered = options.onRendered;
    this.#pendingReports = new PendingReports(this.#clock, (report) => this.#notify(report));
    this.#startMs = this.#clock.nowMs();
  }

  /** @throws OncueError `ONCUE_BAD_OPTION` when it is already in use, `ONCUE_CLOSED` when it was. */
  open(events: LocalDeviceEvents): void {
    if (this.#closed)
      throw new OncueError(
        'ONCUE_CLOSED',
        'this LocalDevice was closed with its session; create a new one',
      );
    if (this.#events)
      throw new OncueError(
        'ONCUE_BAD_OPTION',
        'this LocalDevice is already in use; create one for each session',
      );
    this.#events = events;
    this.#notify({ type: 'hello', evidence: 'device' });
    const half = this.#periodMs / 2;
    events.pathEstimated(this.#outputLatencyMs + half, half);
  }

  send(message: AgentMessage): void {
    if (this.#closed) return;
    this.#renderDue();
    switch (message.type) {
      case 'announce':
        this.#track(message.responseId);
        break;
      case 'end':
        this.#track(message.responseId).totalSamples = message.totalSamples;
        this.#endTracks();
        break;
      case 'clear':
        this.#clear();
        break;
      case 'pause':
        this.#paused = true;
        break;
      case 'resume':
        this.#paused = false;
        this.#wake();
        break;
      case 'ping':
        this.#answer(message.pingId);
        break;
    }
  }

  write(responseId: ResponseId, samples: Int16Array): undefined {
    if (this.#closed || samples.length === 0) return;
    // Blocks that were due before these samples came must not contain them.
    this.#renderDue();
    this.#track(responseId).write(samples);
    this.#wake();
  }

  close(): void {
    if (this.#closed) return;
    this.#renderDue();
    this.#closed = true;
    this.#cancelTick?.();
    this.#pendingReports.drop();
    this.#notify({ type: 'bye' });
  }

  #track(responseId: ResponseId): LocalTrack {
    const known = this.#tracks.find((track) => track.responseId === responseId);
    if (known) return known;
    const track = new LocalTrack(responseId, this.sampleRateHz, this.#clock.nowMs());
    this.#tracks.push(track);
    return track;
  }

  get #periodSamples(): number {
    return msToSamples(this.#periodMs, this.sampleRateHz);
  }

  #periodAtMs(period: number): AgentMs {
    return addMs(this.#startMs, samplesToMs(period * this.#periodSamples, this.sampleRateHz));
  }

  /** Renders from the next period on, if there is something to play. */
  #wake(): void {
    if (this.#cancelTick || this.#paused || !this.#tracks.some((track) => track.hasSamples)) return;
    const periodMs = samplesToMs(this.#periodSamples, this.sampleRateHz);
    this.#nextPeriod ??= Math.ceil((this.#clock.nowMs() - this.#startMs) / periodMs);
    const waitMs = this.#periodAtMs(this.#nextPeriod) - this.#clock.nowMs();
    this.#cancelTick = this.#clock.schedule(Math.max(0, waitMs), () => {
      this.#cancelTick = undefined;
      this.#renderDue();
      this.#wake();
    });
  }

  /** Renders every block that is due by now, however late the timer came: a card does not wait for the event loop. */
  #renderDue(): void {
    const nowMs = this.#clock.nowMs();
    while (this.#nextPeriod !== undefined && this.#periodAtMs(this.#nextPeriod) <= nowMs) {
      const sounded = !this.#paused && this.#renderBlock(this.#nextPeriod);
      this.#nextPeriod = sounded ? this.#nextPeriod + 1 : undefined;
    }
  }

  /** @returns Whether there was anything to play. */
  #renderBlock(period: number): boolean {
    const soundsAtMs = addMs(this.#periodAtMs(period), this.#outputLatencyMs);
    const block = new Int16Array(this.#periodSamples);
    let filled = 0;
    for (const track of [...this.#tracks]) {
      const startsAtMs = addMs(soundsAtMs, samplesToMs(filled, this.sampleRateHz));
      filled += this.#fill(block.subarray(filled), track, startsAtMs);
      // The rest of it plays before the responses after it.
      if (!track.isOver) break;
      this.#endTracks();
    }
    if (filled > 0)
      this.#onRendered?.({ samples: block, firstSample: period * this.#periodSamples, soundsAtMs });
    return filled > 0;
  }

  #fill(free: Int16Array, track: LocalTrack, startsAtMs: AgentMs): number {
    const wasStarted = track.hasStarted;
    const taken = track.take(free, startsAtMs);
    if (taken === 0) return 0;
    if (!wasStarted) this.#report(track, track.startReport());
    const isDue = track.endsAtMs - track.reportedAtMs >= this.#reportIntervalMs;
    if (isDue && !track.isOver) this.#report(track, track.report('playing'));
    return taken;
  }

  /** Drops the first responses as far as their last samples were taken. */
  #endTracks(): void {
    for (let track = this.#tracks[0]; track?.isOver; track = this.#tracks[0]) {
      this.#tracks.shift();
      if (track.hasStarted) this.#report(track, track.report('ended'));
    }
  }

  /** Sends a report when its position has sounded. */
  #report(track: LocalTrack, report: Playhead): void {
    track.reportedAtMs = report.positionAtMs as number as AgentMs;
    this.#pendingReports.add(report);
  }

  /** Empties the buffer. How far each response gets is reported when the samples that were taken have sounded. */
  #clear(): void {
    const nowMs = this.#clock.nowMs();
    let soundsUntilMs = nowMs;
    for (const track of this.#tracks.splice(0)) {
      // Nobody waits for a report of a response that was only announced.
      if (!track.hasStarted && !track.hasSamples) continue;
      soundsUntilMs = laterOf(soundsUntilMs, track.endsAtMs);
      this.#pendingReports.add(track.cutReport(nowMs), soundsUntilMs);
    }
    this.#paused = false;
  }

  #answer(pingId: number): void {
    const atMs = this.#clock.nowMs() as number as ListenerMs;
    this.#notify({ type: 'pong', pingId, receivedAtMs: atMs, sentAtMs: atMs });
  }

  #notify(message: ListenerMessage): void {
    this.#seq += 1;
    this.#events?.message(encodeListenerMessage(message, { epoch: 'local', seq: this.#seq }));
  }
}

function inRange(name: string, value: number, least: number, most: number): number {
  if (value >= least && value <= most) return value;
  throw new OncueError(
    'ONCUE_BAD_OPTION',
    `${name} is ${value}; give a value from ${least} to ${most}`,
  );
}
