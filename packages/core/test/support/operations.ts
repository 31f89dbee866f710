import fc from 'fast-check';
import {
  type AgentMs,
  type Audibility,
  addMs,
  type CutBy,
  OncueError,
  type OncueEvent,
  type PlayheadReport,
  type ResponseId,
  type TaskTiming,
  Timeline,
  type Turn,
  type WhileInaudible,
} from '../../src/index.ts';
import { responseOf } from '../../src/internal.ts';
import { nextDue } from '../../src/step/deadlines.ts';
import { ManualClock } from '../../src/testing/index.ts';

/** A playhead report with instants relative to its arrival. */
interface RelativeReport {
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
  | { readonly op: 'end_text'; readonly turn: number }
  | { readonly op: 'queue_state'; readonly turn: number; readonly state: 'thinking' | 'idle' }
  | { readonly op: 'close_turn'; readonly turn: number }
  | { readonly op: 'abandon'; readonly turn: number }
  | { readonly op: 'end_turn'; readonly turn: number; readonly cutBy?: CutBy }
  | { readonly op: 'audio'; readonly response: number; readonly samples: number }
  | { readonly op: 'words'; readonly response: number; readonly every: number }
  | { readonly op: 'end_audio'; readonly response: number }
  | { readonly op: 'fail'; readonly response: number }
  | { readonly op: 'report'; readonly response: number; readonly report: RelativeReport }
  | { readonly op: 'report_again'; readonly back: number }
  | { readonly op: 'cut' }
  | { readonly op: 'pause' }
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
        cutBy: fc.constantFrom('user' as const, 'agent' as const),
      },
      { requiredKeys: ['op', 'turn'] },
    ),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      op: fc.constant('audio' as const),
      response,
      samples: fc.constantFrom(0, -5, 1, 441, 4410, 44_100),
    }),
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
  { weight: 3, arbitrary: fc.record({ op: fc.constant('cut' as const) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('pause' as const) }) },
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
  { weight: 1, arbitrary: fc.record({ op: fc.constant('settle_task' as const) }) },
);

const reaction: fc.Arbitrary<Operation> = fc.record({
  op: fc.constant('when' as const),
  type: fc.constantFrom(
    'response_declared' as const,
    'response_playback_started' as const,
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

const RATE_HZ = 44_100;

/** Runs operations on a timeline, and keeps the turns, responses and reports that they refer to. */
export class Runner {
  readonly clock = new ManualClock(1000.3);
  readonly timeline: Timeline;
  taskCalls = 0;
  readonly #turns: Turn[] = [];
  readonly #responses: ResponseId[] = [];
  readonly #reports: PlayheadReport[] = [];
  readonly #openTasks: Array<() => void> = [];
  #finishing = false;

  constructor(setup: Omit<ConstructorParameters<typeof Timeline>[0], 'clock'>) {
    this.timeline = new Timeline({ ...setup, clock: this.clock });
    this.timeline.on('response_declared', ({ responseId }) => this.#responses.push(responseId));
  }

  run(operation: Operation): void {
    try {
      if ('turn' in operation) this.#onTurn(operation, this.#turns.at(-1 - operation.turn));
      else if ('response' in operation) this.#onResponse(operation);
      else this.#onTimeline(operation);
    } catch (error) {
      // Other tests check the errors for wrong calls.
      if (!(error instanceof OncueError)) throw error;
    }
  }

  /** Ends all turns, lets every deadline pass and settles every task. */
  finish(): void {
    this.#finishing = true;
    for (const turn of this.#turns) turn.end();
    this.timeline.resume();
    this.clock.advance(120_000);
    for (const settle of this.#openTasks) settle();
  }

  #onTurn(operation: Extract<Operation, { readonly turn: number }>, turn: Turn | undefined): void {
    if (!turn) return;
    switch (operation.op) {
      case 'live':
        turn.goLive();
        return;
      case 'begin':
        turn.begin({
          metadata: { n: this.#responses.length },
          ...(operation.task
            ? {
                task: {
                  run: () => this.#task(),
                  timing: operation.task,
                  abortOnCut: true,
                },
              }
            : {}),
        });
        return;
      case 'text':
        turn.addText(operation.text);
        return;
      case 'end_text':
        turn.endResponse();
        return;
      case 'queue_state':
        turn.queueAgentState(operation.state);
        return;
      case 'close_turn':
        turn.close();
        return;
      case 'abandon':
        turn.abandon();
        return;
      case 'end_turn':
        turn.end(operation.cutBy);
        return;
    }
  }

  #onResponse(operation: Extract<Operation, { readonly response: number }>): void {
    const id = this.#responses.at(-1 - operation.response) ?? ('nobody' as ResponseId);
    switch (operation.op) {
      case 'audio':
        this.timeline.audioSent(id, operation.samples, RATE_HZ);
        return;
      case 'words':
        this.timeline.wordsTimed(
          id,
          ['One', 'Two', 'three'].map((text, index) => ({
            text,
            endSamples: (index + 1) * operation.every,
          })),
        );
        return;
      case 'end_audio':
        this.timeline.audioEnded(id);
        return;
      case 'fail':
        this.timeline.responseFailed(id, 'broken');
        return;
      case 'report':
        this.#report(id, operation.report);
        return;
    }
  }

  #onTimeline(operation: Exclude<Operation, { turn: number } | { response: number }>): void {
    switch (operation.op) {
      case 'open':
        this.#turns.push(this.timeline.openTurn());
        return;
      case 'report_again': {
        const report = this.#reports.at(-1 - operation.back);
        if (report) this.timeline.playhead(report);
        return;
      }
      case 'cut':
        this.timeline.cut('user');
        return;
      case 'pause':
        this.timeline.pause();
        return;
      case 'resume':
        this.timeline.resume();
        return;
      case 'listener':
        this.timeline.listenerChanged(operation.listening);
        return;
      case 'audibility': {
        const { audibility, sinceMs, whileInaudible } = operation;
        const of = { sinceMs: addMs(this.clock.nowMs(), sinceMs), whileInaudible };
        this.timeline.audibilityChanged(audibility, of);
        return;
      }
      case 'advance':
        this.clock.advance(operation.ms);
        return;
      case 'advance_to_due': {
        const due = nextDue(this.timeline.state);
        if (due) this.clock.advance(Math.max(0, due.atMs - this.clock.nowMs()));
        return;
      }
      case 'settle_task':
        this.#openTasks.shift()?.();
        return;
      case 'close':
        void this.timeline.close(50);
        return;
      case 'when':
        this.#when(operation);
        return;
    }
  }

  #when({ type, then }: Extract<Operation, { op: 'when' }>): void {
    // Time does not pass inside a callback.
    if (then.op === 'advance' || then.op === 'advance_to_due') return;
    const off = this.timeline.on(type, () => {
      off();
      if (!this.#finishing) this.run(then);
    });
  }

  #report(responseId: ResponseId, relative: RelativeReport): void {
    const { share, startedBeforeMs, positionBeforeMs, ...how } = relative;
    const nowMs = this.clock.nowMs();
    const sent = this.#sentSamples(responseId);
    const ago = (ms: number): AgentMs => addMs(nowMs, -ms);
    const report: PlayheadReport = {
      responseId,
      heardSamples: Math.round(share * sent) + (share > 1 ? 1 : 0),
      startedAtMs: ago(startedBeforeMs),
      positionAtMs: ago(positionBeforeMs),
      ...how,
    };
    this.#reports.push(report);
    this.timeline.playhead(report);
  }

  #sentSamples(id: ResponseId): number {
    const response = responseOf(this.timeline.state, id);
    return response ? (response.audio?.sentSamples ?? 0) : 1000;
  }

  #task(): Promise<void> {
    this.taskCalls += 1;
    return new Promise((resolve) => this.#openTasks.push(resolve));
  }
}
