// Tests for SPEC.md, "Playback" and "Listener and wire": what one report changes, at the limits of its rules.
import { describe, expect, it } from 'vitest';
import type { AgentMs, PlayheadReport } from '../src/index.ts';
import { step } from '../src/step/step.ts';
import { silent } from './support/silent_listener.ts';

type Silent = ReturnType<typeof silent>;

const refined = ({ stage }: Silent) =>
  stage.events.ofType('response_playback_refined').map(({ startedAtMs }) => startedAtMs);
const ends = ({ stage }: Silent) => stage.events.ofType('response_playback_finished');

/** A second of a response; 500 ms have passed. */
function oneSecond() {
  const heard = silent();
  const id = heard.stage.say(heard.stage.openTurn(), 'One.', 1000);
  heard.stage.clock.advance(500);
  const start = (startMs: number, more: Partial<PlayheadReport>): void =>
    heard.report(id, 100, { startMs, atMs: 500, ...more });
  return { ...heard, id, start };
}

it('[LW9] the state machine itself refuses what cannot be true, whoever asks it', () => {
  const { stage, id } = oneSecond();
  const report = {
    responseId: id,
    startedAtMs: 100 as AgentMs,
    positionAtMs: 9000 as AgentMs,
    heardSamples: 1,
    phase: 'playing' as const,
    evidence: 'device' as const,
    errorBoundMs: 0,
  };

  const { events } = step(stage.timeline.state, { type: 'playhead', report, atMs: 500 as AgentMs });
  expect(events).toMatchObject([{ type: 'report_dropped', reason: 'in_future', count: 1 }]);
});

it('[PB13] an end that is reported is exact, though the listener stood still before it', () => {
  const heard = silent();
  const { stage, report } = heard;
  const id = stage.say(stage.openTurn(), 'One.', 200);
  stage.clock.advance(1000);
  report(id, 100, { startMs: 0, atMs: 100 });
  report(id, 200, { startMs: 0, atMs: 700, phase: 'ended' });

  expect(ends(heard)).toMatchObject([{ endedAtMs: 700, errorBoundMs: 0 }]);
});

it('[RS4] a response that its listener stopped by itself ends at once, though another plays before it', () => {
  const heard = silent();
  const { stage, report } = heard;
  const turn = stage.openTurn();
  stage.say(turn, 'One.', 1000);
  const second = stage.say(turn, 'Two.', 1000);
  stage.clock.advance(300);
  report(second, 0, { startMs: 300, atMs: 300, phase: 'cut' });

  expect(stage.events.only('response_skipped')).toMatchObject({ responseId: second });
});

it('[RS5] what was cut before a later response was sent has not been heard to its end when that sounds', () => {
  const heard = silent({ cutReportTimeoutMs: 60_000 });
  const { stage, report } = heard;
  const first = stage.say(stage.openTurn(), 'One.', 200);
  stage.clock.advance(100);
  report(first, 100, { startMs: 0, atMs: 100 });
  stage.timeline.cut('user_speech', 'ear');
  stage.clock.advance(300);
  const second = stage.say(stage.openTurn(), 'Two.', 500);
  stage.clock.advance(100);
  report(second, 50, { startMs: 450, atMs: 500 });

  expect(ends(heard)).toMatchObject([{ responseId: first, outcome: 'cut', heardMs: 100 }]);
});

describe('[PB5] a start is measured better', () => {
  it('with a bound that is tighter by just 1 ms, if that moves it by just 1 ms', () => {
    const heard = oneSecond();
    heard.start(100, { errorBoundMs: 5 });
    heard.start(101, { errorBoundMs: 4 });
    expect(refined(heard)).toEqual([101]);
  });

  it('if it lies just at the bound of the one before, and not outside it', () => {
    const heard = oneSecond();
    heard.start(100, { errorBoundMs: 5 });
    heard.start(94, { errorBoundMs: 2 });
    expect(refined(heard)).toEqual([]);
    heard.start(95, { errorBoundMs: 2 });
    expect(refined(heard)).toEqual([95]);
  });

  it('never by weaker evidence', () => {
    const heard = oneSecond();
    heard.start(100, { errorBoundMs: 50 });
    heard.start(90, { errorBoundMs: 1, evidence: 'transport' });
    expect(refined(heard)).toEqual([]);
  });

  it('of nothing that nobody can hear', () => {
    const heard = oneSecond();
    heard.stage.timeline.audibilityChanged('muted', { sinceMs: 0 as AgentMs });
    heard.start(100, { errorBoundMs: 50 });
    heard.start(110, { errorBoundMs: 1 });
    expect(refined(heard)).toEqual([]);
  });

  it('not of one that became audible in its middle', () => {
    const heard = oneSecond();
    heard.stage.timeline.audibilityChanged('muted', { sinceMs: 0 as AgentMs });
    heard.start(100, { errorBoundMs: 50 });
    heard.stage.timeline.audibilityChanged('listening', { sinceMs: 500 as AgentMs });
    heard.stage.clock.advance(100);
    heard.report(heard.id, 200, { startMs: 100, atMs: 600, errorBoundMs: 50 });
    expect(heard.stage.events.only('response_playback_started').startedAtMs).toBe(500);
    heard.report(heard.id, 200, { startMs: 460, atMs: 600, errorBoundMs: 1 });
    expect(refined(heard)).toEqual([]);
  });

  it('not by a report of nothing heard, after the response has ended', () => {
    const heard = oneSecond();
    heard.stage.clock.advance(1000);
    heard.report(heard.id, 1000, { startMs: 100, atMs: 1100, phase: 'ended', errorBoundMs: 50 });
    heard.report(heard.id, 0, { startMs: 110, atMs: 1100, errorBoundMs: 1 });
    expect(refined(heard)).toEqual([]);
    heard.report(heard.id, 1, { startMs: 110, atMs: 1100, errorBoundMs: 1 });
    expect(refined(heard)).toEqual([110]);
  });
});
