import { type AgentMs, type Audibility, addMs, type Clock } from '@oncue/core';
import { type AgentMessage, type GateVerdict, ListenerGate } from '@oncue/core/wire';
import { PingSchedule } from './ping_schedule.ts';

/** A listener that lets pings go unanswered for so long, and says nothing else, is silent. On a bad network one in ten is lost. */
const SILENT_AFTER_MS = 3000;

/** What a connection works with. */
export interface ListenerConnectionPort {
  readonly sameClock: boolean;
  /** The shortest time between two pings, after those at its `hello`. */
  readonly pingIntervalMs: number;
  /** Whether a response is under way, which a listener should report. */
  readonly isPlaying: () => boolean;
  readonly clock: Clock;
  readonly send: (message: AgentMessage) => void;
  /** It is overdue, or answers again [AU12]. */
  readonly answersChanged: () => void;
  /** What it can hear changed: its `audibility`, since an instant, with the error bound of that. */
  readonly audibilityChanged: (sinceMs: AgentMs, errorBoundMs: number) => void;
}

/** One listener: checks its messages, and maps its clock to the agent's. */
export class ListenerConnection {
  readonly #port: ListenerConnectionPort;
  readonly #gate: ListenerGate;
  readonly #pings: PingSchedule;
  #isHere = false;
  /** `undefined` while it is not muted. */
  #mutedSinceMs: AgentMs | undefined;
  #isSilent = false;
  /** Since when it hears what it hears now. */
  #hearsSoSinceMs: AgentMs;
  #answers = true;
  /** Its last report or answer, or its `hello` if none came since. Any other message may have waited in the network. */
  #knownAtMs: AgentMs;
  #tickAtMs: AgentMs;
  #cancelTick: (() => void) | undefined;

  constructor(port: ListenerConnectionPort) {
    this.#port = port;
    this.#gate = new ListenerGate({ sameClock: port.sameClock });
    this.#tickAtMs = port.clock.nowMs();
    this.#knownAtMs = this.#tickAtMs;
    this.#hearsSoSinceMs = this.#tickAtMs;
    this.#pings = new PingSchedule(port.pingIntervalMs, this.#tickAtMs);
  }

  /** Whether it can hear, as far as it says and answers [AU1]. */
  get audibility(): Audibility {
    if (!this.#isHere) return 'nobody';
    if (this.#isSilent) return 'silent';
    return this.#mutedSinceMs === undefined ? 'listening' : 'muted';
  }

  /** Since when its `audibility` is so. */
  get hearsSoSinceMs(): AgentMs {
    return this.#hearsSoSinceMs;
  }

  /** It said `hello`, and since then neither said `bye` nor was lost. */
  get isHere(): boolean {
    return this.#isHere;
  }

  /** Whether it answers pings. */
  get answers(): boolean {
    return this.#answers;
  }

  /** Since when nothing is known of it, if it is here and does not answer. */
  get unknownSinceMs(): AgentMs | undefined {
    return this.#isHere && !this.#answers ? this.#knownAtMs : undefined;
  }

  /** Judges a message. Nothing acts on it yet. */
  judge(raw: string): GateVerdict {
    return this.#gate.take(raw, this.#port.clock.nowMs());
  }

  /** Acts on a message that was judged. */
  follow(verdict: GateVerdict): void {
    if (verdict.type === 'dropped') return;
    const nowMs = this.#port.clock.nowMs();
    this.#pings.heard(nowMs);
    if (['joined', 'playhead', 'clock'].includes(verdict.type)) this.#knownAtMs = nowMs;
    if (verdict.type === 'joined') this.#joined();
    else if (verdict.type === 'left') this.leave();
    else this.#answered();
    if (verdict.type === 'audibility') {
      const { audibility, sinceMs } = verdict;
      this.#mutedSinceMs = audibility === 'muted' ? (this.#mutedSinceMs ?? sinceMs) : undefined;
      this.#hears(verdict.sinceMs, verdict.errorBoundMs);
    }
  }

  /** It was lost without a `bye`. A later `hello` of the same page counts. */
  gone(): void {
    this.#gate.gone();
    this.leave();
  }

  /** Something begins to play that it should report. */
  expects(): void {
    const { clock, pingIntervalMs, sameClock } = this.#port;
    if (!this.#isHere || sameClock) return;
    if (this.#tickAtMs - clock.nowMs() > pingIntervalMs) this.#tick();
  }

  /** Stops the pings. */
  leave(): void {
    this.#isHere = false;
    this.#cancelTick?.();
  }

  #joined(): void {
    this.#isHere = true;
    this.#hearsSoSinceMs = this.#port.clock.nowMs();
    this.#mutedSinceMs = undefined;
    this.#isSilent = false;
    // A `hello` may have waited in the network for seconds, so it answers no ping.
    this.#pings.restart();
    if (!this.#port.sameClock) this.#tick();
  }

  #answered(): void {
    if (this.#answers) return;
    this.#answers = true;
    const wasSilent = this.#isSilent;
    this.#isSilent = false;
    this.#port.answersChanged();
    // What it said before it fell silent still holds from then on, until it says otherwise.
    if (wasSilent) this.#hears(this.#mutedSinceMs ?? this.#pings.heardAtMs, 0);
  }

  #hears(sinceMs: AgentMs, errorBoundMs: number): void {
    this.#hearsSoSinceMs = sinceMs;
    this.#port.audibilityChanged(sinceMs, errorBoundMs);
  }

  /** Pings if that is due, notices first that it is overdue, then that it is silent, and comes again when more is due. */
  #tick(): void {
    const { clock } = this.#port;
    this.#cancelTick?.();
    if (this.#pingInMs === 0) {
      this.#pings.pinged(clock.nowMs());
      this.#port.send(this.#gate.ping(clock.nowMs()));
    }
    this.#watch();
    // What listens to that may have ended it.
    if (!this.#isHere) return;
    const waitMs = Math.min(this.#pingInMs, this.#overdueInMs, this.#silentInMs);
    this.#tickAtMs = addMs(clock.nowMs(), waitMs);
    this.#cancelTick = clock.schedule(waitMs, () => this.#tick());
  }

  #watch(): void {
    if (this.#overdueInMs === 0) {
      this.#answers = false;
      this.#port.answersChanged();
    }
    if (this.#silentInMs > 0) return;
    this.#isSilent = true;
    this.#hears(this.#knownAtMs, 0);
  }

  get #pingInMs(): number {
    const nowMs = this.#port.clock.nowMs();
    const { isSettled } = this.#gate.clockMap;
    return this.#pings.dueInMs({
      nowMs,
      isClockKnown: isSettled,
      isPlaying: this.#port.isPlaying(),
    });
  }

  /** Endless if it answers, or is known to be overdue. */
  get #overdueInMs(): number {
    return this.#answers
      ? this.#pings.overdueInMs(this.#port.clock.nowMs())
      : Number.POSITIVE_INFINITY;
  }

  /** Endless if it is known to be silent, or was asked nothing since it was heard of: this process may have stood still. */
  get #silentInMs(): number {
    if (this.#isSilent || this.#answers) return Number.POSITIVE_INFINITY;
    return Math.max(0, this.#pings.heardAtMs + SILENT_AFTER_MS - this.#port.clock.nowMs());
  }
}
