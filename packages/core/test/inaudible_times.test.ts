// Tests for SPEC.md, "Who can hear": what is remembered of the times in which nobody could hear, and for how long.
import { describe, expect, it } from 'vitest';
import type { AgentMs, Audibility } from '../src/index.ts';
import { responseOf } from '../src/step/state/selectors.ts';
import { silent } from './support/silent_listener.ts';
import type { Stage } from './support/stage.ts';
import { samplesIn } from './support/stage.ts';

const hear = (stage: Stage, audibility: Audibility, sinceMs?: number): void =>
  stage.timeline.audibilityChanged(
    audibility,
    sinceMs === undefined ? {} : { sinceMs: sinceMs as AgentMs },
  );
const times = (stage: Stage) =>
  stage.timeline.state.inaudibleTimes.map(({ why, fromMs, toMs }) => [why, fromMs, toMs]);
/** A step that changes nothing else. */
const step = (stage: Stage): void => stage.timeline.pathEstimated(0 as AgentMs, 0);

/** Muted from 100 to 200. */
function mutedOnce(stage: Stage): void {
  stage.clock.advance(100);
  hear(stage, 'muted');
  stage.clock.advance(100);
  hear(stage, 'listening');
}

describe('[MM1] a time in which nobody could hear', () => {
  it('is forgotten when it is over, if nothing plays', () => {
    const { stage } = silent();
    mutedOnce(stage);
    expect(times(stage)).toEqual([['muted', 100, 200]]);
    stage.clock.advance(1);
    step(stage);
    expect(times(stage)).toEqual([]);
  });

  it('is kept while it lasts, and nothing is written for that', () => {
    const { stage } = silent();
    hear(stage, 'nobody');
    stage.clock.advance(5000);
    const before = stage.timeline.state.inaudibleTimes;
    step(stage);
    expect(times(stage)).toEqual([['nobody', 0, undefined]]);
    expect(stage.timeline.state.inaudibleTimes).toBe(before);
  });

  it('is kept while audio that was sent before its end has not begun', () => {
    const { stage } = silent();
    stage.clock.advance(50);
    stage.say(stage.openTurn(), 'One.', 1000);
    mutedOnce(stage);
    stage.clock.advance(1000);
    step(stage);
    expect(times(stage)).toEqual([['muted', 150, 250]]);
  });

  it('is forgotten when the position has passed it, and not when it has just come there', () => {
    const { stage, report } = silent();
    const id = stage.say(stage.openTurn(), 'One.', 1000);
    report(id, 1, { startMs: 0, atMs: 1 });
    mutedOnce(stage);
    stage.clock.advance(300);
    report(id, 200, { startMs: 0, atMs: 200 });
    expect(times(stage)).toEqual([['muted', 100, 200]]);
    report(id, 201, { startMs: 0, atMs: 201 });
    expect(times(stage)).toEqual([]);
  });

  it('[AU3] is kept over a pause, in which a page that does not know of it yet plays on', () => {
    const { stage, report } = silent();
    const id = stage.say(stage.openTurn(), 'One.', 1000);
    report(id, 1, { startMs: 0, atMs: 1 });
    stage.timeline.pause();
    mutedOnce(stage);
    stage.clock.advance(50);
    stage.timeline.resume();
    stage.clock.advance(50);
    step(stage);
    report(id, 300, { startMs: 0, atMs: 300 });

    expect(responseOf(stage.timeline.state, id)?.inaudible).toEqual([
      { why: 'muted', fromSamples: samplesIn(100), toSamples: samplesIn(200) },
    ]);
  });

  it('stays as it is when a later one begins and ends', () => {
    const { stage } = silent();
    stage.say(stage.openTurn(), 'One.', 5000);
    mutedOnce(stage);
    stage.clock.advance(100);
    hear(stage, 'nobody');
    stage.clock.advance(100);
    hear(stage, 'listening');
    expect(times(stage)).toEqual([
      ['muted', 100, 200],
      ['nobody', 300, 400],
    ]);
  });

  it('is none when it ends in the instant in which it began', () => {
    const { stage } = silent();
    stage.say(stage.openTurn(), 'One.', 5000);
    stage.clock.advance(100);
    hear(stage, 'muted');
    hear(stage, 'listening');
    expect(times(stage)).toEqual([]);
  });
});

it('[AU6] what has not begun has nothing to put right', () => {
  const { stage } = silent();
  const id = stage.say(stage.openTurn(), 'One.', 1000);
  stage.clock.advance(300);
  hear(stage, 'muted', 100);
  expect(responseOf(stage.timeline.state, id)?.inaudible).toEqual([]);
});

it('[AU6] another reason that is known late counts from its instant, to the first sample', () => {
  const { stage, report } = silent();
  hear(stage, 'muted');
  const id = stage.say(stage.openTurn(), 'One.', 1000);
  stage.clock.advance(500);
  report(id, 500, { startMs: 0, atMs: 500 });
  hear(stage, 'nobody', 0);
  expect(responseOf(stage.timeline.state, id)?.inaudible).toEqual([
    { why: 'nobody', fromSamples: 0, toSamples: samplesIn(500) },
  ]);
});

it('[AU7] nothing is skipped while somebody can hear, though what nobody hears is to be', () => {
  const { stage, report } = silent();
  stage.timeline.audibilityChanged('listening', { whileInaudible: 'skips' });
  const id = stage.say(stage.openTurn(), 'One.', 100);
  stage.clock.advance(100);
  report(id, 100, { startMs: 0, atMs: 100, phase: 'ended' });
  expect(stage.events.only('response_playback_finished')).toMatchObject({ outcome: 'heard' });
});
