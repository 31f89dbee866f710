import type { OncueEvent, PlayheadReport } from '@oncue/core';
import { SAMPLES_PER_MS } from '../world/samples.ts';
import { leftSamples, type Piece } from '../world/transport.ts';
import type { World } from '../world/world.ts';
import { hold } from './violation.ts';

/** How exactly the agent may know when audio leaves its queue: two ticks of 10 ms, and what its clock drifts in 5 s. */
const QUEUE_SLACK_MS = 30;
/** Of this the two ticks. */
const QUEUE_TICKS_MS = 20;
/** Clocks drift by no more than this share of the time in which audio leaves without a break. */
const DRIFT_SHARE = 0.002;
/** A listener that was behind may catch up by this much, and play faster by this share. */
const CATCH_UP_MS = 200;
const MAX_RATE = 1.05;
/** No listener's error bound gives it more leeway than this. */
const MAX_LEEWAY_MS = 1000;

type Heard = Extract<
  OncueEvent,
  {
    type:
      | 'response_playback_started'
      | 'response_playback_refined'
      | 'response_playback_progressed'
      | 'response_playback_finished'
      | 'response_outcome_corrected';
  }
>;

/** As much of a response as a listener that caught up can claim, in samples: no more than can be played since its start [LW17]. */
export function mostSamples({
  startedAtMs,
  positionAtMs,
  errorBoundMs,
}: Pick<PlayheadReport, 'startedAtMs' | 'positionAtMs' | 'errorBoundMs'>): number {
  const passedMs = positionAtMs - startedAtMs + Math.min(errorBoundMs, MAX_LEEWAY_MS);
  return (CATCH_UP_MS + passedMs * MAX_RATE) * SAMPLES_PER_MS;
}

/** What no listener can make an agent believe, and what the agent must not make up itself. */
export class Physics {
  readonly #world: World;
  readonly #isHonest: boolean;
  readonly #earliestStartMs = new Map<string, number>();

  constructor(world: World, isHonest: boolean) {
    this.#world = world;
    this.#isHonest = isHonest;
  }

  /**
   * Every report, before the timeline takes it. Of several listeners one may have begun before the one whose start is
   * recorded, and have heard more.
   */
  hear({ responseId, startedAtMs }: PlayheadReport): void {
    const first = this.#world.transport.pieces.get(responseId)?.[0];
    // What was cut before it left never leaves.
    if (!first || !Number.isFinite(first.leavesAtMs)) return;
    this.#noteStart(responseId, Math.max(startedAtMs, first.leavesAtMs - startSlackMs(first)));
  }

  /** @throws Violation */
  check(event: OncueEvent): void {
    switch (event.type) {
      case 'response_playback_started':
      case 'response_playback_refined':
        this.#checkStart(event, event.startedAtMs);
        return;
      case 'response_playback_progressed':
        this.#checkLeft(event, event.heardSamples);
        this.#checkRate(event, event.positionAtMs, event.heardSamples);
        return;
      case 'response_playback_finished':
        this.#checkLeft(event, event.heardSamples);
        this.#checkRate(event, event.endedAtMs, event.heardSamples);
        return;
      case 'response_outcome_corrected':
        this.#checkLeft(event, event.heardSamples);
        return;
      default:
        return;
    }
  }

  #checkStart(event: Heard, startedAtMs: number): void {
    this.#noteStart(event.responseId, startedAtMs);
    const first = this.#world.transport.pieces.get(event.responseId)?.[0];
    hold(
      'nothing sounds before it left [LW9]',
      first !== undefined &&
        (startedAtMs + startSlackMs(first) >= first.leavesAtMs || mayHaveLeft(first)),
      () =>
        `${event.responseId} at ${startedAtMs} ± ${event.errorBoundMs}, left ${first?.leavesAtMs}`,
    );
  }

  #noteStart(responseId: string, startedAtMs: number): void {
    const known = this.#earliestStartMs.get(responseId) ?? startedAtMs;
    this.#earliestStartMs.set(responseId, Math.min(known, startedAtMs));
  }

  #checkLeft(event: Heard, heardSamples: number): void {
    const { transport, kind } = this.#world;
    const slackMs = QUEUE_SLACK_MS + (this.#isHonest ? 0 : CATCH_UP_MS);
    const left = leftSamples(transport.pieces.get(event.responseId), event.atMs, kind);
    hold(
      'nothing was heard that had not left [LW9]',
      heardSamples <= left + slackMs * SAMPLES_PER_MS,
      () => `${event.responseId}: ${heardSamples} heard, ${left} left at ${event.atMs}`,
    );
  }

  #checkRate(event: Heard, positionAtMs: number, heardSamples: number): void {
    const startedAtMs = this.#earliestStartMs.get(event.responseId) ?? positionAtMs;
    // The limit is one of claims. An estimate of the agent's own may be known less exactly.
    const mostLeewayMs = event.evidence === 'estimate' ? event.errorBoundMs : MAX_LEEWAY_MS;
    const leewayMs = Math.min(event.errorBoundMs, mostLeewayMs) + CATCH_UP_MS;
    const mostMs = (positionAtMs - startedAtMs) * MAX_RATE + leewayMs * MAX_RATE;
    hold(
      'no more per second than a second holds [LW9]',
      heardSamples <= mostMs * SAMPLES_PER_MS,
      () =>
        `${event.responseId}: ${heardSamples} from ${startedAtMs} to ${positionAtMs} (${event.type})`,
    );
  }
}

/** How much earlier than its first sample left a response may be stated to begin: no audio leaves without a break for longer. */
function startSlackMs({ leavesAtMs }: Piece): number {
  return Math.max(QUEUE_SLACK_MS, QUEUE_TICKS_MS + DRIFT_SHARE * leavesAtMs);
}

/** A little more than was known may have left a queue before it was emptied, and a listener is given that. */
function mayHaveLeft({ missedByMs = Number.POSITIVE_INFINITY }: Piece): boolean {
  return missedByMs <= QUEUE_SLACK_MS + CATCH_UP_MS;
}
