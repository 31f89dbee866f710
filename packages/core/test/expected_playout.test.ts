// What the agent expects to be heard when nobody reports, and what is due next.
import { describe, expect, it } from 'vitest';
import type { AgentMs, ResponseId, TimelineOptions } from '../src/index.ts';
import { nextDue } from '../src/step/deadlines.ts';
import { earlierKnown, expectedHeardSamples, expectedOf } from '../src/step/estimated_playhead.ts';
import { responseOf } from '../src/step/state/selectors.ts';
import type { ResponseState } from '../src/step/state/state.ts';
import { Stage, samplesIn } from './support/stage.ts';

const at = (ms: number): AgentMs => ms as AgentMs;
const DELAY_MS = 100;

function silentStage(options: Partial<TimelineOptions> = {}): Stage {
  return new Stage({ options: { estimateDelayMs: DELAY_MS, ...options } });
}

function stateOf(stage: Stage, id: ResponseId): ResponseState {
  const response = responseOf(stage.timeline.state, id);
  if (!response) throw new Error(`${id} has ended`);
  return response;
}

const heardMs = (stage: Stage, id: ResponseId, ms: number): number =>
  expectedHeardSamples(stage.timeline.state, stateOf(stage, id), at(ms)) / samplesIn(1);

describe('what is expected to have been heard', () => {
  it('[PB5] begins after the delay of the path, and each response after the one before it', () => {
    const stage = silentStage();
    const turn = stage.openTurn();
    const first = stage.say(turn, 'One.', 1000);
    const second = stage.say(turn, 'Two.', 500);

    const expected = (id: ResponseId) => expectedOf(stage.timeline.state, stateOf(stage, id));
    expect(expected(first)).toMatchObject({ startMs: 100, endMs: 1100 });
    expect(expected(second)).toMatchObject({ startMs: 1100, endMs: 1600 });
    expect([0, 100, 600, 1100, 9000].map((ms) => heardMs(stage, first, ms))).toEqual([
      0, 0, 500, 1000, 1000,
    ]);
    expect([1100, 1200].map((ms) => heardMs(stage, second, ms))).toEqual([0, 100]);
  });

  it('[PB5] is nothing of a response without audio', () => {
    const stage = silentStage();
    const { id } = stage.openTurn().begin({});

    expect(expectedOf(stage.timeline.state, stateOf(stage, id))).toBeUndefined();
    expect(heardMs(stage, id, 5000)).toBe(0);
  });

  it.each([
    ['ear', 400],
    // What has left the queue is on its way, and sounds.
    ['queue', 500],
  ] as const)('[PB9] stands still after a pause that reaches the %s', (reaches, ms) => {
    const stage = silentStage();
    const id = stage.say(stage.openTurn(), 'One.', 1000);
    stage.clock.advance(500);
    stage.timeline.pause(reaches);

    expect([300, 450, 9000].map((atMs) => heardMs(stage, id, atMs))).toEqual([200, 350, ms]);
  });

  it('[PB5] is known as well as it is by itself, unless something after it sounded earlier', () => {
    const expected = { atMs: at(1000), errorBoundMs: 50 };

    expect(earlierKnown(expected, { atMs: at(1001), errorBoundMs: 200 })).toEqual(expected);
    expect(earlierKnown(expected, { atMs: at(1000), errorBoundMs: 200 })).toEqual(expected);
    expect(earlierKnown(expected, { atMs: at(999), errorBoundMs: 200 })).toEqual({
      atMs: 999,
      errorBoundMs: 200,
    });
    expect(earlierKnown(expected, { atMs: at(999), errorBoundMs: 20 })).toEqual({
      atMs: 999,
      errorBoundMs: 50,
    });
  });
});

describe('what is due next', () => {
  const due = (stage: Stage) => nextDue(stage.timeline.state);

  it('[PB5] is nothing while nothing plays', () => {
    expect(due(silentStage())).toBeUndefined();
  });

  it('[PB5] is the start, then the end', () => {
    const stage = silentStage();
    const responseId = stage.say(stage.openTurn(), 'One.', 1000);

    expect(due(stage)).toEqual({ what: 'estimated_start', atMs: 100, responseId });
    stage.clock.advance(100);
    expect(due(stage)).toEqual({ what: 'estimated_end', atMs: 1100, responseId });
  });

  it('[PB5] is later by the wait for a report, if somebody reports', () => {
    const stage = silentStage({ reportTimeoutMs: 700 });
    stage.timeline.listenerChanged(true);
    const responseId = stage.say(stage.openTurn(), 'One.', 1000);

    expect(due(stage)).toEqual({ what: 'estimated_start', atMs: 800, responseId });
  });

  it('[TK5] is a predicted start once, and only of a response with a predicted task', () => {
    const stage = silentStage({ reportTimeoutMs: 700 });
    stage.timeline.listenerChanged(true);
    const task = (timing: 'confirmed' | 'predicted') => ({ task: { run: () => {}, timing } });
    const turn = stage.openTurn();
    const first = stage.say(turn, 'One.', 1000, task('predicted'));
    stage.say(turn, 'Two.', 1000, task('confirmed'));

    expect(due(stage)).toMatchObject({ what: 'predicted_start', atMs: 100, responseId: first });
    stage.clock.advance(100);
    expect(due(stage)).toMatchObject({ what: 'estimated_start', atMs: 800, responseId: first });
    stage.clock.advance(700);
    expect(due(stage)).toMatchObject({ what: 'estimated_end', atMs: 1800, responseId: first });
  });

  it('[AU12] is nothing while a listener that is there does not answer', () => {
    const stage = silentStage();
    stage.timeline.audibilityChanged('listening');
    stage.timeline.listenerChanged(true);
    stage.say(stage.openTurn(), 'One.', 1000, { task: { run: () => {}, timing: 'predicted' } });
    expect(due(stage)).toBeDefined();

    stage.timeline.listenerAnswers(false);
    expect(due(stage)).toBeUndefined();
    stage.timeline.listenerAnswers(true);
    expect(due(stage)).toBeDefined();
  });

  it('[PB9] is only a cut during a pause', () => {
    const stage = silentStage();
    const responseId = stage.say(stage.openTurn(), 'One.', 1000);
    stage.clock.advance(500);
    stage.timeline.pause();

    expect(due(stage)).toBeUndefined();
    stage.timeline.resume();
    expect(due(stage)).toMatchObject({ what: 'estimated_end', responseId });
  });
});
