import type { AgentMs, Clock, ResponseId, Timeline, TimelineState } from '@oncue/core';
import {
  expectedPlayout,
  nextInTurn,
  type ResponseState,
  responseOf,
  turnOf,
} from '@oncue/core/internal';

/**
 * A response is handed over when at most this much of it is left to be heard.
 *
 * LiveKit's pipeline holds the next part back until the previous part is over. If it waited for the listener's report of
 * the end, each boundary inside a turn would add a round trip. The pipeline needs a few ms to go on; 150 ms also covers a
 * busy event loop. The finish of the response follows when it was heard (`pipeline_wait.ts`). The price: if the user
 * interrupts within that time, the pipeline has noted the whole text. `chat_correction.ts` corrects the message.
 */
const HANDOVER_LEAD_MS = 150;

/** The end of a response is known this long after it was heard, or it is overdue: reports come every 250 ms [RP20]. */
const REPORTED_WITHIN_MS = 300;

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
   * @param handOver - gets the response, and the instant from which it is heard or expected to be heard; `undefined` if LiveKit
   *   is told of that when it is heard.
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
    const { state } = this.#timeline;
    const nowMs = this.#clock.nowMs();
    const ready = handoverOf(state, this.#made, this.#canGoOn(), nowMs);
    if (!ready || ready.id === this.#handedOver) return;
    const leadMs = HANDOVER_LEAD_MS + state.path.delayMs;
    const waitMs = Math.max(ready.endsAtMs - leadMs, ready.heardFromMs ?? 0) - nowMs;
    if (waitMs > 0) {
      this.#cancelTimer = this.#clock.schedule(waitMs, () => this.review());
      return;
    }
    this.#handedOver = ready.id;
    this.#handOver(ready.id, ready.heardFromMs as AgentMs | undefined);
  }
}

/** A response that may be handed over when its end is near. */
interface Ready {
  readonly id: ResponseId;
  /** The instant from which it is heard, or expected to be heard; `undefined` if LiveKit is told of it when it is heard. */
  readonly heardFromMs: number | undefined;
  /** When its end is expected to be heard. */
  readonly endsAtMs: number;
}

/** The response whose end the pipeline waits for, if it may be handed over. */
function handoverOf(
  state: TimelineState,
  made: ReadonlySet<ResponseId>,
  canGoOn: boolean,
  nowMs: number,
): Ready | undefined {
  const { playout, path, pausedAtMs } = state;
  const [headId] = playout;
  const lastId = playout.at(-1);
  if (headId === undefined || lastId === undefined || pausedAtMs !== undefined) return undefined;
  const isEarly =
    canGoOn && isShort(responseOf(state, lastId), path.delayMs) && isHeardInTime(state, nowMs);
  const id = isEarly ? lastId : headId;
  const response = responseOf(state, id);
  if (!response?.audio || !response.audioEnded || turnOf(state, id)?.ending) return undefined;
  if (!nextInTurn(state, id).some((next) => made.has(next.id))) return undefined;
  const endsAtMs = response.audio.modelEndMs + path.delayMs;
  if (isEarly) return { id, heardFromMs: startOf(response), endsAtMs };
  const heardFromMs = startOf(response) ?? expectedStart(response, state);
  return heardFromMs === undefined ? undefined : { id, heardFromMs, endsAtMs };
}

/** Little of it is left before it begins to be heard. */
function isShort(response: ResponseState | undefined, pathMs: number): boolean {
  const { audio } = response ?? {};
  return audio !== undefined && audio.modelEndMs - audio.modelStartMs < pathMs + HANDOVER_LEAD_MS;
}

function startOf({ playback }: ResponseState): number | undefined {
  return playback.status === 'playing' ? playback.start.startedAtMs : undefined;
}

/**
 * LiveKit takes what is handed over for heard. So starts were measured before, somebody hears it, and it is no output whose
 * every start is reported.
 */
function expectedStart(
  { audio, playback }: ResponseState,
  { answers, audibility, path, unreported }: TimelineState,
): number | undefined {
  if (!audio || playback.status === 'inaudible' || path.observedMs.length === 0) return undefined;
  if (!answers || audibility !== 'listening' || unreported === 'not_known') return undefined;
  return audio.modelStartMs + path.delayMs;
}

/**
 * Whether a response may be handed over before it is heard: one that is shorter than the path is all sent by then. Of its turn
 * something is or was heard, since LiveKit takes the first start of a turn for that of the segment which is captured then. What
 * plays is heard, and its end is not overdue, so that what follows is not sent to nobody.
 */
function isHeardInTime(state: TimelineState, nowMs: number): boolean {
  const { answers, audibility, playout, recent, unreported } = state;
  if (!answers || audibility !== 'listening' || unreported === 'not_known') return false;
  const playing = playout.map((id) => responseOf(state, id));
  const turnId = playing[0]?.turnId;
  if (playing.some((one) => one?.turnId !== turnId || one?.playback.status === 'inaudible'))
    return false;
  const isTurnHeard =
    playing.some((one) => one?.playback.status === 'playing') ||
    recent.some(({ ref, start }) => ref.turnId === turnId && start !== undefined);
  const [head] = isTurnHeard ? expectedPlayout(state) : [];
  return head !== undefined && head.endMs + REPORTED_WITHIN_MS >= nowMs;
}
