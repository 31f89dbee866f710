import type { AgentMs, Clock, ResponseId, Timeline, TimelineState } from '@oncue/core';
import { nextInTurn, type ResponseState, responseOf, turnOf } from '@oncue/core/internal';

/**
 * A response is handed over when at most this much of it is left to be heard.
 *
 * LiveKit's pipeline holds the next part back until the previous part is over. If it waited for the listener's report of
 * the end, each boundary inside a turn would add a round trip. The pipeline needs a few ms to go on; 150 ms also covers a
 * busy event loop. The finish of the response follows when it was heard (`pipeline_wait.ts`). The price: if the user
 * interrupts within that time, the pipeline has noted the whole text. `chat_correction.ts` corrects the message.
 */
const HANDOVER_LEAD_MS = 150;

/**
 * Decides when an inner response of a turn is handed over: little of it is left, and audio of a later response has been
 * synthesised. Text of a later response is not enough: its synthesis may fail, and then the turn would end before its
 * last word was heard.
 */
export class Handover {
  readonly #timeline: Timeline;
  readonly #clock: Clock;
  readonly #handOver: (id: ResponseId, heardFromMs: AgentMs) => void;
  /** Responses that have synthesised audio, none of which has reached the output. */
  readonly #made = new Set<ResponseId>();
  #handedOver: ResponseId | undefined;
  #cancelTimer: (() => void) | undefined;

  /** @param handOver - gets the response, and the instant from which it is heard or expected to be heard. */
  constructor(
    timeline: Timeline,
    clock: Clock,
    handOver: (id: ResponseId, heardFromMs: AgentMs) => void,
  ) {
    this.#timeline = timeline;
    this.#clock = clock;
    this.#handOver = handOver;
  }

  /** The first audio of a response was synthesised. It reaches the output as soon as the pipeline goes on. */
  audioMade(id: ResponseId): void {
    this.#made.add(id);
    this.review();
  }

  /** The audio of a response has reached the output, or never will. */
  forget(id: ResponseId): void {
    this.#made.delete(id);
  }

  /** Checks the response that plays now. Call it whenever something may have changed. */
  review(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const ready = handoverOf(this.#timeline.state, this.#made);
    if (!ready || ready.id === this.#handedOver) return;
    const leadMs = HANDOVER_LEAD_MS + this.#timeline.state.path.delayMs;
    const waitMs = Math.max(ready.endsAtMs - leadMs, ready.heardFromMs) - this.#clock.nowMs();
    if (waitMs > 0) {
      this.#cancelTimer = this.#clock.schedule(waitMs, () => this.review());
      return;
    }
    this.#handedOver = ready.id;
    this.#handOver(ready.id, ready.heardFromMs as AgentMs);
  }
}

/** A response that may be handed over when its end is near. */
interface Ready {
  readonly id: ResponseId;
  readonly heardFromMs: number;
  /** When its end is expected to be heard. */
  readonly endsAtMs: number;
}

/** The response that plays, if it may be handed over. */
function handoverOf(state: TimelineState, made: ReadonlySet<ResponseId>): Ready | undefined {
  const headId = state.playout[0];
  if (headId === undefined || state.pausedAtMs !== undefined) return undefined;
  const head = responseOf(state, headId);
  if (!head?.audio || !head.audioEnded || turnOf(state, headId)?.ending) return undefined;
  const heardFromMs = heardFrom(head, state);
  if (heardFromMs === undefined) return undefined;
  if (!nextInTurn(state, headId).some((response) => made.has(response.id))) return undefined;
  return { id: headId, heardFromMs, endsAtMs: head.audio.modelEndMs + state.path.delayMs };
}

/**
 * The instant from which a response is heard. It must not be handed over earlier: LiveKit would take its start for the
 * start of the next segment. The start of a short response is measured only when its end is near, so the expected start
 * is used if earlier starts were measured.
 */
function heardFrom(
  { audio, playback }: ResponseState,
  { path }: TimelineState,
): number | undefined {
  if (playback.status === 'playing') return playback.start.startedAtMs;
  // LiveKit would take it for heard.
  if (playback.status === 'inaudible') return undefined;
  return audio && path.observedMs.length > 0 ? audio.modelStartMs + path.delayMs : undefined;
}
