import type { Clock, ResponseId, Timeline } from '@oncue/core';
import { type LatestOutcome, latestOutcomes } from '@oncue/core/internal';
import type { SessionSpeeches } from './session_speeches.ts';

/** What the ends are read from. */
export interface LatestEndsPort {
  readonly timeline: Timeline;
  readonly clock: Clock;
  readonly speeches: SessionSpeeches;
}

/** How the responses that were cut and may still sound end at the most. */
export class LatestEnds {
  readonly #port: LatestEndsPort;

  constructor(port: LatestEndsPort) {
    this.#port = port;
  }

  get all(): readonly LatestOutcome[] {
    const { timeline, clock } = this.#port;
    return latestOutcomes(timeline.state, clock.nowMs());
  }

  /**
   * What may sound of a speech that was cut by force: before anything of it was known to sound, or what a listener that does not
   * answer may have heard.
   */
  get cutByForce(): readonly ResponseId[] {
    const { speeches } = this.#port;
    if (!speeches.isCutByForce()) return [];
    const hasStarted = speeches.ofMessage()?.startedAtMs !== undefined;
    return this.all
      .filter(({ outcome, perhaps }) =>
        perhaps
          ? perhaps.heardText !== ''
          : !hasStarted && outcome.type === 'response_playback_finished',
      )
      .map(({ outcome }) => outcome.responseId);
  }
}
