// Tests for SPEC.md, "Listener and wire": claims about a response that has ended.
import { expect, it } from 'vitest';
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
