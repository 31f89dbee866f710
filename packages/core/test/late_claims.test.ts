// Tests for SPEC.md, "Listener and wire": claims about a response that has ended.
import { describe, expect, it } from 'vitest';
import type { AgentMs } from '../src/index.ts';
import { answered } from './support/late_reports.ts';
import { silent } from './support/silent_listener.ts';

it('[LW9] of a response that has ended a start may come before it left by the drift of the clocks since', () => {
  const { stage, report } = silent();
  stage.timeline.listenerChanged(false);
  stage.clock.advance(5000);
  const id = stage.say(stage.openTurn(), 'Over.', 100);
  stage.clock.advance(1000);
  const dropped = (): string[] => stage.events.ofType('report_dropped').map(({ reason }) => reason);

  // In a second two clocks drift 2 ms apart.
  report(id, 100, { startMs: 4997.9, atMs: 6000 });
  expect(dropped()).toEqual(['before_it_left']);

  report(id, 100, { startMs: 4998.1, atMs: 6000 });
  expect(dropped()).toEqual(['before_it_left']);
  expect(stage.events.only('response_playback_refined').startedAtMs).toBe(5000);
});

/** A response of a second that a listener says it stopped after 100 ms, though its audio goes on leaving the queue. */
function stoppedByItsListener() {
  const { stage, say, report } = answered();
  const id = say();
  stage.clock.advance(100);
  report(id, { heardMs: 100, atMs: 100, phase: 'cut' });
  const claim = (heardMs: number): void =>
    report(id, { heardMs, atMs: stage.clock.nowMs(), startMs: 0 });
  const dropped = (): string[] => stage.events.ofType('report_dropped').map(({ reason }) => reason);
  const corrected = (): number[] =>
    stage.events.ofType('response_outcome_corrected').map(({ heardMs }) => heardMs);
  return { stage, claim, dropped, corrected };
}

describe('a response that its listener stopped while its audio was in the queue', () => {
  it('[LW9] what has left the queue since may be claimed', () => {
    const { stage, claim, dropped, corrected } = stoppedByItsListener();
    stage.clock.advance(500);

    claim(600);

    expect(dropped()).toEqual([]);
    expect(corrected()).toEqual([600]);
  });

  it('[LW9] what was cleared from the queue never left', () => {
    const { stage, claim, dropped, corrected } = stoppedByItsListener();
    stage.timeline.cut('user_speech', 'queue');
    stage.clock.advance(500);

    claim(600);

    expect(dropped()).toEqual(['before_it_left']);
    expect(corrected()).toEqual([]);
  });

  it('[LW9] a second cut does not let out what the first one cleared', () => {
    const { stage, claim, dropped } = stoppedByItsListener();
    stage.timeline.cut('user_speech', 'queue');
    stage.clock.advance(400);
    stage.timeline.cut('user_speech', 'queue');

    claim(450);

    expect(dropped()).toEqual(['before_it_left']);
  });

  it('[LW9] what a pause kept in the queue leaves after the pause', () => {
    const { stage, claim, dropped, corrected } = stoppedByItsListener();
    stage.timeline.pause('queue');
    stage.clock.advance(1000);
    stage.timeline.resume();

    claim(600);
    expect(dropped()).toEqual(['before_it_left']);

    stage.clock.advance(500);
    claim(600);
    expect(corrected()).toEqual([600]);
  });

  it('[LW9] audio that leaves later than was said may be claimed only then', () => {
    const { stage, claim, dropped, corrected } = stoppedByItsListener();
    stage.timeline.queueMoved(100 as AgentMs, 1000);
    stage.clock.advance(500);

    claim(600);
    expect(dropped()).toEqual(['before_it_left']);

    stage.clock.advance(1000);
    claim(600);
    expect(corrected()).toEqual([600]);
  });
});

it('[LW9] what ended without audio, or before anything of it was reported, stands in no way of a cut, a pause or a move', () => {
  const { stage, say, report } = answered();
  const turn = stage.openTurn();
  turn.begin();
  turn.endResponse();
  const id = say(turn);
  stage.clock.advance(100);
  report(id, { heardMs: 0, atMs: 100, phase: 'cut' });
  expect(stage.events.ofType('response_skipped')).toMatchObject([
    { reason: 'no_text' },
    { reason: 'cut' },
  ]);

  stage.timeline.pause('queue');
  stage.clock.advance(100);
  stage.timeline.resume();
  stage.timeline.queueMoved(200 as AgentMs, 10);
  stage.timeline.cut('user_speech', 'queue');
  stage.clock.advance(1000);
  report(id, { heardMs: 600, atMs: 1200 });

  expect(stage.events.only('report_dropped').reason).toBe('before_it_left');
});

it('[LW2] the report of an end may be repeated after a pause of the queue', () => {
  const { stage, say, report } = answered();
  const id = say();
  const end = (): void =>
    report(id, { heardMs: 1000, atMs: 985, phase: 'ended', errorBoundMs: 20 });
  stage.clock.advance(985);
  end();
  stage.timeline.pause('queue');
  stage.clock.advance(5000);
  stage.timeline.resume();

  end();

  expect(stage.events.ofType('report_dropped')).toEqual([]);
});
