// Tests for SPEC.md, "Playback": a voice that is slower than speech.
import { expect, it } from 'vitest';
import { Stage } from './support/stage.ts';

it('[LW9] an estimate counts nothing that had not left, however often the queue ran dry', () => {
  const stage = new Stage();
  const { id } = stage.openTurn().begin();
  stage.send(id, 1);
  stage.clock.advance(1800);
  stage.send(id, 220);
  stage.timeline.audioSent(id, 48, 48_000, (stage.clock.nowMs() + 400) as never);

  stage.cut();

  expect(stage.events.only('response_playback_finished')).toMatchObject({
    outcome: 'cut',
    heardMs: 1,
  });
});
