// Tests for SPEC.md, PB19: what exactly a late report changes of what was told.
import { describe, expect, it } from 'vitest';
import type { AgentMs, ResponseId } from '../src/index.ts';
import { answered, type Said, TEXT, unanswered } from './support/late_reports.ts';
import type { Stage } from './support/stage.ts';

const corrected = ({ events }: Stage) => events.ofType('response_outcome_corrected');

/** A response that was heard by estimate, since its listener reported nothing in time. */
function estimated() {
  const { stage, say, report } = answered();
  const id = say();
  stage.clock.advance(3000);
  return { stage, report: (said: Said) => report(id, said) };
}

describe('the text of a correction', () => {
  it('[PB19] leaves out what a transport may be off by where it was cut', () => {
    const { stage, report } = unanswered(0);
    report({ heardMs: 400, atMs: 400, phase: 'cut', evidence: 'transport', errorBoundMs: 150 });

    expect(corrected(stage)).toMatchObject([
      { outcome: 'cut', heardMs: 400, heardText: 'One two three four', heardTextMaxErrorWords: 2 },
    ]);
  });

  it('[PB19] leaves out nothing of what a transport reports while it plays', () => {
    const { stage, report } = unanswered(0);
    report({ heardMs: 1000, atMs: 1000, phase: 'ended', evidence: 'transport', errorBoundMs: 150 });

    expect(corrected(stage)).toMatchObject([
      { outcome: 'heard', heardMs: 1000, heardText: TEXT, heardTextMaxErrorWords: 0 },
    ]);
    expect(corrected(stage)[0]).not.toHaveProperty('cutBy');
  });
});

describe('the outcome of a correction', () => {
  it('[PB19] is cut where it had been heard in part, to the same sample', () => {
    const { stage, report } = unanswered(200);
    report({ heardMs: 200, atMs: 200, phase: 'cut' });

    expect(corrected(stage)).toMatchObject([
      { outcome: 'cut', heardMs: 200, before: { outcome: 'partly_heard', heardMs: 200 } },
    ]);
  });

  it('[PB19] is cut at its start where an estimate had it heard and its listener played none of it', () => {
    const { stage, report } = estimated();
    report({ heardMs: 0, atMs: 900, startMs: 900, phase: 'cut' });

    expect(corrected(stage)).toMatchObject([
      { outcome: 'cut', heardMs: 0, heardText: '', before: { outcome: 'heard', heardMs: 1000 } },
    ]);
  });

  it('[PB19] stays cut when another listener has heard more of it', () => {
    const { stage, report } = unanswered(0);
    report({ heardMs: 400, atMs: 400, phase: 'cut' });
    report({ heardMs: 500, atMs: 500 });

    expect(corrected(stage)).toMatchObject([
      { outcome: 'cut', heardMs: 400 },
      { outcome: 'cut', heardMs: 500, before: { outcome: 'cut', heardMs: 400 } },
    ]);
  });

  it.each([
    { heardMs: 1000, phase: 'ended', outcome: 'failed' },
    { heardMs: 1000, phase: 'playing', outcome: 'failed' },
    { heardMs: 300, phase: 'cut', outcome: 'cut' },
  ] as const)(
    '[PB19][RS7] of one whose synthesis failed, $phase at $heardMs ms, is $outcome',
    ({ heardMs, phase, outcome }) => {
      const { stage, report } = answered();
      const { id } = stage.openTurn().begin();
      stage.send(id, 1000);
      stage.timeline.responseFailed(id, 'the engine died');
      stage.timeline.audioEnded(id);
      stage.timeline.audibilityChanged('silent', { sinceMs: 0 as AgentMs });
      stage.clock.advance(5000);
      report(id, { heardMs, atMs: heardMs, phase });

      expect(corrected(stage)).toMatchObject([{ outcome, heardMs }]);
    },
  );

  it.each([
    { fails: false, outcome: 'partly_heard' },
    { fails: true, outcome: 'failed' },
  ])('[PB19][AU7] of one that was skipped before its end is $outcome', ({ fails, outcome }) => {
    const { stage, report } = answered();
    const { id } = stage.openTurn().begin();
    stage.send(id, 1000);
    if (fails) stage.timeline.responseFailed(id, 'the engine died');
    stage.clock.advance(100);
    stage.timeline.audibilityChanged('silent', { whileInaudible: 'skips' });
    expect(stage.events.ofType('response_skipped')).toHaveLength(1);
    report(id, { heardMs: 100, atMs: 100 });

    expect(corrected(stage)).toMatchObject([{ outcome, heardMs: 100 }]);
  });
});

describe('what was reported before', () => {
  it('[PB19] is kept of the furthest position, whatever less comes after it', () => {
    const { stage, report } = estimated();
    for (const heardMs of [700, 300, 500]) report({ heardMs, atMs: heardMs, phase: 'cut' });

    expect(corrected(stage).map(({ heardMs }) => heardMs)).toEqual([700]);
  });

  it.each([
    { atMs: 3200, heardMs: 1000 },
    { atMs: 3201, heardMs: 200 },
  ])('[PB19][AU14] with a report at $atMs ms, 3 s after 200 ms, $heardMs ms were heard', (of) => {
    const { stage, report } = unanswered(200);
    report({ heardMs: 200, atMs: 300 });
    report({ heardMs: 1000, atMs: of.atMs, phase: 'ended' });

    expect(corrected(stage).map(({ heardMs }) => heardMs)).toEqual(
      of.heardMs === 200 ? [] : [of.heardMs],
    );
  });

  it('[PB19] is that of each response: a correction of one changes nothing of the other', () => {
    const { stage, say, report } = answered();
    const ids = [say(), say()] as [ResponseId, ResponseId];
    stage.timeline.audibilityChanged('silent', { sinceMs: 0 as AgentMs });
    stage.clock.advance(6000);
    report(ids[0], { heardMs: 1000, atMs: 1000, phase: 'ended' });
    report(ids[1], { heardMs: 300, atMs: 2300, startMs: 2000, phase: 'cut' });

    expect(corrected(stage)).toMatchObject([
      { responseId: ids[0], outcome: 'heard', before: { outcome: 'skipped', heardMs: 0 } },
      { responseId: ids[1], outcome: 'cut', before: { outcome: 'skipped', heardMs: 0 } },
    ]);
  });

  it('[PB19] of a response without audio is nothing, and a report of it changes nothing', () => {
    const { stage, report } = answered();
    const turn = stage.openTurn();
    const { id } = turn.begin();
    turn.endResponse();
    stage.endAudio(id);
    expect(stage.events.ofType('response_skipped')).toHaveLength(1);
    report(id, { heardMs: 100, atMs: 0, startMs: 0 });

    expect(corrected(stage)).toEqual([]);
  });

  it('[PB19] is whole of a listener that caught up on a late start by 100 ms', () => {
    const { stage, report } = unanswered(0);
    report({ startMs: 100, heardMs: 1000, atMs: 1000, phase: 'ended' });

    expect(corrected(stage)).toMatchObject([{ outcome: 'heard', heardMs: 1000 }]);
  });
});

describe('a listener that was muted', () => {
  it('[PB19][AU9] has not heard what it played meanwhile, and what comes after is still not known', () => {
    const { stage, say, report } = answered();
    const id = say();
    stage.timeline.audibilityChanged('silent', { sinceMs: 0 as AgentMs });
    stage.clock.advance(5000);
    stage.timeline.audibilityChanged('muted', { sinceMs: 600 as AgentMs });
    stage.timeline.audibilityChanged('listening', { sinceMs: 4000 as AgentMs });
    report(id, { heardMs: 800, atMs: 800 });

    expect(corrected(stage)).toMatchObject([
      {
        outcome: 'partly_heard',
        heardMs: 600,
        inaudible: [
          { why: 'muted', fromMs: 600, toMs: 800 },
          { why: 'silent', fromMs: 800, toMs: 1000 },
        ],
      },
    ]);
  });

  it('[PB19][AU9] has not heard what it played meanwhile, after a part of which nothing is known', () => {
    const { stage, say, report } = answered();
    const id = say();
    stage.clock.advance(200);
    report(id, { heardMs: 200, atMs: 200 });
    stage.timeline.audibilityChanged('silent');
    stage.clock.advance(5000);
    report(id, { heardMs: 600, atMs: 3300 });
    stage.timeline.audibilityChanged('muted', { sinceMs: 3500 as AgentMs });
    stage.timeline.audibilityChanged('listening', { sinceMs: 4000 as AgentMs });
    report(id, { heardMs: 1000, atMs: 3700, phase: 'ended' });

    expect(corrected(stage)).toMatchObject([
      {
        outcome: 'partly_heard',
        heardMs: 400,
        inaudible: [
          { why: 'silent', fromMs: 200, toMs: 600 },
          { why: 'muted', fromMs: 800, toMs: 1000 },
        ],
      },
    ]);
  });

  it('[PB19][AU9] has heard what it played after that', () => {
    const { stage, say, report } = answered();
    const id = say();
    stage.clock.advance(200);
    report(id, { heardMs: 200, atMs: 200 });
    stage.timeline.audibilityChanged('silent');
    stage.clock.advance(1400);
    stage.timeline.audibilityChanged('muted');
    stage.clock.advance(100);
    stage.timeline.audibilityChanged('listening');
    stage.clock.advance(1000);
    // It stood still for 1.6 s, and played its last 800 ms from 1800 ms on.
    report(id, { heardMs: 1000, atMs: 2600, phase: 'ended' });

    expect(corrected(stage)).toMatchObject([{ outcome: 'heard', heardMs: 1000 }]);
  });
});
