// Checks the rules of SPEC.md for random operations in random order. Run longer with ONCUE_PROPERTY_RUNS=200000.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { captureEvents, replayTrace } from '../src/testing/index.ts';
import { TraceRecorder } from '../src/trace/index.ts';
import { NaiveModel } from './support/naive_model.ts';
import { Runner } from './support/operation_runner.ts';
import { type Operation, operations } from './support/operations.ts';

const RUNS = Number(process.env['ONCUE_PROPERTY_RUNS'] ?? 400);

const timelineOptions = fc.record({
  estimateDelayMs: fc.constantFrom(0, 40, 333.3),
  reportTimeoutMs: fc.constantFrom(0, 500),
  cutReportTimeoutMs: fc.constantFrom(0, 250),
  stallTimeoutMs: fc.constantFrom(0, 5000),
  maxPathDriftMs: fc.constantFrom(0, 400),
});

type Options = typeof timelineOptions extends fc.Arbitrary<infer O> ? O : never;

function holdTheRules(options: Options, given: readonly Operation[]): void {
  let trace = '';
  const model = new NaiveModel();
  const recorder = new TraceRecorder((line) => (trace += line), { options });
  const broken: unknown[] = [];
  const runner = new Runner({
    options,
    record: (input, events) => {
      recorder.record(input, events);
      try {
        model.follow(input, events);
      } catch (error) {
        broken.push(error);
      }
    },
  });
  const events = captureEvents(runner.timeline);

  for (const operation of given) {
    runner.run(operation);
    if (!runner.timeline.state.isClosed) {
      expect(runner.clock.pendingCount, 'one timer').toBeLessThanOrEqual(1);
    }
    if (broken.length > 0) throw broken[0];
  }
  runner.finish();
  if (broken.length > 0) throw broken[0];
  model.checkAllOver();

  const { state } = runner.timeline;
  expect(state.turns).toEqual([]);
  expect(state.playout).toEqual([]);
  expect(state.recent.length).toBeLessThanOrEqual(16);
  expect(runner.taskCalls).toBe(events.ofType('task_started').length);
  expect(runner.clock.pendingCount).toBe(0);
  expect(replayTrace(trace).firstDifference).toBeUndefined();
}

describe('any operations in any order', () => {
  it('[RS3][RS5][PB1][PB3][PB4][PB5][PB7][SQ1][SQ3][SQ4][TK1][LW1][LW3][TR2][MM1] keep the rules', () => {
    fc.assert(fc.property(timelineOptions, operations, holdTheRules), { numRuns: RUNS });
  }, 3_600_000);
});
