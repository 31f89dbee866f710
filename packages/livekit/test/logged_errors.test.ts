// The helper with which other tests see what LiveKit logs.
import { log } from '@livekit/agents';
import { afterEach, expect, it, vi } from 'vitest';
import { loggedErrors } from './support/logged_errors.ts';
import { startSession } from './support/session_harness.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

it('a speech that is not done in time counts as an error only if it is of this run', async () => {
  const errors = loggedErrors();
  const run = await startSession();
  const { id } = await run.reply();
  const text = 'speech not done in time after interruption, cancelling the speech arbitrarily.';

  log().error({ speech_id: 'speech_of_another' }, text);
  expect(errors(run)).toEqual([]);
  log().error({ speech_id: id }, text);
  log().error({ speech_id: 'speech_of_another' }, 'something else');
  expect(errors(run)).toEqual([
    [{ speech_id: id }, text],
    [{ speech_id: 'speech_of_another' }, 'something else'],
  ]);
});
