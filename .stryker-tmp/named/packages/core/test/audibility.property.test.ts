// The rules of SPEC.md, "Who can hear", against any operations, and against a listener of whom the truth is known.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AgentMs } from '../src/index.ts';
import { captureEvents, replayTrace } from '../src/testing/index.ts';
import { TraceRecorder } from '../src/trace/index.ts';
import { Runner } from './support/operation_runner.ts';
import { audibleOperations, type Operation } from './support/operations.ts';
import { Stage } from './support/stage.ts';

const RUNS = Number(process.env['ONCUE_PROPERTY_RUNS'] ?? 300);

function holdTheRules(given: readonly Operation[]): void {
  let trace = '';
  const recorder = new TraceRecorder((line) => (trace += line));
  const runner = new Runner({ record: recorder.record });
  const events = captureEvents(runner.timeline);
  for (const operation of given) runner.run(operation);
  runner.finish();

  const started = new Set(events.ofType('response_playback_started').map((one) => one.responseId));
  const skipped = events.ofType('response_skipped');
  const finished = events.ofType('response_playback_finished');
  const ended = [...skipped, ...finished].map((one) => one.responseId);
  expect(ended.toSorted()).toEqual(
    events
      .ofType('response_declared')
      .map((one) => one.responseId)
      .toSorted(),
  );
  for (const { responseId } of skipped) expect(started).not.toContain(responseId);
  for (const { responseId, ...one } of finished) {
    expect(started).toContain(responseId);
    const lostMs = (one.inaudible ?? []).reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
    expect(one.heardMs + lostMs).toBeLessThanOrEqual(one.sentMs + 0.1);
    expect(one.heardSamples).toBeGreaterThanOrEqual(0);
    if (one.outcome === 'heard') expect(one.heardSamples).toBe(one.sentSamples);
  }
  expect(runner.taskCalls).toBe(events.ofType('task_started').length);
  expect(runner.timeline.state.playout).toEqual([]);
  expect(runner.clock.pendingCount).toBe(0);
  expect(replayTrace(trace).firstDifference).toBeUndefined();
}

/** When the listener mutes or unmutes, and how much later the agent is told. */
const toggles = fc.array(
  fc.record({ afterMs: fc.integer({ min: 1, max: 700 }), lateMs: fc.constantFrom(0, 7, 60) }),
  { maxLength: 6 },
);

const SPOKEN_MS = 1000;
const SPOKEN_FROM_MS = 200;
const ENDS_AT_MS = SPOKEN_FROM_MS + SPOKEN_MS;

function hearsWhatIsTrue(given: readonly { afterMs: number; lateMs: number }[]): void {
  const stage = new Stage({ listener: {} });
  const { clock, timeline } = stage;
  let audibleMs = 0;
  let isMuted = false;
  let changedAtMs = 0;
  let knownTooLateMs = 0;
  const count = (atMs: number): void => {
    const from = Math.max(changedAtMs, SPOKEN_FROM_MS);
    const to = Math.min(atMs, ENDS_AT_MS);
    if (!isMuted) audibleMs += Math.max(0, to - from);
    changedAtMs = atMs;
  };
  let atMs = 0;
  for (const { afterMs, lateMs } of given) {
    atMs += afterMs;
    const sinceMs = atMs as AgentMs;
    count(atMs);
    isMuted = !isMuted;
    const audibility = isMuted ? 'muted' : 'listening';
    clock.schedule(atMs + lateMs, () => timeline.audibilityChanged(audibility, { sinceMs }));
    atMs += lateMs;
    if (sinceMs < ENDS_AT_MS && ENDS_AT_MS <= atMs) knownTooLateMs = lateMs;
  }
  count(Number.MAX_SAFE_INTEGER);
  clock.schedule(SPOKEN_FROM_MS, () => stage.say(stage.openTurn(), 'One two three.', SPOKEN_MS));
  clock.advance(20_000);

  const finished = stage.events.ofType('response_playback_finished')[0];
  // A sample that sounded in part is not heard. A change that is known only after the end comes too late for it.
  const toleranceMs = 0.2 + knownTooLateMs;
  expect(Math.abs((finished?.heardMs ?? 0) - audibleMs)).toBeLessThan(toleranceMs);
  expect(finished === undefined).toBe(
    stage.events.ofType('response_playback_started').length === 0,
  );
  if (audibleMs >= toleranceMs) expect(finished).toBeDefined();
}

describe('who can hear, at any time', () => {
  it('[AU2][AU3][AU5][AU6][AU7] any operations in any order keep the rules', () => {
    fc.assert(fc.property(audibleOperations, holdTheRules), { numRuns: RUNS });
  }, 3_600_000);

  it('[AU3][AU5][AU6] what counts as heard is what the listener could hear', () => {
    fc.assert(fc.property(toggles, hearsWhatIsTrue), { numRuns: RUNS });
  }, 3_600_000);
});
