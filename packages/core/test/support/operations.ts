import fc from 'fast-check';
import type {
  Audibility,
  CutBy,
  CutReach,
  OncueEvent,
  PlayheadReport,
  TaskTiming,
  WhileInaudible,
} from '../../src/index.ts';

/** A playhead report with instants relative to its arrival. */
export interface RelativeReport {
  readonly share: number;
  readonly startedBeforeMs: number;
  readonly positionBeforeMs: number;
  readonly phase: PlayheadReport['phase'];
  readonly evidence: PlayheadReport['evidence'];
  readonly errorBoundMs: number;
}

/** An operation on a timeline. `turn` and `response` count back from the newest. */
export type Operation =
  | { readonly op: 'open' }
  | { readonly op: 'live'; readonly turn: number }
  | { readonly op: 'begin'; readonly turn: number; readonly task?: TaskTiming }
  | { readonly op: 'text'; readonly turn: number; readonly text: string }
  | { readonly op: 'mark'; readonly turn: number; readonly hasTask: boolean }
  | { readonly op: 'end_text'; readonly turn: number }
  | { readonly op: 'queue_state'; readonly turn: number; readonly state: 'thinking' | 'idle' }
  | { readonly op: 'close_turn'; readonly turn: number }
  | { readonly op: 'abandon'; readonly turn: number }
  | { readonly op: 'end_turn'; readonly turn: number; readonly cutBy?: CutBy }
  | {
      readonly op: 'audio';
      readonly response: number;
      readonly samples: number;
      readonly leavesInMs?: number;
    }
  | { readonly op: 'words'; readonly response: number; readonly every: number }
  | { readonly op: 'end_audio'; readonly response: number }
  | { readonly op: 'fail'; readonly response: number }
  | { readonly op: 'report'; readonly response: number; readonly report: RelativeReport }
  | { readonly op: 'report_again'; readonly back: number }
  | { readonly op: 'cut'; readonly reaches?: CutReach }
  | { readonly op: 'pause'; readonly reaches?: CutReach }
  | { readonly op: 'queue_moved'; readonly fromInMs: number; readonly byMs: number }
  | { readonly op: 'path_estimated'; readonly delayMs: number }
  | { readonly op: 'resume' }
  | { readonly op: 'listener'; readonly listening: boolean }
  | {
      readonly op: 'audibility';
      readonly audibility: Audibility;
      readonly sinceMs: number;
      readonly whileInaudible: WhileInaudible;
    }
  | { readonly op: 'advance'; readonly ms: number }
  | { readonly op: 'advance_to_due' }
  | { readonly op: 'settle_task' }
  | { readonly op: 'close' }
  | { readonly op: 'when'; readonly type: OncueEvent['type']; readonly then: Operation };

const recent = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.nat(3) },
);
const turn = recent;
const response = recent;

const report: fc.Arbitrary<RelativeReport> = fc.record({
  share: fc.oneof(fc.constantFrom(0, 0.5, 1, 1), fc.double({ min: -0.1, max: 1.2, noNaN: true })),
  startedBeforeMs: fc.constantFrom(0, 0.1, 10, 40, 100, 1000),
  positionBeforeMs: fc.constantFrom(0, 0, 0.1, 10, 40, -30, -900, -5000),
  phase: fc.constantFrom('playing' as const, 'playing' as const, 'ended' as const, 'cut' as const),
  evidence: fc.constantFrom('device' as const, 'transport' as const, 'estimate' as const),
  errorBoundMs: fc.constantFrom(0, 5, 200, 1e9),
});

const plain: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ op: fc.constant('open' as const) }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('live' as const), turn }) },
  {
    weight: 8,
    arbitrary: fc.record(
      {
        op: fc.constant('begin' as const),
        turn,
        task: fc.constantFrom('confirmed' as const, 'predicted' as const),
      },
      { requiredKeys: ['op', 'turn'] },
    ),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      op: fc.constant('text' as const),
      turn,
      text: fc.constantFrom('', ' ', 'One. ', 'Two three, four. ', 'Unbroken'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ op: fc.constant('mark' as const), turn, hasTask: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('end_text' as const), turn }) },
  {
    weight: 5,
    arbitrary: fc.record({
      op: fc.constant('queue_state' as const),
      turn,
      state: fc.constantFrom('thinking' as const, 'idle' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('close_turn' as const), turn }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('abandon' as const), turn }) },
  {
    weight: 2,
    arbitrary: fc.record(
      {
        op: fc.constant('end_turn' as const),
        turn,
        cutBy: fc.constantFrom('user_speech' as const, 'code' as const),
      },
      { requiredKeys: ['op', 'turn'] },
    ),
  },
  {
    weight: 12,
    arbitrary: fc.record(
      {
        op: fc.constant('audio' as const),
        response,
        samples: fc.constantFrom(0, -5, 1, 441, 4410, 44_100),
        leavesInMs: fc.constantFrom(-20, 15, 300),
      },
      { requiredKeys: ['op', 'response', 'samples'] },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      op: fc.constant('words' as const),
      response,
      every: fc.constantFrom(1, 1000, 10_000),
    }),
  },
  { weight: 6, arbitrary: fc.record({ op: fc.constant('end_audio' as const), response }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('fail' as const), response }) },
  { weight: 12, arbitrary: fc.record({ op: fc.constant('report' as const), response, report }) },
  {
    weight: 3,
    arbitrary: fc.record({ op: fc.constant('report_again' as const), back: fc.nat(5) }),
  },
  {
    weight: 3,
    arbitrary: fc.record(
      {
        op: fc.constant('cut' as const),
        reaches: fc.constantFrom('ear' as const, 'queue' as const),
      },
      { requiredKeys: ['op'] },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record(
      {
        op: fc.constant('pause' as const),
        reaches: fc.constantFrom('ear' as const, 'queue' as const),
      },
      { requiredKeys: ['op'] },
    ),
  },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('resume' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({ op: fc.constant('listener' as const), listening: fc.boolean() }),
  },
  {
    weight: 14,
    arbitrary: fc.record({
      op: fc.constant('advance' as const),
      ms: fc.constantFrom(0.1, 1, 10, 33.3, 100, 249.999, 250, 500, 1000, 20_000),
    }),
  },
  { weight: 6, arbitrary: fc.record({ op: fc.constant('advance_to_due' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      op: fc.constant('queue_moved' as const),
      fromInMs: fc.constantFrom(-1000, -10, 0, 200),
      byMs: fc.constantFrom(-30, -10, 10, 20, 400),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      op: fc.constant('path_estimated' as const),
      delayMs: fc.constantFrom(0, 80, 2000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('settle_task' as const) }) },
);

const reaction: fc.Arbitrary<Operation> = fc.record({
  op: fc.constant('when' as const),
  type: fc.constantFrom(
    'response_declared' as const,
    'response_playback_started' as const,
    'response_mark_reached' as const,
    'response_playback_finished' as const,
    'response_skipped' as const,
    'agent_state_applied' as const,
  ),
  // biome-ignore lint/suspicious/noThenProperty: an operation is never awaited.
  then: fc.oneof(
    { weight: 9, arbitrary: plain },
    { weight: 1, arbitrary: fc.constant({ op: 'close' as const }) },
  ),
});

const audibility: fc.Arbitrary<Operation> = fc.record({
  op: fc.constant('audibility' as const),
  audibility: fc.constantFrom('nobody', 'silent', 'muted', 'listening', 'listening'),
  sinceMs: fc.constantFrom(0, 0, -40, -600, 100),
  whileInaudible: fc.constantFrom('plays', 'plays', 'plays', 'skips'),
});

/** Random operations in random order, among them changes of who can hear. */
export const audibleOperations: fc.Arbitrary<Operation[]> = fc.array(
  fc.oneof({ weight: 6, arbitrary: plain }, { weight: 1, arbitrary: audibility }),
  { minLength: 1, maxLength: 80, size: 'max' },
);

/** Random operations in random order. */
export const operations: fc.Arbitrary<Operation[]> = fc.array(
  fc.oneof(
    { weight: 40, arbitrary: plain },
    { weight: 2, arbitrary: reaction },
    { weight: 1, arbitrary: fc.constant({ op: 'close' as const }) },
  ),
  { minLength: 1, maxLength: 80, size: 'max' },
);
