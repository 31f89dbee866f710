import type { AgentMs, Clock, ResponseId, Timeline, TimelineState } from '@oncue/core';
import { nextInTurn, type ResponseState, responseOf, turnOf } from '@oncue/core/internal';

/**
 * How much of a response may be left when the pipeline is let go on to the next.
 *
 * The pipeline holds the next part back until the part before is reported finished. Held until the listener heard its
 * end, every boundary inside a turn would gain the way there and back. Going on takes the pipeline a few ms; 150 ms
 * survives a busy event loop. What it costs: an interruption within that time finds LiveKit sure that the response was
 * heard to its end. The message in the chat context is put right for that (`chat_correction.ts`).
 */
const HANDOVER_LEAD_MS = 150;

/**
 * Decides when an inner response of a turn is handed over: what is left of it is short, and audio of a later one has
 * been made. Text is not enough: its synthesis may fail, and then the turn would end before its last word was heard.
 */
export class Handover {
  readonly #timeline: Timeline;
  readonly #clock: Clock;
  readonly #handOver: (id: ResponseId, heardFromMs: AgentMs) => void;
  /** Responses of which audio was made and none has come to the output. */
  readonly #made = new Set<ResponseId>();
  #handedOver: ResponseId | undefined;
  #cancelTimer: (() => void) | undefined;

  /** @param handOver - gets the response and since when it is heard, or is expected to be. */
  constructor(
    timeline: Timeline,
    clock: Clock,
    handOver: (id: ResponseId, heardFromMs: AgentMs) => void,
  ) {
    this.#timeline = timeline;
    this.#clock = clock;
    this.#handOver = handOver;
  }

  /** The first audio of a response was made: it will come as soon as the pipeline is let go on. */
  audioMade(id: ResponseId): void {
    this.#made.add(id);
    this.review();
  }

  /** The audio of a response came, or will not come any more. */
  forget(id: ResponseId): void {
    this.#made.delete(id);
  }

  /** Looks at the response that plays now; called whenever something may have changed. */
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

/** A response that may be handed over. */
interface Ready {
  readonly id: ResponseId;
  readonly heardFromMs: number;
  /** When its end is expected to be heard. */
  readonly endsAtMs: number;
}

/** The response that plays, if it is one that may be handed over, and when its end is expected to be heard. */
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
 * Since when a response is heard. Not before that may it be handed over: LiveKit would take its start for that of the
 * next segment. Of a short one it is measured only when its end is near; where starts were measured before, it is
 * expected well enough.
 */
function heardFrom(
  { audio, playback }: ResponseState,
  { path }: TimelineState,
): number | undefined {
  if (playback.status === 'playing') return playback.start.startedAtMs;
  return audio && path.observedMs.length > 0 ? audio.modelStartMs + path.delayMs : undefined;
}
