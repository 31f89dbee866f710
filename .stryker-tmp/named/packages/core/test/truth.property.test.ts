// Compares what a timeline reports with what a scripted listener really heard.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OncueEvent, ResponseId } from '../src/index.ts';
import type { HeardTruth } from '../src/testing/index.ts';
import { Stage } from './support/stage.ts';

const RUNS = Number(process.env['ONCUE_PROPERTY_RUNS'] ?? 150);

interface Said {
  readonly type: string;
  readonly phase?: string;
}

/** A network that delays by less than the timeline's timeouts and only loses reports that are followed by others. */
const listener = fc.record({
  outputLatencyMs: fc.constantFrom(0, 20, 90.5),
  reportIntervalMs: fc.constantFrom(25, 50),
  speed: fc.constantFrom(1, 0.999, 1.001),
  faults: fc.constantFrom(
    {},
    { repeat: 2 },
    { delayMs: 100 },
    { delayMs: (_: unknown, nth: number) => (nth % 4) * 25 },
    { reorder: (message: Said, nth: number) => message.phase === 'playing' && nth % 2 === 0 },
    { lose: (message: Said, nth: number) => message.phase === 'playing' && nth % 3 === 0 },
  ),
});

const action = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('say' as const), ms: fc.integer({ min: 1, max: 400 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('advance' as const),
      ms: fc.double({ min: 0, max: 600, noNaN: true }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cut' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('pause' as const),
      ms: fc.integer({ min: 0, max: 3000 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('stall' as const),
      ms: fc.integer({ min: 0, max: 150 }),
    }),
  },
);

type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

function perform(stage: Stage, actions: readonly Action[]): readonly ResponseId[] {
  const said: ResponseId[] = [];
  let turn = stage.openTurn();
  for (const one of actions) {
    switch (one.do) {
      case 'say':
        said.push(stage.say(turn, 'Some words to be heard.', one.ms));
        break;
      case 'advance':
        stage.clock.advance(one.ms);
        break;
      case 'cut':
        stage.cut();
        // The next response is sent after the last one has ended, as in a session.
        stage.clock.advance(500);
        turn.abandon();
        turn = stage.openTurn();
        break;
      case 'pause':
        stage.pause();
        stage.clock.advance(one.ms);
        stage.resume();
        break;
      case 'stall':
        stage.listener.stall();
        stage.clock.advance(one.ms);
        stage.listener.unstall();
        break;
    }
  }
  turn.close();
  stage.clock.advance(60_000);
  return said;
}

/** A measured end is within its bound plus one sample, since the first sample counts when it begins to sound. */
function expectEnd(finish: OncueEvent | undefined, truth: HeardTruth): void {
  if (finish?.type !== 'response_playback_finished' || truth.endedAtMs === undefined) {
    throw new Error(`no end of ${truth.responseId}`);
  }
  // While the listener stalls, an estimate may be further off than the path's bound.
  if (finish.evidence === 'estimate') return;
  const offMs = Math.abs(finish.endedAtMs - truth.endedAtMs);
  expect(offMs, `end of ${truth.responseId}`).toBeLessThanOrEqual(
    finish.errorBoundMs + 1001 / truth.sampleRateHz,
  );
}

describe('a listener whose reports come through', () => {
  it('[PB1][PB2][PB3][PB4][LW2] start, end and length match what was really heard, to the sample', () => {
    fc.assert(
      fc.property(listener, fc.array(action, { maxLength: 30 }), (how, actions) => {
        const stage = new Stage({ listener: how });
        const said = perform(stage, actions);
        expect(stage.clock.pendingCount).toBe(0);

        for (const id of said) {
          const truth = stage.listener.truthOf(id);
          const events = stage.events.ofResponse(id);
          // If a later report overtook the start's own report, the start is refined when that arrives.
          const start = events.findLast(
            ({ type }) =>
              type === 'response_playback_started' || type === 'response_playback_refined',
          );
          const finish = events.find(({ type }) => type === 'response_playback_finished');
          if (truth?.startedAtMs === undefined) {
            expect(events.at(-1)?.type).toBe('response_skipped');
            continue;
          }
          expect(start).toMatchObject({ startedAtMs: truth.startedAtMs, evidence: 'device' });
          expect(finish).toMatchObject({
            heardSamples: truth.heardSamples,
            outcome: truth.status === 'cut' ? 'cut' : 'heard',
          });
          expectEnd(finish, truth);
        }
      }),
      { numRuns: RUNS },
    );
  }, 3_600_000);
});
