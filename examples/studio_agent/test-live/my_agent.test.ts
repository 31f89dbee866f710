import { afterAll, beforeAll, expect, it } from 'vitest';
import { StudioProcess } from '../../../tests/support/studio_process.ts';

let studio: StudioProcess;

beforeAll(async () => {
  studio = await StudioProcess.start('examples/studio_agent/my_agent.ts');
});

afterAll(() => studio.close());

it('[ST7] the example runs in the studio: two answers, and the machine starts when the first is heard', async () => {
  studio.send({ type: 'scenario', name: 'order' });

  const price = await studio.fact(
    ({ type, index }) => type === 'response_playback_finished' && index === 1,
  );

  expect(price).toMatchObject({ outcome: 'heard', fullText: 'That is 3 euros 80.' });
  const happened = studio.facts
    .filter(({ type }) => /^(?:response_playback_(?:started|finished)|task_started)$/.test(type))
    .map(({ type, index }) => `${type} ${String(index)}`);
  expect(happened).toEqual([
    'response_playback_started 0',
    'task_started 0',
    'response_playback_finished 0',
    'response_playback_started 1',
    'response_playback_finished 1',
  ]);
});
