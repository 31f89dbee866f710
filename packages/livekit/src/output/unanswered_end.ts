import {
  type AgentMs,
  addMs,
  type Clock,
  laterOf,
  type ResponseId,
  type Timeline,
} from '@oncue/core';
import { responseOf } from '@oncue/core/internal';

/**
 * So long nothing has come from the listener. A network that is back sooner is waited for: what is said next would begin unheard.
 */
const UNANSWERED_MS = 1000;

/** How often it is looked whether a listener whose report is due answers. */
const CHECK_MS = 50;

/** What it works with. */
export interface UnansweredEndPort {
  readonly timeline: Pick<Timeline, 'state'>;
  readonly clock: Clock;
  /** Since when the listener has not answered; `undefined`: it answers. */
  readonly unansweredSinceMs: () => AgentMs | undefined;
  /** The listener holds the buffer: what it has not begun to play when its network goes away, it plays later. */
  readonly playsLate: boolean;
  /** Something else is said when the current speech is over. */
  readonly isSpeechWaiting: () => boolean;
  /** The pipeline may go on from a response. May be called again. */
  readonly goOn: (id: ResponseId) => void;
}

/**
 * Decides when LiveKit's pipeline goes on though the end of a response is not known: when all of it should have sounded, and
 * the listener has not answered for a second [AU21]. LiveKit alone would go on then. The response itself ends when its end is known.
 */
export class UnansweredEnd {
  readonly #port: UnansweredEndPort;
  #cancelTimer: (() => void) | undefined;

  constructor(port: UnansweredEndPort) {
    this.#port = port;
  }

  /** Checks what was sent and has not ended. Call it whenever something may have changed. */
  review(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const { timeline, clock, goOn } = this.#port;
    const { playout, pausedAtMs, isClosed } = timeline.state;
    if (pausedAtMs !== undefined || isClosed) return;
    const sinceMs = this.#port.unansweredSinceMs();
    for (const id of playout) {
      const endsAtMs = this.#endsAt(id);
      if (endsAtMs === undefined) return;
      const goesOnAtMs =
        sinceMs === undefined || this.#playsLate(id)
          ? undefined
          : laterOf(endsAtMs, addMs(sinceMs, UNANSWERED_MS));
      const leftMs = (goesOnAtMs ?? endsAtMs) - clock.nowMs();
      if (leftMs > 0 || goesOnAtMs === undefined) {
        // No event says that a listener has ceased to answer.
        this.#cancelTimer = clock.schedule(Math.max(leftMs, CHECK_MS), () => this.review());
        return;
      }
      goOn(id);
    }
  }

  /**
   * It will sound late, and it is the last that is said: the agent still speaks then, and can be interrupted. If something else
   * is said next, an interruption is meant for that.
   */
  #playsLate(id: ResponseId): boolean {
    const { timeline, playsLate, isSpeechWaiting } = this.#port;
    const isUnheard = responseOf(timeline.state, id)?.playback.status === 'unheard';
    return playsLate && isUnheard && !isSpeechWaiting();
  }

  /** When all of a response should have sounded; `undefined` if that is not known, or if it was cut. */
  #endsAt(id: ResponseId): AgentMs | undefined {
    const { timeline } = this.#port;
    const { audio, audioEnded, cut } = responseOf(timeline.state, id) ?? {};
    if (!audio || !audioEnded || cut) return undefined;
    return addMs(audio.modelEndMs, timeline.state.path.delayMs);
  }
}
