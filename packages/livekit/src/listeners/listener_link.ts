import type { AgentMs, Clock, OncueEvent, PlayheadReport, ResponseId, Timeline } from '@oncue/core';
import type { GateVerdict } from '@oncue/core/wire';
import { AnswersAgain } from './answers_again.ts';
import {
  type Attendance,
  audibilityOf,
  isOutheard,
  listenersOf,
  sinceOf,
  unansweredSince,
} from './audience_audibility.ts';
import { ListenerConnection } from './listener_connection.ts';
import type { AudiencePresence, ListenerDevice, ListenerEvents } from './listener_device.ts';
import type { PlayoutHolds } from './playout_holds.ts';
import { playedSamples } from './replay_buffer.ts';
import { reportOfNothing, ScheduledReports } from './scheduled_reports.ts';
import { SlowestListener } from './slowest_listener.ts';

/**
 * A page that says `bye` and stays in the room comes back within this time, or leaves the room, or its reporter was closed
 * and the page plays on.
 */
const RETURN_MS = 3000;

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
  readonly #answersAgain: AnswersAgain;
  readonly #stopFollowing: () => void;
  #cancelWait: (() => void) | undefined;
  /** The last page that reported said `bye` just now, and its participant is still there. */
  #byeAtMs: AgentMs | undefined;
  #cancelReturn: (() => void) | undefined;
  /** By the device's word. */
  #presence: AudiencePresence | undefined;
  #others = 0;
  #hasBeenHeard = false;
  /** Another output has the audio, so who is here decides nothing. */
  #isBypassed = false;
  #held: Array<{ readonly raw: string; readonly from: string | undefined }> | undefined;

  constructor(port: ListenerLinkPort) {
    this.#port = port;
    this.#slowest = port.listener.quorum === 'all' ? new SlowestListener() : undefined;
    this.#reports = new ScheduledReports(port.clock, (report) => port.timeline.playhead(report));
    this.#answersAgain = new AnswersAgain(port.clock, (sinceMs) =>
      port.timeline.listenerAnswers(true, sinceMs),
    );
    this.#stopFollowing = port.timeline.onAny((event) => this.#follow(event));
    port.listener.open(this);
    this.#review(port.clock.nowMs());
    if (!this.#isAnyoneHere) this.#waitForListener();
  }

  /** Stops its timers. The listener is closed by its owner. */
  close(): void {
    this.#stopFollowing();
    for (const connection of this.#connections.values()) connection.leave();
    this.#cancelWait?.();
    this.#cancelReturn?.();
    this.#answersAgain.cancel();
    this.#reports.clear();
  }

  /**
   * From `sinceMs` on another output gets the audio [LK17]. The path to it is not known. It counts as heard there, whether or
   * not a listener is here.
   */
  bypass(sinceMs: AgentMs): void {
    const { timeline, holds } = this.#port;
    this.#isBypassed = true;
    this.#cancelWait?.();
    this.#endReturn();
    this.#answersAgain.cancel();
    // Without the report of each end, LiveKit would wait for ever.
    timeline.listenerChanged(true, 'not_known');
    if (!timeline.state.answers) timeline.listenerAnswers(true, sinceMs);
    timeline.audibilityChanged('listening', { sinceMs });
    holds.release('absence');
  }

  /** This listener gets the audio again. Whether it is there and answers counts from now on. */
  useAgain(): void {
    const { timeline, clock, listener } = this.#port;
    this.#isBypassed = false;
    // What was learned is the path to the other output.
    timeline.listenerChanged(true, listener.unreported);
    if (!this.#isAnyoneHere) this.#nobodyReports();
    this.#reviewAnswers();
    this.#review(clock.nowMs());
  }

  // What the device reports (ListenerEvents).

  message(raw: string, from?: string): void {
    if (this.#held) {
      this.#held.push({ raw, from });
      return;
    }
    const connection = this.#connectionOf(from);
    const verdict = connection.judge(raw);
    if (verdict.type !== 'dropped' && verdict.type !== 'known')
      this.#port.listener.accepted?.(verdict, from);
    const { unknownSinceMs } = connection;
    connection.follow(verdict);
    if (verdict.type === 'joined' || verdict.type === 'left')
      this.#missedSince(unknownSinceMs, from);
    this.#take(verdict, from);
  }

  /**
   * Runs a hand-over of audio. A device may report in it what the timeline is told of only then, so messages wait until it
   * is over.
   */
  holdMessages(handOver: () => void): void {
    const held: Array<{ readonly raw: string; readonly from: string | undefined }> = [];
    const before = this.#held;
    this.#held = held;
    try {
      handOver();
    } finally {
      this.#held = before;
      for (const { raw, from } of held) this.message(raw, from);
      for (const connection of this.#connections.values()) connection.expects();
    }
  }

  /** Since when pings are not answered; `undefined` if they are, or if another output has the audio. */
  get unansweredSinceMs(): AgentMs | undefined {
    if (this.#isBypassed) return undefined;
    return unansweredSince(this.#connections.values(), this.#port.listener.quorum ?? 'any');
  }

  gone(from?: string): void {
    const connection = this.#connections.get(from);
    if (!connection) return;
    const { isHere } = connection;
    connection.gone();
    // One of several listeners comes back under another name, or with a new epoch.
    if (from !== undefined) this.#connections.delete(from);
    if (isHere) this.#left(from);
  }

  audience(presence: AudiencePresence): void {
    this.#presence = presence;
    if (this.#isBypassed) return;
    if (presence === 'awaited') this.#port.holds.hold('absence');
    this.#review(this.#port.clock.nowMs());
    if (presence !== 'present') this.#giveUpReturn();
    if (presence === 'awaited') return;
    this.#port.holds.release('absence');
    if (presence === 'absent') this.#giveUp();
  }

  others(count: number): void {
    this.#others = count;
    this.#review(this.#port.clock.nowMs());
  }

  pathEstimated(delayMs: number, errorBoundMs: number): void {
    this.#port.timeline.pathEstimated(delayMs, errorBoundMs);
  }

  queueMoved(fromMs: AgentMs, byMs: number): void {
    this.#port.timeline.queueMoved(fromMs, byMs);
  }

  neverLeft(responseId: ResponseId): void {
    const { timeline, clock } = this.#port;
    timeline.playhead(reportOfNothing(responseId, clock.nowMs()));
  }

  untaken(responseId: ResponseId): void {
    this.#port.timeline.reportGivenUp(responseId);
  }

  refused(
    reason: 'wrong_listener' | 'too_many' | 'bad_format' = 'wrong_listener',
    count: number = 1,
  ): void {
    this.#port.timeline.reportDropped(reason, count);
  }

  /** Passes on to the device what it needs to know of the timeline. */
  #follow(event: OncueEvent): void {
    const { listener, timeline } = this.#port;
    if (event.type === 'response_playback_progressed')
      listener.heard?.(event.responseId, playedSamples(timeline.state, event));
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
      isPlaying: () => this.#port.timeline.state.playout.length > 0,
      clock,
      send: (message) => listener.send(message, from),
      answersChanged: () => this.#reviewAnswers(),
      audibilityChanged: (sinceMs, errorBoundMs) => {
        if (this.#connections.size > 1) this.#reviewAnswers();
        this.#review(sinceMs, errorBoundMs);
      },
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
        this.#left(from, true);
        break;
      case 'playhead': {
        if (isOutheard(this.#attendance, this.#connections.get(from))) break;
        const reports = this.#slowest?.take(from, verdict.report) ?? [verdict.report];
        // Where all have to hear it, what one reports says nothing of another that has come back.
        for (const report of reports) this.#answersAgain.reported(report);
        this.#schedule(reports);
        break;
      }
      case 'dropped':
        this.#port.timeline.reportDropped(verdict.reason);
        break;
      case 'audibility':
      case 'clock':
      case 'known':
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
    this.#hasBeenHeard = true;
    this.#missedSince(this.#byeAtMs, from);
    this.#endReturn();
    if (this.#isBypassed) return;
    this.#port.timeline.listenerChanged(true, this.#port.listener.unreported);
    this.#reviewAnswers();
    this.#review(this.#port.clock.nowMs());
    this.#port.holds.release('absence');
  }

  #left(from: string | undefined, saidBye = false): void {
    // The listeners that stay may have heard what this one had not.
    this.#schedule(this.#slowest?.leave(from) ?? []);
    const nowMs = this.#port.clock.nowMs();
    if (this.#isAnyoneHere) {
      this.#reviewAnswers();
      this.#review(nowMs);
    }
    if (this.#isAnyoneHere || this.#isBypassed || !this.#port.timeline.state.listening) return;
    this.#reports.clear();
    if (saidBye && this.#presence === 'present') this.#awaitReturn();
    else this.#nobodyReports();
    this.#review(nowMs);
  }

  /**
   * A page of the room said `bye`, or begins a new visit, and since then nothing is known of it. What left meanwhile may have
   * sounded, so it is not sent again. It is not regarded as heard either [AU13].
   */
  #missedSince(sinceMs: AgentMs | undefined, from: string | undefined): void {
    const { timeline, clock } = this.#port;
    const nowMs = clock.nowMs();
    if (sinceMs === undefined || sinceMs >= nowMs) return;
    if (this.#presence !== 'present' || this.#isBypassed) return;
    const isHeardByOthers = [...this.#connections].some(
      ([identity, one]) => identity !== from && one.isHere && one.answers,
    );
    if (isHeardByOthers && !this.#slowest) return;
    timeline.audibilityChanged('silent', { sinceMs });
    this.#review(nowMs);
    if (!timeline.state.answers) timeline.listenerAnswers(false, nowMs);
  }

  /** Until the page is back or has left the room, or neither is expected any more, nothing is stated by estimate [AU13]. */
  #awaitReturn(): void {
    const { clock } = this.#port;
    this.#byeAtMs = clock.nowMs();
    this.#reviewAnswers();
    this.#cancelReturn = clock.schedule(RETURN_MS, () => this.#giveUpReturn());
  }

  #endReturn(): void {
    this.#cancelReturn?.();
    this.#byeAtMs = undefined;
  }

  #giveUpReturn(): void {
    if (this.#byeAtMs === undefined) return;
    this.#endReturn();
    this.#nobodyReports();
  }

  /** One that answers is enough, unless all have to hear it. */
  #reviewAnswers(): void {
    if (this.#isBypassed) return;
    const { timeline } = this.#port;
    const unansweredMs = this.unansweredSinceMs;
    const answers = unansweredMs === undefined && this.#byeAtMs === undefined;
    this.#answersAgain.cancel();
    if (answers === timeline.state.answers) return;
    if (answers) this.#answersAgain.begin();
    else timeline.listenerAnswers(false, unansweredMs);
  }

  #nobodyReports(): void {
    const { timeline, holds } = this.#port;
    // Held before anything counts as played to nobody.
    if (this.#presence === 'awaited') holds.hold('absence');
    if (this.#presence === 'absent') this.#giveUp();
    this.#waitForListener();
    timeline.listenerChanged(false);
  }

  get #attendance(): Attendance {
    const { listener } = this.#port;
    return {
      reporting: [...this.#connections.values()].filter((connection) => connection.isHere),
      others: this.#others,
      presence: this.#presence,
      quorum: listener.quorum ?? 'any',
      comesAndGoes: listener.whenNobodyListens !== undefined || this.#hasBeenHeard,
    };
  }

  /** Who can hear, of those that report, or else by the device's word [AU1]. */
  #review(sinceMs: AgentMs, sinceErrorBoundMs = 0): void {
    if (this.#isBypassed) return;
    const { timeline } = this.#port;
    const attendance = this.#attendance;
    timeline.listenersCounted(listenersOf(attendance));
    const { audibility: before } = timeline.state;
    const now = audibilityOf(attendance);
    const since = sinceOf(attendance, { before, now, changedAtMs: sinceMs });
    if (now !== before) timeline.audibilityChanged(now, { sinceMs: since, sinceErrorBoundMs });
  }

  /** Playout stands still until a listener is there, or for as long as the device says [AU8]. */
  #waitForListener(): void {
    const { listener, holds, clock } = this.#port;
    const { awayAfterMs = 0, whenNobodyListens = 'estimate' } = listener;
    if (this.#presence !== undefined) return;
    const waits =
      whenNobodyListens === 'wait_for_first' ? !this.#hasBeenHeard : whenNobodyListens === 'wait';
    if (!waits && awayAfterMs <= 0) {
      this.#giveUp();
      return;
    }
    holds.hold('absence');
    this.#cancelWait?.();
    if (waits) return;
    this.#cancelWait = clock.schedule(awayAfterMs, () => {
      holds.release('absence');
      this.#giveUp();
    });
  }

  #giveUp(): void {
    if (this.#port.listener.whenNobodyListens !== 'skip') return;
    this.#port.timeline.audibilityChanged('nobody', { whileInaudible: 'skips' });
  }
}
