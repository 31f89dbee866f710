import type { AgentMs, Evidence, PlayheadReport, ResponseId, Turn } from '../../src/index.ts';
import { Stage, samplesIn } from './stage.ts';

/** Ten words. */
export const TEXT = 'One two three four five six seven eight nine ten.';

/** A report of a listener; by default `device`, of a response that plays since 0 ms. */
export interface Said {
  readonly heardMs: number;
  /** Of the position. */
  readonly atMs: number;
  readonly startMs?: number;
  readonly phase?: PlayheadReport['phase'];
  readonly evidence?: Evidence;
  /** Default 5. */
  readonly errorBoundMs?: number;
}

/** A response of ten words in a second, whose listener says what the test tells it to say. */
export function answered({ sentMs = 1000, task = (): void => {} } = {}) {
  const stage = new Stage();
  stage.timeline.listenerChanged(true);
  const say = (turn: Turn = stage.openTurn()): ResponseId => {
    const id = stage.say(turn, TEXT, sentMs, { onPlaybackStarted: task });
    const words = TEXT.split(' ').map((text, place) => ({
      text: `${text} `,
      endSamples: samplesIn((place + 1) * (sentMs / 10)),
    }));
    stage.timeline.wordsTimed(id, words);
    return id;
  };
  const report = (responseId: ResponseId, said: Said): void =>
    stage.timeline.playhead({
      responseId,
      startedAtMs: (said.startMs ?? 0) as AgentMs,
      heardSamples: samplesIn(said.heardMs),
      positionAtMs: said.atMs as AgentMs,
      phase: said.phase ?? 'playing',
      evidence: said.evidence ?? 'device',
      errorBoundMs: said.errorBoundMs ?? 5,
    });
  return { stage, say, report };
}

/** A response that ended while its listener did not answer, after a report of its first `reportedMs`. */
export function unanswered(reportedMs: number) {
  const { stage, say, report } = answered();
  const id = say();
  if (reportedMs > 0) {
    stage.clock.advance(reportedMs);
    report(id, { heardMs: reportedMs, atMs: reportedMs });
  }
  stage.timeline.audibilityChanged('silent', { sinceMs: reportedMs as AgentMs });
  stage.clock.advance(10_000);
  stage.timeline.audibilityChanged('listening');
  return { stage, id, report: (said: Said) => report(id, said) };
}
