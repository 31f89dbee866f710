// Tests for SPEC.md, "Listener and wire": a listener that stood still before a response began, and catches up.
import { describe, expect, it } from 'vitest';
import type { AgentMs } from '../src/index.ts';
import { silent } from './support/silent_listener.ts';
import { samplesIn } from './support/stage.ts';

const LENGTH_MS = 6000;

/** Jitter buffers were seen to play up to twice as fast; one that overflows leaves out what it cannot hold. */
const HOW = ['plays twice as fast', 'leaves out what it missed'] as const;

/** What a listener has heard that begins late by so much. */
function heardMs(how: (typeof HOW)[number], lateMs: number, sinceStartMs: number): number {
  if (sinceStartMs === 0) return 1;
  const caughtUpMs = how === 'plays twice as fast' ? sinceStartMs : lateMs;
  return Math.min(LENGTH_MS, sinceStartMs + Math.min(lateMs, caughtUpMs));
}

describe.each(HOW)('[LW17] a listener that begins late and then %s', (how) => {
  it.each([100, 300, 1000, 3000])('is never refused: %d ms', (lateMs) => {
    const { stage, report } = silent({ reportTimeoutMs: 500 });
    const id = stage.say(stage.openTurn(), 'Six seconds.', LENGTH_MS);
    stage.clock.advance(lateMs);

    for (let sinceMs = 0; sinceMs < LENGTH_MS; sinceMs += 250) {
      const nowMs = stage.clock.nowMs();
      const heard = heardMs(how, lateMs, sinceMs);
      const phase = heard === LENGTH_MS ? 'ended' : 'playing';
      report(id, heard, { startMs: lateMs, atMs: nowMs, phase });
      stage.clock.advance(250);
    }
    stage.clock.advance(3000);

    expect(stage.events.ofType('report_dropped')).toEqual([]);
    for (const one of stage.events.ofType('response_playback_progressed'))
      expect(one.heardMs).toBeLessThanOrEqual((one.positionAtMs - lateMs) * 1.05 + 200 + 1);
    expect(stage.events.only('response_playback_finished')).toMatchObject({
      outcome: 'heard',
      heardSamples: samplesIn(LENGTH_MS),
    });
  });
});

it('[LW17] counts for as much as can have been played since the start: 105 % of the time, and 200 ms', () => {
  const { stage, report } = silent();
  const id = stage.say(stage.openTurn(), 'Six seconds.', LENGTH_MS);
  stage.clock.advance(2000);
  report(id, 2000, { startMs: 1000, atMs: 2000, errorBoundMs: 10 });

  const { heardSamples, positionAtMs } = stage.events.only('response_playback_progressed');
  expect(heardSamples).toBe(samplesIn(200 + 1010 * 1.05));
  expect(positionAtMs).toBeCloseTo(2000, 3);
});

it('[LW17] a report that fits is used as it is, to the last sample', () => {
  const { stage, report } = silent();
  const id = stage.say(stage.openTurn(), 'One.', 1250);
  stage.clock.advance(2000);
  report(id, 1250, { startMs: 1000, atMs: 2000, phase: 'ended' });

  const end = stage.events.only('response_playback_finished');
  expect(end).toMatchObject({ outcome: 'heard', evidence: 'device', endedAtMs: 2000 });
});

it('[LW17] an end that comes too soon ends nothing yet: the estimate does, and needs no other report', () => {
  const { stage, report } = silent({ reportTimeoutMs: 100 });
  const id = stage.say(stage.openTurn(), 'One.', 2000);
  stage.clock.advance(1500);
  report(id, 1, { startMs: 1500, atMs: 1500 });
  stage.clock.advance(500);
  report(id, 2000, { startMs: 1500, atMs: 2000, phase: 'ended' });
  expect(stage.events.ofType('response_playback_finished')).toEqual([]);

  // The way took 1500 ms, and 2000 ms of sound left by 2000.
  stage.clock.advance(1500 + 100);

  const end = stage.events.only('response_playback_finished');
  expect(end).toMatchObject({ outcome: 'heard', evidence: 'estimate' });
});

it('[LW17] a cut that comes too soon is a cut, and no more counts as heard than fits', () => {
  const { stage, report } = silent();
  const id = stage.say(stage.openTurn(), 'Two seconds.', 2000);
  stage.clock.advance(2000);
  stage.cut();
  report(id, 2000, { startMs: 1500, atMs: 2000, phase: 'cut' });

  const end = stage.events.only('response_playback_finished');
  expect(end).toMatchObject({ outcome: 'cut', heardMs: 725 });
});

describe('[LW17] a page that is reloaded tells where it went on, and counts what was heard before', () => {
  const muted = (stage: ReturnType<typeof silent>['stage'], sinceMs: number) =>
    stage.timeline.audibilityChanged('muted', { sinceMs: sinceMs as AgentMs });

  it('while it is muted', () => {
    const { stage, report } = silent();
    muted(stage, 0);
    const id = stage.say(stage.openTurn(), 'Six seconds.', LENGTH_MS);
    stage.clock.advance(3000);
    report(id, 3000, { startMs: 0, atMs: 3000 });
    stage.clock.advance(1000);
    report(id, 3500, { startMs: 3500, atMs: 4000 });
    stage.clock.advance(10);
    stage.timeline.audibilityChanged('listening', { sinceMs: 4010 as AgentMs });
    stage.clock.advance(490);
    report(id, 4000, { startMs: 3500, atMs: 4500 });

    const { heardSamples } = stage.events.ofType('response_playback_progressed').at(-1) ?? {};
    // Nobody could hear the first 3510 ms of sound.
    expect(heardSamples).toBe(samplesIn(490));
  });

  it('after it was muted until the middle of the response', () => {
    const { stage, report } = silent();
    muted(stage, 0);
    const id = stage.say(stage.openTurn(), 'Six seconds.', LENGTH_MS);
    stage.clock.advance(3000);
    stage.timeline.audibilityChanged('listening', { sinceMs: 3000 as AgentMs });
    stage.clock.advance(100);
    report(id, 3100, { startMs: 0, atMs: 3100 });
    expect(stage.events.only('response_playback_started').startedAtMs).toBe(3000);
    stage.clock.advance(900);
    report(id, 3500, { startMs: 3600, atMs: 4000 });

    expect(stage.events.ofType('response_playback_progressed').at(-1)?.heardSamples).toBe(
      samplesIn(500),
    );
  });
});
