// Tests for SPEC.md, "Playback": a cut whose listener begins to hear the response later than was expected at the cut.
import { expect, it } from 'vitest';
import type { AgentMs } from '../src/index.ts';
import { perhapsHeard } from '../src/internal.ts';
import { answered } from './support/late_reports.ts';

/** A response of ten words in a second leaves from 0 ms on, and is cut in the queue. */
function cutAt(
  cutMs: number,
  estimate?: { readonly delayMs: number; readonly errorBoundMs: number },
) {
  const scene = answered();
  const { stage } = scene;
  if (estimate) stage.timeline.pathEstimated(estimate.delayMs, estimate.errorBoundMs);
  const id = scene.say();
  stage.clock.advance(cutMs);
  stage.timeline.cut('user_speech', 'queue');
  const sounds = (startMs: number, heardMs: number, phase: 'playing' | 'cut' = 'playing'): void => {
    const atMs = startMs + heardMs;
    stage.clock.advance(atMs + 20 - stage.clock.nowMs());
    scene.report(id, { startMs, heardMs, atMs, phase, errorBoundMs: 1 });
  };
  return { ...scene, id, sounds, end: () => stage.events.only('response_playback_finished') };
}

it('[PB10] what had left still sounds, over a path that was never measured', () => {
  const { sounds, end } = cutAt(203);

  sounds(303, 100);
  sounds(303, 203, 'cut');

  expect(end()).toMatchObject({ heardMs: 203, heardText: 'One two', endedAtMs: 506 });
});

it('[PB10] what had left still sounds, over a path of which the transport was wrong', () => {
  const { sounds, end } = cutAt(450, { delayMs: 100, errorBoundMs: 50 });

  sounds(350, 100);
  sounds(350, 300);
  sounds(350, 450, 'cut');

  expect(end()).toMatchObject({ heardMs: 450, heardText: 'One two three four', endedAtMs: 800 });
});

it('[PB10] what had left still sounds, over a path that has grown since it was measured', () => {
  const { stage, say, report } = answered();
  const first = say();
  stage.clock.advance(1070);
  report(first, { startMs: 60, heardMs: 1000, atMs: 1060, phase: 'ended' });
  stage.clock.advance(930);
  stage.events.clear();
  const id = say();
  stage.clock.advance(300);
  stage.timeline.cut('user_speech', 'queue');
  for (const heardMs of [20, 100, 200, 300]) {
    const atMs = 2500 + heardMs;
    stage.clock.advance(atMs + 20 - stage.clock.nowMs());
    report(id, { startMs: 2500, heardMs, atMs, phase: heardMs === 300 ? 'cut' : 'playing' });
  }

  const end = stage.events.only('response_playback_finished');
  expect(end).toMatchObject({ heardMs: 300, heardText: 'One two three', endedAtMs: 2800 });
});

it('[PB10] without a report of the end, what had left by the cut has sounded by the estimate', () => {
  const { stage, sounds, end } = cutAt(203);

  sounds(303, 100);
  stage.clock.advance(5000);

  expect(end()).toMatchObject({ evidence: 'estimate', heardMs: 203, endedAtMs: 506 });
});

it('[PB10][AU18] of a muted page that is not muted any more when the rest sounds, that may have been heard', () => {
  const scene = answered();
  const { stage, say, report } = scene;
  const id = say();
  stage.clock.advance(311);
  stage.timeline.audibilityChanged('muted', { sinceMs: 278 as AgentMs });
  stage.clock.advance(181);
  stage.timeline.cut('user_speech', 'queue');
  stage.clock.advance(25);
  report(id, { startMs: 389, heardMs: 100, atMs: 489, errorBoundMs: 1 });
  stage.clock.advance(160);
  report(id, { startMs: 389, heardMs: 250, atMs: 639, errorBoundMs: 1 });
  stage.clock.advance(12);
  stage.timeline.audibilityChanged('listening', { sinceMs: 658 as AgentMs });
  stage.clock.advance(2000);

  expect(stage.events.only('response_playback_finished').heardText).toContain('four');
  expect(perhapsHeard(stage.timeline.state, id)?.heardText ?? 'four').toContain('four');
});
