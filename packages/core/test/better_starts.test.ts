// Tests for SPEC.md, "Playback": which later measurement of a start replaces the one before it.
import { describe, expect, it } from 'vitest';
import type { Evidence, ResponseId } from '../src/index.ts';
import { silent } from './support/silent_listener.ts';

type Start = readonly [startMs: number, errorBoundMs: number, evidence: Evidence];

/** A response of 5 s whose start is reported twice, and the start that counts then; both while it plays, or after its end. */
function startAfter(first: Start, second: Start, hasEnded: boolean): number | undefined {
  const { stage, report } = silent();
  const say = (id: ResponseId, heardMs: number, [startMs, errorBoundMs, evidence]: Start): void => {
    const phase = heardMs === 5000 ? 'ended' : 'playing';
    report(id, heardMs, { startMs, atMs: 1000 + heardMs, errorBoundMs, evidence, phase });
  };
  const id = stage.say(stage.openTurn(), 'One two three.', 5000);
  stage.clock.advance(1500);
  say(id, 500, first);
  if (hasEnded) {
    stage.clock.advance(4500);
    say(id, 5000, first);
    expect(stage.events.ofType('response_playback_finished')).toHaveLength(1);
    // Another response that has ended.
    const other = stage.say(stage.openTurn(), 'Four.', 100);
    stage.clock.advance(200);
    report(other, 100, { startMs: 6000, atMs: 6100, phase: 'ended' });
  } else stage.clock.advance(100);
  say(id, hasEnded ? 5000 : 600, second);

  const refined = stage.events.ofType('response_playback_refined');
  expect(refined.every(({ responseId }) => responseId === id)).toBe(true);
  return refined.at(-1)?.startedAtMs;
}

describe.each([
  ['while it plays', false],
  ['after its end', true],
] as const)('%s', (_, hasEnded) => {
  it.each<[string, Start, Start, boolean]>([
    ['stronger evidence', [500, 20, 'transport'], [500, 50, 'device'], true],
    ['weaker evidence', [500, 20, 'device'], [505, 1, 'transport'], false],
    ['stronger, within both bounds', [500, 20, 'transport'], [570, 50, 'device'], true],
    ['stronger, later than both bounds', [500, 20, 'transport'], [571, 50, 'device'], false],
    ['stronger, much earlier', [500, 20, 'transport'], [100, 50, 'device'], true],
    ['measured, after an estimate', [500, 20, 'estimate'], [700, 5, 'device'], true],
    ['tighter by 1 ms, elsewhere', [500, 20, 'device'], [510, 19, 'device'], true],
    ['tighter by less', [500, 20, 'device'], [510, 19.5, 'device'], false],
    ['tighter, outside the bound', [500, 20, 'device'], [521, 5, 'device'], false],
    ['tighter, at the bound', [500, 20, 'device'], [520, 5, 'device'], true],
    ['half the bound, same place', [500, 20, 'device'], [500, 10, 'device'], true],
    ['more than half the bound, same place', [500, 20, 'device'], [500, 11, 'device'], false],
    ['tighter, by less than 1 ms elsewhere', [500, 20, 'device'], [500.5, 15, 'device'], false],
    ['tighter, by 1 ms elsewhere', [500, 20, 'device'], [501, 15, 'device'], true],
    ['the same again', [500, 0, 'device'], [500, 0, 'device'], false],
  ])('[PB5] %s', (_case, first, second, isBetter) => {
    expect(startAfter(first, second, hasEnded)).toBe(isBetter ? second[0] : undefined);
  });
});

it('[PB5] a report of no samples refines no start of a response that has ended', () => {
  const { stage, report } = silent();
  const id = stage.say(stage.openTurn(), 'One.', 100);
  stage.clock.advance(200);
  report(id, 100, { startMs: 0, atMs: 100, phase: 'ended', errorBoundMs: 20 });
  report(id, 0, { startMs: 10, atMs: 100, errorBoundMs: 1 });

  expect(stage.events.ofType('response_playback_refined')).toEqual([]);
});

it('[PB5] of a refined start that has ended the next measurement must be better than that', () => {
  const { stage, report } = silent();
  const id = stage.say(stage.openTurn(), 'One.', 100);
  stage.clock.advance(300);
  for (const [startMs, errorBoundMs] of [
    [0, 40],
    [10, 10],
    [21, 9],
  ] as const)
    report(id, 100, { startMs, atMs: 200, phase: 'ended', errorBoundMs });

  const refined = stage.events.ofType('response_playback_refined');
  expect(refined.map(({ startedAtMs, before }) => [before.startedAtMs, startedAtMs])).toEqual([
    [0, 10],
  ]);
});
