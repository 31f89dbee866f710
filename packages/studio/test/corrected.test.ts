import { expect, it } from 'vitest';
import { firstResponseOf, oneResponse } from './support/one_response.ts';

it('[ST30] a response that was skipped, and of which a late report says that it was heard, is drawn as heard', () => {
  const { run, turn, id } = oneResponse('One two three');
  turn.endResponse();
  run.send(id, ['One', 'two', 'three'], 100);
  run.timeline.audibilityChanged('silent');
  run.clock.advance(3000);
  expect(firstResponseOf(run)).toMatchObject({ outcome: 'skipped', skipReason: 'not_known' });
  run.reported(id, { startedAtMs: 0, heardMs: 200 });

  const response = firstResponseOf(run);
  expect(response).toMatchObject({
    outcome: 'cut',
    heardText: 'One two',
    heardMs: 200,
    start: { startedAtMs: 0, evidence: 'device' },
    endedAtMs: 200,
  });
  expect(response).not.toHaveProperty('skipReason');
  expect(response.words.map(({ heard }) => heard)).toEqual([true, true, false]);
});
