// Tests for SPEC.md, PB19: how often a listener that catches up corrects what was told.
import { describe, expect, it } from 'vitest';
import { answered, TEXT, unanswered } from './support/late_reports.ts';

/** Ten words in a second were skipped, and their listener reports every 50 ms what it plays. */
function catchesUp(untilMs: number) {
  const { stage, report } = unanswered(0);
  const atMs = stage.clock.nowMs();
  for (let heardMs = 50; heardMs <= untilMs; heardMs += 50) {
    stage.clock.advance(50);
    const said = { heardMs, startMs: atMs, atMs: atMs + heardMs };
    report({ ...said, phase: heardMs === 1000 ? 'ended' : 'playing' });
  }
  return stage.events.ofType('response_outcome_corrected');
}

describe('[PB19] a listener that was away and plays what has ended', () => {
  it('[PB19] corrects with its first report, with each word and with the end', () => {
    const corrected = catchesUp(1000);

    expect(corrected.map(({ heardMs }) => heardMs)).toEqual([
      50, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000,
    ]);
    expect(corrected.at(-1)).toMatchObject({ outcome: 'heard', heardText: TEXT });
  });

  it('[PB19] says at the latest with the next word what was heard before', () => {
    const [, ...corrected] = catchesUp(400);

    for (const { before, heardMs } of corrected)
      expect(heardMs - before.heardMs).toBeLessThanOrEqual(100);
  });
});

it('[PB19] without another word, what was heard is told each second', () => {
  const { stage, report } = answered();
  stage.timeline.audibilityChanged('silent');
  const id = stage.say(stage.openTurn(), 'Silence.', 5000);
  stage.clock.advance(10_000);
  stage.timeline.audibilityChanged('listening');
  const atMs = stage.clock.nowMs();
  for (let heardMs = 100; heardMs <= 4900; heardMs += 100) {
    stage.clock.advance(100);
    report(id, { heardMs, startMs: atMs, atMs: atMs + heardMs });
  }
  const told = stage.events.ofType('response_outcome_corrected').map(({ heardMs }) => heardMs);

  // By the estimate its only word was heard at 4000.
  expect(told).toEqual([100, 1100, 2100, 3100, 4000]);
});
