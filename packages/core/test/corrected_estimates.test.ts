// Tests for SPEC.md, "Playback": a late report of a response of which something was told by estimate.
import { describe, expect, it } from 'vitest';
import type { AgentMs } from '../src/index.ts';
import { answered, type Said } from './support/late_reports.ts';

describe('a response that was heard by estimate, of which the reports come late', () => {
  /** Ten words in a second, heard by estimate; then it becomes known that the listener was muted from 500 ms on. */
  function heardByEstimate() {
    const { stage, say, report } = answered();
    const id = say();
    stage.clock.advance(5000);
    expect(stage.events.only('response_playback_finished').outcome).toBe('heard');
    stage.timeline.audibilityChanged('muted', { sinceMs: 500 as AgentMs });
    const corrected = () => stage.events.ofType('response_outcome_corrected');
    return { corrected, report: (said: Said) => report(id, said) };
  }

  it('[PB19] is corrected when they have come to the end of what was told', () => {
    const { corrected, report } = heardByEstimate();

    report({ heardMs: 700, atMs: 700 });
    expect(corrected()).toEqual([]);

    report({ heardMs: 1000, atMs: 1000, phase: 'ended' });
    expect(corrected()).toMatchObject([{ outcome: 'partly_heard', heardMs: 500 }]);
  });
});

it('[PB19] of what a listener that joined later says, nothing counts that is not measured', () => {
  const { stage, say, report } = answered();
  const id = say();
  stage.clock.advance(900);
  stage.timeline.audibilityChanged('muted');
  stage.timeline.listenerChanged(true);
  stage.clock.advance(5000);
  const [end] = stage.events.ofType('response_playback_finished');
  expect(end).toMatchObject({ outcome: 'partly_heard', heardMs: 900 });

  report(id, { startMs: 1000, heardMs: 100, atMs: 1100, phase: 'cut' });

  expect(stage.events.ofType('response_outcome_corrected')).toEqual([]);
});

describe('a response that was sent while nobody was there', () => {
  /** Somebody comes in its middle, who counts as having heard the rest, by estimate. */
  function comesInTheMiddle() {
    const { stage, say, report } = answered();
    stage.timeline.listenerChanged(false);
    stage.timeline.audibilityChanged('nobody');
    const id = say();
    stage.clock.advance(300);
    stage.timeline.listenerChanged(true);
    stage.timeline.audibilityChanged('listening');
    stage.clock.advance(5000);
    const { outcome, heardMs } = stage.events.only('response_playback_finished');
    expect({ outcome, heardMs }).toEqual({ outcome: 'partly_heard', heardMs: 700 });
    const corrected = () => stage.events.ofType('response_outcome_corrected');
    return { corrected, report: (said: Said) => report(id, said) };
  }

  it('[PB19] was heard by who came first as far as he reports, and no further', () => {
    const { corrected, report } = comesInTheMiddle();

    report({ startMs: 350, heardMs: 400, atMs: 750, phase: 'cut' });

    expect(corrected()).toMatchObject([{ outcome: 'cut', heardMs: 400 }]);
  });

  it('[PB19] may have been heard further by who came first than a second one reports', () => {
    const { stage, say, report } = answered();
    stage.timeline.listenerChanged(false);
    stage.timeline.audibilityChanged('nobody');
    const id = say();
    stage.clock.advance(200);
    stage.timeline.listenerChanged(true);
    stage.timeline.audibilityChanged('listening');
    stage.clock.advance(300);
    stage.timeline.listenerChanged(true);
    stage.clock.advance(5000);

    report(id, { startMs: 500, heardMs: 700, atMs: 700, phase: 'cut' });

    expect(stage.events.ofType('response_outcome_corrected')).toEqual([]);
  });

  it('[PB19] is not corrected in its middle: what follows is not measured yet', () => {
    const { corrected, report } = comesInTheMiddle();

    report({ startMs: 350, heardMs: 400, atMs: 750 });

    expect(corrected()).toEqual([]);
  });
});

describe('a response that was skipped', () => {
  it('[PB19] was not heard in part because a report says that nothing was', () => {
    const { stage, say, report } = answered();
    stage.timeline.audibilityChanged('nobody');
    stage.timeline.listenerChanged(false);
    const id = say();
    stage.clock.advance(3000);
    expect(stage.events.only('response_skipped').reason).toBe('no_listener');
    stage.timeline.listenerChanged(true);
    stage.timeline.audibilityChanged('listening');

    report(id, { startMs: 3000, heardMs: 0, atMs: 3000, phase: 'ended' });

    expect(stage.events.ofType('response_outcome_corrected')).toEqual([]);
  });
});

it('[PB19] a report that comes after one of more says nothing new of how a response ended', () => {
  const { stage, say, report } = answered();
  const id = say();
  stage.timeline.responseFailed(id, 'the voice broke off');
  stage.clock.advance(500);
  report(id, { heardMs: 400, atMs: 400 });
  stage.timeline.audibilityChanged('nobody', { whileInaudible: 'skips' });
  expect(stage.events.only('response_playback_finished').outcome).toBe('partly_heard');
  stage.timeline.audibilityChanged('listening');

  report(id, { heardMs: 200, atMs: 200 });

  expect(stage.events.ofType('response_outcome_corrected')).toEqual([]);
});
