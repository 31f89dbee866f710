import { voice } from '@livekit/agents';
import { expect, it } from 'vitest';
import { fromEpochMs } from '../../src/node_clock.ts';
import { needsRecorderRuns } from '../support/recorder_runs.ts';
import { ScriptedAgent, texts } from '../support/scripted_agent.ts';
import { gate, type SessionRun, startSession } from '../support/session_harness.ts';
import { levelOf, ToneTTS } from '../support/tone_tts.ts';

/** How far off a word may lie, ms. */
const TOLERANCE_MS = 60;

/** Notes what LiveKit's recorder gets to know of a run. */
function follow(run: SessionRun): voice.PlaybackProgressedEvent[] {
  const told: voice.PlaybackProgressedEvent[] = [];
  run.output.on(voice.AudioOutput.EVENT_PLAYBACK_PROGRESSED, (event) => told.push(event));
  return told;
}

/** Where a recording has a sample of a response, on the agent's clock. */
function placeOf(told: readonly voice.PlaybackProgressedEvent[], audioMs: number): number {
  const run = told.find(({ offset, duration }) => audioMs >= offset && audioMs < offset + duration);
  if (!run) throw new Error(`${audioMs} ms of the audio are in no run`);
  return fromEpochMs(run.startedAt) + audioMs - run.offset;
}

const WORDS = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta'];
const WORD_MS = 100;

it('[LK18] a word after a pause is recorded where it sounded', async (context) => {
  needsRecorderRuns(context);
  const run = await startSession({ agent: new ScriptedAgent(texts(WORDS.join(' '))) });
  const told = follow(run);
  const handle = run.session.generateReply({ userInput: 'hi' });
  await run.untilHeard(0, 230);

  run.output.pause();
  await run.pass(1200);
  run.output.resume();
  await run.over(handle);

  for (const [index, word] of WORDS.entries()) {
    if (index === 2) continue;
    const offMs = placeOf(told, index * WORD_MS) - run.soundedAtMs(word);
    expect(Math.abs(offMs), word).toBeLessThan(TOLERANCE_MS);
  }
  expect(told.reduce((sum, { duration }) => sum + duration, 0)).toBeCloseTo(600, 0);
});

it('[LK18] a voice that runs dry between words is recorded word by word', async (context) => {
  needsRecorderRuns(context);
  const slow = { beta: gate(), delta: gate() };
  const tts = new ToneTTS({
    onWord: (word) => (word === 'beta' || word === 'delta' ? slow[word].opened : undefined),
  });
  const run = await startSession({ agent: new ScriptedAgent(texts(WORDS.join(' '))), tts });
  const told = follow(run);
  const handle = run.session.generateReply({ userInput: 'hi' });
  await run.untilHeard(0, 400);
  slow.beta.open();
  await run.pass(500);
  slow.delta.open();
  await run.over(handle);

  for (const [index, word] of WORDS.entries()) {
    const offMs = placeOf(told, index * WORD_MS) - run.soundedAtMs(word);
    expect(Math.abs(offMs), word).toBeLessThan(TOLERANCE_MS);
  }
});

it('[LK18] no more is recorded of a response that was cut than was heard', async (context) => {
  needsRecorderRuns(context);
  const run = await startSession({ agent: new ScriptedAgent(texts(WORDS.join(' '))) });
  const told = follow(run);
  const handle = run.session.generateReply({ userInput: 'hi' });
  await run.untilHeard(0, 230);

  handle.interrupt();
  await run.over(handle);

  const recordedMs = told.reduce((sum, { duration }) => sum + duration, 0);
  expect(recordedMs).toBeCloseTo(run.finished[0]?.heardMs ?? 0, 0);
  expect(run.recorder.samples()).not.toContain(levelOf('delta'));
});
