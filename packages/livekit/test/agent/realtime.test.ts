import { expect, it } from 'vitest';
import { RealtimeDouble } from '../support/realtime_double.ts';
import { type SessionRun, startSession } from '../support/session_harness.ts';

async function startRealtime(): Promise<SessionRun> {
  const llm = new RealtimeDouble('alpha beta gamma', 'delta epsilon zeta');
  return await startSession({ llm, tts: undefined });
}

it('[RS2] each message of a realtime model is a turn of one response', async () => {
  const run = await startRealtime();

  await run.over(run.session.generateReply());

  expect(run.ends).toEqual(['heard: alpha beta gamma', 'heard: delta epsilon zeta']);
  expect(run.started.map(({ index }) => index)).toEqual([0, 0]);
  expect(new Set(run.started.map(({ turnId }) => turnId)).size).toBe(2);
  expect(run.of('response_declared').map(({ implicit }) => implicit)).toEqual([true, true]);
  expect(run.stateNames).toEqual(['speaking', 'listening']);
  expect(run.chat.map(({ text }) => text)).toEqual(['alpha beta gamma', 'delta epsilon zeta']);
  expect(run.unfinishedSegments).toBe(0);
});

it('[LK6][LK7] an interruption in the second message stores what was heard of it', async () => {
  const run = await startRealtime();
  const handle = run.session.generateReply();
  await run.untilHeard(1, 150);

  handle.interrupt();
  await run.over(handle);

  expect(run.ends).toEqual(['heard: alpha beta gamma', 'cut: delta']);
  expect(run.chat).toEqual([
    { text: 'alpha beta gamma', interrupted: false },
    { text: 'delta', interrupted: true },
  ]);
  expect(run.unfinishedSegments).toBe(0);
  expect(run.states.at(-1)?.state).toBe('listening');
});

it('[RS2] the turn after an interrupted one is heard in full', async () => {
  const run = await startRealtime();
  const handle = run.session.generateReply();
  await run.untilHeard(0, 150);
  handle.interrupt();
  await run.over(handle);

  await run.over(run.session.generateReply());

  expect(run.ends.slice(-2)).toEqual(['heard: alpha beta gamma', 'heard: delta epsilon zeta']);
  expect(run.unfinishedSegments).toBe(0);
});
