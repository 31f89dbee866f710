import type { AgentMs, PlayheadReport, ResponseId, TimelineOptions } from '../../src/index.ts';
import { Stage, samplesIn } from './stage.ts';

/** A stage with a listener that reports only what the test says. */
export function silent(options: Partial<TimelineOptions> = {}) {
  const stage = new Stage({ options: { reportTimeoutMs: 60_000, ...options } });
  stage.timeline.listenerChanged(true);
  const report = (
    responseId: ResponseId,
    heardMs: number,
    { startMs, atMs, ...more }: Partial<PlayheadReport> & { startMs: number; atMs: number },
  ): void =>
    stage.timeline.playhead({
      responseId,
      startedAtMs: startMs as AgentMs,
      heardSamples: samplesIn(heardMs),
      positionAtMs: atMs as AgentMs,
      phase: 'playing',
      evidence: 'device',
      errorBoundMs: 0,
      ...more,
    });
  return { stage, report };
}
