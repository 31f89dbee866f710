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
  readonly #canGoOn: () => boolean;
  readonly #handOver: (id: ResponseId, heardFromMs: AgentMs | undefined) => void;
  /** Responses that have synthesised audio, none of which has reached the output. */
  readonly #made = new Set<ResponseId>();
  #handedOver: ResponseId | undefined;
  #cancelTimer: (() => void) | undefined;

  /**
   * @param canGoOn - whether the pipeline can go on without the finish of the response.
   * @param handOver - gets the response, and the instant from which it is heard or expected to be heard; `undefined` if that
   *   is still to come.
   */
  constructor(
    timeline: Timeline,
    clock: Clock,
    canGoOn: () => boolean,
    handOver: (id: ResponseId, heardFromMs: AgentMs | undefined) => void,
  ) {
    this.#timeline = timeline;
    this.#clock = clock;
    this.#canGoOn = canGoOn;
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

  /** Checks the response that the pipeline waits for. Call it whenever something may have changed. */
  review(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const ready = handoverOf(this.#timeline.state, this.#made, this.#canGoOn());
    if (!ready || ready.id === this.#handedOver) return;
    const leadMs = HANDOVER_LEAD_MS + this.#timeline.state.path.delayMs;
    const dueAtMs = Math.max(ready.endsAtMs - leadMs, ready.notBeforeMs ?? 0);
    const nowMs = this.#clock.nowMs();
    const waitMs = dueAtMs - nowMs;
    if (waitMs > 0) {
      this.#cancelTimer = this.#clock.schedule(waitMs, () => this.review());
      return;
    }
    this.#handedOver = ready.id;
    const { heardFromMs } = ready;
    this.#handOver(ready.id, heardFromMs > nowMs ? undefined : (heardFromMs as AgentMs));
  }
}

/** A response that may be handed over when its end is near. */
interface Ready {
  readonly id: ResponseId;
  readonly heardFromMs: number;
  /**
   * LiveKit takes the start of a response that is not over for that of the next one too. So the agent would speak too early if
   * the first response of a turn were handed over before it is heard.
   */
  readonly notBeforeMs: number | undefined;
  /** When its end is expected to be heard. */
  readonly endsAtMs: number;
}

/** The response whose end the pipeline waits for, if it may be handed over. */
function handoverOf(
  state: TimelineState,
  made: ReadonlySet<ResponseId>,
  canGoOn: boolean,
): Ready | undefined {
  // A response shorter than the path is all sent before those ahead of it are heard to their end.
  const id = canGoOn ? state.playout.at(-1) : state.playout[0];
  if (id === undefined || state.pausedAtMs !== undefined) return undefined;
  const response = responseOf(state, id);
  if (!response?.audio || !response.audioEnded || turnOf(state, id)?.ending) return undefined;
  if (!nextInTurn(state, id).some((next) => made.has(next.id))) return undefined;
  const heardFromMs = heardFrom(response, state);
  if (heardFromMs === undefined) return undefined;
  return {
    id,
    heardFromMs,
    notBeforeMs: canGoOn && isTurnHeard(response, state) ? undefined : heardFromMs,
    endsAtMs: response.audio.modelEndMs + state.path.delayMs,
  };
}

/** The instant from which a response is heard, or expected to be heard if starts were measured before. */
function heardFrom(
  { audio, playback }: ResponseState,
  { path }: TimelineState,
): number | undefined {
  if (playback.status === 'playing') return playback.start.startedAtMs;
  // LiveKit would take it for heard.
  if (playback.status === 'inaudible') return undefined;
  return audio && path.observedMs.length > 0 ? audio.modelStartMs + path.delayMs : undefined;
}

/** Of its turn something is heard or was heard, so LiveKit knows that the agent speaks. Nothing plays unheard. */
function isTurnHeard({ turnId }: ResponseState, state: TimelineState): boolean {
  const playing = state.playout.map((id) => responseOf(state, id));
  if (playing.some((response) => response?.playback.status === 'inaudible')) return false;
  return (
    state.recent.some(({ ref, start }) => ref.turnId === turnId && start !== undefined) ||
    playing.some(
      (response) => response?.turnId === turnId && response.playback.status === 'playing',
    )
  );
}
