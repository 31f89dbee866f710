import { expect, it } from 'vitest';
import { lanesOf } from '../page/model/lanes.ts';
import type { ResponseView } from '../page/model/response_view.ts';
import { RecordedRun } from './support/recorded_run.ts';

function responsesOf(run: RecordedRun): readonly ResponseView[] {
  return lanesOf(run.lines).model.responses;
}

it('[ST30] a response that was skipped, and of which a late report says that it was heard, is drawn as heard', () => {
  const run = new RecordedRun();
  const turn = run.turn();
  const { id } = turn.begin();
  turn.addText('One two three');
  turn.endResponse();
  run.send(id, ['One', 'two', 'three'], 100);
  run.timeline.audibilityChanged('silent');
  run.clock.advance(3000);
  expect(responsesOf(run)[0]).toMatchObject({ outcome: 'skipped', skipReason: 'not_known' });
  run.reported(id, { startedAtMs: 0, heardMs: 200 });

  const [response] = responsesOf(run);
  expect(response).toMatchObject({
    outcome: 'cut',
    heardText: 'One two',
    heardMs: 200,
    start: { startedAtMs: 0, evidence: 'device' },
    endedAtMs: 200,
  });
  expect(response).not.toHaveProperty('skipReason');
  expect(response?.words.map(({ heard }) => heard)).toEqual([true, true, false]);
});
