import {
  type AgentMs,
  addMs,
  OncueError,
  type PlayheadReport,
  type ResponseId,
  Timeline,
  type Turn,
} from '../../src/index.ts';
import { responseOf } from '../../src/internal.ts';
import { nextDue } from '../../src/step/deadlines.ts';
import { ManualClock } from '../../src/testing/index.ts';
import type { Operation, RelativeReport } from './operations.ts';

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
  #markCount = 0;

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
      case 'mark': {
        const task = { run: () => this.#task(), abortOnCut: true };
        this.#markCount += 1;
        const hanging = operation.hasTask ? { task, agentState: 'idle' as const } : {};
        turn.mark(`mark_${this.#markCount}`, hanging);
        return;
      }
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
        this.#send(id, operation.samples, operation.leavesInMs);
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
        this.timeline.cut('user_speech', operation.reaches);
        return;
      case 'pause':
        this.timeline.pause(operation.reaches);
        return;
      case 'resume':
        this.timeline.resume();
        return;
      case 'queue_moved':
        this.timeline.queueMoved(addMs(this.clock.nowMs(), operation.fromInMs), operation.byMs);
        return;
      case 'path_estimated':
        this.timeline.pathEstimated(operation.delayMs, 50);
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

  #send(id: ResponseId, samples: number, leavesInMs: number | undefined): void {
    const leavesAtMs = leavesInMs === undefined ? undefined : addMs(this.clock.nowMs(), leavesInMs);
    this.timeline.audioSent(id, samples, RATE_HZ, leavesAtMs);
  }

  #task(): Promise<void> {
    this.taskCalls += 1;
    return new Promise((resolve) => this.#openTasks.push(resolve));
  }
}
