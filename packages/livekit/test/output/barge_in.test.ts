import type { voice } from '@livekit/agents';
import type { ResponseTask } from '@oncue/core';
import { describe, expect, it } from 'vitest';
import type { LlmChunk } from '../../src/index.ts';
import { ScriptedAgent, texts } from '../support/scripted_agent.ts';
import { gate, startSession } from '../support/session_harness.ts';
import { ToneTTS } from '../support/tone_tts.ts';

const TWO = texts('alpha beta gamma delta.', 'epsilon zeta eta theta.');

describe('an interruption', () => {
  it('[LK7][LK6] in the middle of the second response keeps what was heard of it', async () => {
    const run = await startSession({ agent: new ScriptedAgent(TWO) });
    const handle = run.session.generateReply({ userInput: 'hi' });
    await run.untilHeard(1, 250);

    handle.interrupt();
    await run.over(handle);

    expect(run.ends).toEqual(['heard: alpha beta gamma delta.', 'cut: epsilon zeta']);
    expect(run.finished[1]).toMatchObject({ interrupted: true, cutBy: 'code' });
    expect(run.chat).toEqual([{ text: 'alpha beta gamma delta.epsilon zeta', interrupted: true }]);
    expect(run.finishes).toHaveLength(2);
    expect(run.unfinishedSegments).toBe(0);
    expect(run.stateNames.at(-1)).toBe('listening');
  });

  it('[LK7] counts what the sound card had taken by then, and no sample more', async () => {
    const run = await startSession({ agent: new ScriptedAgent(TWO) });
    const handle = run.session.generateReply({ userInput: 'hi' });
    await run.untilHeard(0, 130);

    handle.interrupt();
    await run.over(handle);
    await run.pass(1000);

    const rendered = run.recorder.samples().filter((sample) => sample !== 0).length;
    expect(run.finished[0]?.heardSamples).toBe(rendered);
  });

  it.each([60, 400])(
    '[LD3] while its first sample is on its way (%i ms) counts what sounds, and only when it sounds',
    async (outputLatencyMs) => {
      const run = await startSession({
        agent: new ScriptedAgent(TWO),
        device: { outputLatencyMs },
      });
      const handle = run.session.generateReply({ userInput: 'hi' });
      await run.until(() => run.recorder.samples().length > 0);
      await run.pass(20);

      handle.interrupt();
      await run.over(handle);

      const [first] = run.started;
      const rendered = run.recorder.samples().filter((sample) => sample !== 0).length;
      expect(first?.atMs).toBe(first?.startedAtMs);
      expect(run.finished).toMatchObject([{ outcome: 'cut', heardSamples: rendered }]);
      expect(run.finished[0]?.atMs).toBeGreaterThanOrEqual(run.finished[0]?.endedAtMs ?? 0);
    },
  );

  it('[LK7] between the hand-over and the end of the first response corrects the message', async () => {
    const run = await startSession({ agent: new ScriptedAgent(TWO) });
    const handle = run.session.generateReply({ userInput: 'hi' });
    await run.until(() => run.unfinishedSegments === 2);
    expect(run.finished, 'handed over before it was heard').toHaveLength(0);
    await run.pass(60);

    handle.interrupt();
    await run.over(handle);

    expect(run.ends).toEqual(['cut: alpha beta gamma', 'skipped: cut']);
    expect(run.chat).toEqual([{ text: 'alpha beta gamma', interrupted: true }]);
    expect(run.unfinishedSegments).toBe(0);
    expect(run.finishes).toHaveLength(2);
    expect(run.stateNames.at(-1)).toBe('listening');
  });

  it('[PB14] between the hand-over and the end of the first response tells the pipeline how far that was played', async () => {
    const run = await startSession({ agent: new ScriptedAgent(TWO) });
    const handle = run.session.generateReply({ userInput: 'hi' });
    await run.until(() => run.unfinishedSegments === 2);
    await run.pass(60);
    expect(run.finishes, 'the pipeline has gone on, and nothing has ended').toHaveLength(0);

    handle.interrupt();
    await run.over(handle);

    const heardMs = run.finished[0]?.heardMs ?? 0;
    expect(heardMs).toBeLessThan(400);
    expect(run.finishes.map(({ interrupted }) => interrupted)).toEqual([true, true]);
    expect(run.finishes[0]?.playbackPosition).toBeCloseTo(heardMs / 1000, 6);
    expect(run.finishes[1]?.playbackPosition).toBe(0);
  });

  it('[LK7] in the first word of a response that was handed over leaves no message', async () => {
    const run = await startSession({ agent: new ScriptedAgent(texts('alpha', 'epsilon zeta.')) });
    const handle = run.session.generateReply({ userInput: 'hi' });
    await run.until(() => run.unfinishedSegments === 2);

    handle.interrupt();
    await run.over(handle);

    expect(run.ends).toEqual(['cut: ', 'skipped: cut']);
    expect(run.chat).toEqual([]);
    const kept = run.session.currentAgent.chatCtx.items;
    expect(kept.filter((item) => item.type === 'message' && item.role === 'assistant')).toEqual([]);
  });

  it('[LK6] before the first sample leaves no message, no playback event and no open segment', async () => {
    const run = await startSession({
      agent: new ScriptedAgent(TWO),
      device: { outputLatencyMs: 300 },
    });
    const handle = run.session.generateReply({ userInput: 'hi' });
    await run.until(() => run.unfinishedSegments === 1);

    handle.interrupt();
    await run.over(handle);
    await run.pass(1000);

    expect(run.ends).toEqual(['skipped: cut', 'skipped: cut']);
    expect(run.chat).toEqual([]);
    expect(run.unfinishedSegments).toBe(0);
    expect(run.finishes).toHaveLength(1);
    expect(run.stateNames).toEqual(['thinking', 'listening']);
  });

  it('[LK6][LK7] while paused before the first sample leaves no message and no open segment', async () => {
    const run = await startSession({ agent: new ScriptedAgent(TWO) });
    run.output.pause();
    const handle = run.session.generateReply({ userInput: 'hi' });
    await run.until(() => run.states.at(-1)?.state === 'thinking');
    run.output.pause();
    await run.pass(50);

    handle.interrupt();
    await run.over(handle);

    expect(run.ends).toEqual(['skipped: cut', 'skipped: cut']);
    expect(run.chat).toEqual([]);
    expect(run.unfinishedSegments).toBe(0);
    expect(run.stateNames).toEqual(['thinking', 'listening']);
  });

  it('[LK7][LK6] during the synthesis ends the response with what was heard', async () => {
    const { opened, open } = gate();
    const tts = new ToneTTS({ onWord: (word) => (word === 'delta.' ? opened : undefined) });
    const run = await startSession({ agent: new ScriptedAgent(TWO), tts });
    const handle = run.session.generateReply({ userInput: 'hi' });
    await run.untilHeard(0, 230);

    handle.interrupt();
    await run.pass(20);
    open();
    await run.over(handle);

    expect(run.ends).toEqual(['cut: alpha beta', 'skipped: cut']);
    expect(run.chat).toEqual([{ text: 'alpha beta', interrupted: true }]);
    expect(run.unfinishedSegments).toBe(0);
    expect(run.stateNames.at(-1)).toBe('listening');
  });

  it('[SQ3] in the state between two responses drops the states queued after it, and reports them', async () => {
    const { opened, open } = gate();
    const agent = new ScriptedAgent(async function* (turn): AsyncGenerator<LlmChunk> {
      turn.begin();
      yield 'alpha';
      turn.queueAgentState('thinking');
      turn.begin();
      await opened;
      yield 'beta';
      turn.queueAgentState('idle');
    });
    const run = await startSession({ agent });
    const handle = run.session.generateReply({ userInput: 'hi' });
    await run.until(() => run.finished.length === 1);
    expect(run.states.at(-1)?.state).toBe('thinking');

    handle.interrupt();
    await run.pass(10);
    open();
    await run.over(handle);
    await run.pass(1000);

    expect(run.ends).toEqual(['heard: alpha', 'skipped: cut']);
    expect(run.stateNames).toEqual(['thinking', 'speaking', 'thinking', 'listening']);
    expect(run.chat).toEqual([{ text: 'alpha', interrupted: true }]);
  });

  it('[SQ3][SQ4] drops a state queued after the response that plays', async () => {
    const run = await startSession({ agent: new ScriptedAgent(TWO) });
    const handle = run.session.generateReply({ userInput: 'hi' });
    await run.untilHeard(0, 50);

    handle.interrupt();
    await run.over(handle);
    await run.pass(1000);

    expect(run.of('agent_state_dropped')).toMatchObject([{ state: 'thinking', reason: 'cut' }]);
    expect(run.stateNames).toEqual(['thinking', 'speaking', 'listening']);
  });

  it('[TK2] aborts the tasks with abortOnCut, and no others', async () => {
    const reasons: string[] = [];
    const agent = new ScriptedAgent(async function* (turn): AsyncGenerator<LlmChunk> {
      const run: ResponseTask = (_event, signal) =>
        new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => {
            reasons.push(String(signal.reason));
            resolve();
          });
        });
      turn.begin({ task: { run, abortOnCut: true } });
      yield 'alpha beta gamma';
    });
    const run = await startSession({ agent });
    const handle = run.session.generateReply({ userInput: 'hi' });
    await run.untilHeard(0, 50);

    handle.interrupt();
    await run.over(handle);

    expect(reasons).toEqual(['AbortError: the task was aborted: cut']);
  });
});

describe('after an interruption', () => {
  it('[LK6] the next turn is counted and heard as usual', async () => {
    const run = await startSession({ agent: new ScriptedAgent(TWO, texts('iota kappa')) });
    const handle = run.session.generateReply({ userInput: 'hi' });
    await run.untilHeard(0, 120);
    handle.interrupt();

    await run.reply('again');

    expect(run.ends).toEqual(['cut: alpha', 'skipped: cut', 'heard: iota kappa']);
    expect(run.unfinishedSegments).toBe(0);
    expect(run.stateNames.slice(-3)).toEqual(['thinking', 'speaking', 'listening']);
    expect(run.chat.at(-1)).toEqual({ text: 'iota kappa', interrupted: false });
  });

  it('[LK6] a speech that was queued after it is played next', async () => {
    const run = await startSession();
    const first = run.session.say('alpha beta gamma');
    const second = run.session.say('delta epsilon');
    await run.untilHeard(0, 120);

    first.interrupt();
    await run.over(second);

    expect(run.ends).toEqual(['cut: alpha', 'heard: delta epsilon']);
    expect(run.chat).toEqual([
      { text: 'alpha', interrupted: true },
      { text: 'delta epsilon', interrupted: false },
    ]);
    expect(run.unfinishedSegments).toBe(0);
  });
});

it('[RS3] a reply generated ahead and discarded is skipped as not_played, and cuts no other speech', async () => {
  const run = await startSession({ agent: new ScriptedAgent(TWO) });
  const playing = run.session.say('iota kappa lambda');
  await run.untilHeard(0, 50);
  // As preemptive generation does while the user may still go on speaking (`onPreemptiveGeneration` in `agent_activity.ts`).
  const { _activity } = run.session as unknown as {
    _activity: { generateReply(options: { scheduleSpeech: false }): voice.SpeechHandle };
  };
  const ahead = _activity.generateReply({ scheduleSpeech: false });
  await run.pass(50);

  ahead.interrupt();
  await run.over(playing);

  expect(run.ends).toEqual([
    'skipped: not_played',
    'skipped: not_played',
    'heard: iota kappa lambda',
  ]);
  expect(run.stateNames).toEqual(['speaking', 'listening']);
});

it('[LK6] two queued speeches are two turns, one after the other', async () => {
  const run = await startSession();

  run.session.say('alpha beta');
  await run.over(run.session.say('gamma'));

  expect(run.ends).toEqual(['heard: alpha beta', 'heard: gamma']);
  expect(new Set(run.started.map(({ speechId }) => speechId)).size).toBe(2);
  expect(run.finishes.map(({ interrupted }) => interrupted)).toEqual([false, false]);
});

it('[PB6][SQ4] a pause holds playout and every event, and resume continues with no word lost', async () => {
  const run = await startSession({ agent: new ScriptedAgent(TWO) });
  const handle = run.session.generateReply({ userInput: 'hi' });
  await run.untilHeard(0, 130);

  run.output.pause();
  await run.pass(2000);
  const whilePaused = run.finished.length;
  run.output.resume();
  await run.over(handle);

  expect(whilePaused).toBe(0);
  expect(run.ends).toEqual(['heard: alpha beta gamma delta.', 'heard: epsilon zeta eta theta.']);
  // The pause began with a block just taken.
  expect(run.soundedAtMs('epsilon') - run.soundedAtMs('alpha')).toBe(400 + 2000 - 10);
});
