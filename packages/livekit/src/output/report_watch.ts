import { type AgentMs, addMs, type Clock, type OncueEvent, type Timeline } from '@oncue/core';
import { responseOf } from '@oncue/core/internal';

/** What the watch works with. */
export interface ReportWatchPort {
  readonly timeline: Timeline;
  readonly clock: Clock;
  /** The audio goes to an output of LiveKit, which reports each start and each end. */
  readonly isOn: () => boolean;
}

const CHECK_MS = 100;
/** Less than the time after which the timeline would estimate a start or an end. */
const OVERDUE_AFTER_MS = 400;
/**
 * An output of LiveKit reports the start and the end of all that it plays. When a report is overdue, its worker may have
 * died. Nothing is estimated in place of the report, however long it takes, as LiveKit waits too; and when the response is
 * cut, what was not reported is not heard [AU17].
 */
export class ReportWatch {
  readonly #port: ReportWatchPort;
  #cancelCheck: (() => void) | undefined;
  #reportedAtMs: AgentMs | undefined;
  #isOverdue = false;

  constructor(port: ReportWatchPort) {
    this.#port = port;
  }

  follow(event: OncueEvent): void {
    if (event.type === 'response_declared') this.expects();
    const isReport =
      (event.type === 'response_playback_started' || event.type === 'response_playback_finished') &&
      event.evidence === 'transport';
    if (isReport) this.#reported();
  }

  /** Audio is on its way. */
  expects(): void {
    if (this.#cancelCheck || !this.#port.isOn()) return;
    this.#cancelCheck = this.#port.clock.schedule(CHECK_MS, () => {
      this.#cancelCheck = undefined;
      this.#check();
    });
  }

  close(): void {
    this.#cancelCheck?.();
  }

  #reported(): void {
    const { timeline, clock } = this.#port;
    this.#reportedAtMs = clock.nowMs();
    if (!this.#isOverdue) return;
    this.#isOverdue = false;
    if (!this.#port.isOn()) return;
    timeline.listenerAnswers(true, clock.nowMs());
  }

  #check(): void {
    const { timeline, clock } = this.#port;
    const { state } = timeline;
    if (state.isClosed || (state.turns.length === 0 && state.playout.length === 0)) return;
    const lateMs = clock.nowMs() - this.#dueMs;
    if (lateMs >= OVERDUE_AFTER_MS && !this.#isOverdue) {
      this.#isOverdue = true;
      timeline.listenerAnswers(false);
    }
    // A cut response ends without a report, shortly after the cut.
    if (this.#isOverdue && this.#head?.cut) timeline.listenerAnswers(false, this.#knownAtMs);
    this.expects();
  }

  get #head() {
    const { state } = this.#port.timeline;
    const [id] = state.playout;
    return id === undefined ? undefined : responseOf(state, id);
  }

  /** When the next report should come; endless if none is due. */
  get #dueMs(): number {
    const { state } = this.#port.timeline;
    const head = this.#head;
    if (!head?.audio || head.cut || state.pausedAtMs !== undefined) return Number.POSITIVE_INFINITY;
    if (head.playback.status === 'unheard') return head.audio.modelStartMs + state.path.delayMs;
    // In the middle of its audio an output reports nothing.
    return head.audioEnded ? head.audio.modelEndMs + state.path.delayMs : Number.POSITIVE_INFINITY;
  }

  /** The last report, if it was about this response, or when the audio was sent. */
  get #knownAtMs(): AgentMs {
    const sentFromMs = this.#head?.audio?.sentFromMs ?? this.#port.clock.nowMs();
    return addMs(sentFromMs, Math.max(0, (this.#reportedAtMs ?? sentFromMs) - sentFromMs));
  }
}
