// Tests for SPEC.md, "Playback": what a pause does to what is expected, to the millisecond.
import { describe, expect, it } from 'vitest';
import type { CutReach, ResponseId, TimelineOptions } from '../src/index.ts';
import { responseOf } from '../src/step/state/selectors.ts';
import { silent } from './support/silent_listener.ts';
import type { Stage } from './support/stage.ts';

const EXACT: Partial<TimelineOptions> = { estimateErrorBoundMs: 0 };
const of = (stage: Stage, id: ResponseId) => responseOf(stage.timeline.state, id);
const model = (stage: Stage, id: ResponseId): readonly (number | undefined)[] => {
  const { audio } = of(stage, id) ?? {};
  return [audio?.modelStartMs, audio?.modelEndMs];
};

function pauseFor(stage: Stage, ms: number, reaches: CutReach = 'ear'): void {
  stage.timeline.pause(reaches);
  stage.clock.advance(ms);
  stage.timeline.resume();
}

it('[PB9] a resume without a pause changes nothing', () => {
  const { stage } = silent();
  stage.say(stage.openTurn(), 'One.', 1000);
  stage.clock.advance(100);
  const before = stage.timeline.state;
  stage.timeline.resume();
  expect(stage.timeline.state).toEqual(before);
});

describe('[PB9][LW9] when audio that was heard has left, if a pause comes first', () => {
  const endedEarly = () => {
    const { stage, report } = silent();
    const id = stage.say(stage.openTurn(), 'One.', 200);
    stage.clock.advance(50);
    report(id, 200, { startMs: 0, atMs: 200, phase: 'ended' });
    expect(stage.timeline.state.endedLeftAtMs).toBe(200);
    return stage;
  };

  it.each([
    ['a queue stands still: later by as long', 'queue', 50, 2200],
    ['a queue that had let out all of it: as before', 'queue', 200, 200],
    ['only the ear stands still: as before', 'ear', 50, 200],
  ] as const)('%s', (_what, reaches, pausedAtMs, leftAtMs) => {
    const stage = endedEarly();
    stage.clock.advance(pausedAtMs - 50);
    pauseFor(stage, 2000, reaches);
    expect(stage.timeline.state.endedLeftAtMs).toBe(leftAtMs);
  });
});

describe('[PB9] a response in a pause', () => {
  it('that had been cut before is not moved', () => {
    const { stage } = silent({ cutReportTimeoutMs: 60_000 });
    const id = stage.say(stage.openTurn(), 'One.', 1000);
    stage.clock.advance(100);
    stage.timeline.cut('user_speech', 'ear');
    const before = of(stage, id);
    pauseFor(stage, 200);
    expect(of(stage, id)).toEqual(before);
  });

  it('of which the last sample left a queue in the instant of the pause is not moved', () => {
    const { stage } = silent();
    const id = stage.say(stage.openTurn(), 'One.', 100);
    stage.clock.advance(100);
    pauseFor(stage, 300, 'queue');
    expect(model(stage, id)).toEqual([0, 100]);
  });

  it('of which the first sample was to leave a queue in that instant starts in the pause', () => {
    const { stage } = silent();
    const turn = stage.openTurn();
    stage.say(turn, 'One.', 100);
    const id = stage.say(turn, 'Two.', 100);
    stage.clock.advance(100);
    pauseFor(stage, 300, 'queue');
    expect(model(stage, id)).toEqual([400, 500]);
    expect(of(stage, id)?.audio?.startedInPause).toBe(true);
  });

  it('that was expected in its instant is expected after it', () => {
    const { stage } = silent({ ...EXACT, estimateDelayMs: 50 });
    stage.clock.advance(50);
    const id = stage.say(stage.openTurn(), 'One.', 500);
    stage.clock.advance(50);
    pauseFor(stage, 200);
    expect(model(stage, id)).toEqual([250, 750]);
  });

  it('that was expected before it was, though no report said so', () => {
    const { stage } = silent({ ...EXACT, estimateDelayMs: 50 });
    stage.clock.advance(49);
    const id = stage.say(stage.openTurn(), 'One.', 500);
    stage.clock.advance(51);
    pauseFor(stage, 200);
    expect(model(stage, id)).toEqual([49, 749]);
  });

  it('that plays earlier than expected keeps its start, and its position holds until the end of the pause', () => {
    const { stage, report } = silent({ ...EXACT, estimateDelayMs: 300 });
    const id = stage.say(stage.openTurn(), 'One.', 1000);
    stage.clock.advance(100);
    report(id, 40, { startMs: 60, atMs: 100 });
    pauseFor(stage, 200);
    expect(model(stage, id)[0]).toBe(0);
    expect(of(stage, id)?.playback).toMatchObject({ positionAtMs: 300, movedAtMs: 300 });
  });

  it('that has not begun is as unheard as before', () => {
    const { stage } = silent();
    const id = stage.say(stage.openTurn(), 'One.', 1000);
    pauseFor(stage, 200);
    expect(of(stage, id)?.playback).toEqual({ status: 'unheard' });
  });
});

describe('[PB9] what comes after a pause begins', () => {
  const untilMs = (stage: Stage): number => stage.timeline.state.playedUntilMs;

  it.each([
    ['not before it, if the response before it ended in it', 120, 300],
    ['as before, if that ended in its first instant', 100, 100],
  ])('%s', (_what, endMs, playedUntilMs) => {
    const { stage, report } = silent();
    const id = stage.say(stage.openTurn(), 'One.', 100);
    stage.clock.advance(100);
    stage.timeline.pause('ear');
    stage.clock.advance(100);
    report(id, 100, { startMs: endMs - 100, atMs: endMs, phase: 'ended' });
    stage.clock.advance(100);
    stage.timeline.resume();
    expect(untilMs(stage)).toBe(playedUntilMs);
  });

  it.each([
    ['ear', 200],
    ['queue', 0],
  ] as const)(
    'with a first response that waits, and a pause that reaches the %s',
    (reaches, ms) => {
      const { stage } = silent(EXACT);
      stage.say(stage.openTurn(), 'One.', 1000);
      pauseFor(stage, 200, reaches);
      expect(untilMs(stage)).toBe(ms);
    },
  );

  it('as before, if the first response plays', () => {
    const { stage, report } = silent(EXACT);
    const id = stage.say(stage.openTurn(), 'One.', 1000);
    stage.clock.advance(100);
    report(id, 50, { startMs: 50, atMs: 100 });
    pauseFor(stage, 200);
    expect(untilMs(stage)).toBe(0);
  });
});
