import { llm, voice } from '@livekit/agents';
import { describe, expect, it } from 'vitest';
import type { currentTurn, LlmChunk } from '../../src/index.ts';
import { ScriptedAgent, texts } from '../support/scripted_agent.ts';
import { gate, startSession } from '../support/session_harness.ts';
import { levelOf, ToneTTS } from '../support/tone_tts.ts';

/** Fails at a given word. */
function failingAt(bad: string): ToneTTS {
  return new ToneTTS({
    onWord: (word) => {
      if (word === bad) throw new Error(`cannot say ${bad}`);
    },
  });
}

describe('a response with nothing to hear', () => {
  it('[RS4] is skipped with reason no_text, wherever it is in the turn', async () => {
    const run = await startSession({
      agent: new ScriptedAgent(texts('', 'alpha', '', 'beta', '')),
    });

    await run.reply();

    expect(run.ends).toEqual([
      'skipped: no_text',
      'heard: alpha',
      'skipped: no_text',
      'heard: beta',
      'skipped: no_text',
    ]);
    expect(run.unfinishedSegments).toBe(0);
    expect(run.states.at(-1)?.state).toBe('listening');
  });

  it('[RS4] of white space reaches neither the synthesis nor the captions', async () => {
    const tts = new ToneTTS();
    const run = await startSession({ agent: new ScriptedAgent(texts(' \n', 'alpha', '\t')), tts });

    await run.reply();

    expect(run.ends).toEqual(['skipped: no_text', 'heard: alpha', 'skipped: no_text']);
    expect(run.chat).toEqual([{ text: 'alpha', interrupted: false }]);
    expect(run.finishes).toHaveLength(1);
  });

  it('[RS4] white space at its start is spoken with the word that follows', async () => {
    const agent = new ScriptedAgent(async function* (turn): AsyncGenerator<LlmChunk> {
      turn.begin();
      yield ' ';
      yield 'alpha';
    });
    const run = await startSession({ agent });

    await run.reply();

    expect(run.ends).toEqual(['heard:  alpha']);
  });

  it('[RS4] a tool call that comes with white space is kept', async () => {
    const calls: string[] = [];
    const note = llm.tool({
      name: 'note',
      description: 'takes a note',
      execute: async () => {
        calls.push('note');
        return 'noted';
      },
    });
    const call = llm.FunctionCall.create({ callId: 'call', name: 'note', args: '{}' });
    const agent = voice.Agent.create({
      instructions: '',
      tools: [note],
      llmNode: async function* (_ctx, chatCtx) {
        if (chatCtx.items.some(({ type }) => type === 'function_call_output')) yield 'done';
        else yield { id: 'c', delta: { role: 'assistant', content: '\n', toolCalls: [call] } };
      },
    });
    const run = await startSession({ agent });

    await run.reply();

    expect(calls).toEqual(['note']);
    expect(run.ends).toEqual(['skipped: no_text', 'heard: done']);
  });

  it('[RS4] is skipped when the synthesis gives no audio, and the agent does not stop speaking early', async () => {
    // An answer that is only punctuation has text and no sound.
    const agent = new ScriptedAgent(texts('alpha beta gamma delta', '...'));
    agent.ttsNode = async (text, settings) => {
      const audio = await voice.Agent.default.ttsNode(agent, text, settings);
      return audio?.pipeThrough(withoutDots()) ?? null;
    };
    const run = await startSession({ agent });

    await run.reply();

    expect(run.ends).toEqual(['heard: alpha beta gamma delta', 'skipped: no_audio']);
    const listening = run.states.at(-1);
    expect(listening?.state).toBe('listening');
    expect(listening?.atMs).toBeGreaterThanOrEqual(run.soundedAtMs('alpha') + 400);
  });

  it('[RS4] a turn with only begin calls ends in skips, and the agent is listening', async () => {
    const run = await startSession({ agent: new ScriptedAgent(texts('', '')) });

    await run.reply();

    expect(run.ends).toEqual(['skipped: no_text', 'skipped: no_text']);
    expect(run.states.at(-1)?.state).toBe('listening');
    expect(run.chat).toEqual([]);
  });
});

describe('a synthesis that fails', () => {
  it('[RS7] skips the first response, and the second is played', async () => {
    const run = await startSession({
      agent: new ScriptedAgent(texts('bad alpha', 'beta gamma')),
      tts: failingAt('bad'),
    });

    await run.reply();

    expect(run.skipped).toMatchObject([
      { reason: 'failed', detail: 'cannot say bad', metadata: 0 },
    ]);
    expect(run.finished).toMatchObject([{ outcome: 'heard', metadata: 1 }]);
    expect(run.errors).toEqual(['cannot say bad']);
    expect(run.unfinishedSegments).toBe(0);
    expect(run.states.at(-1)?.state).toBe('listening');
  });

  it('[RS7] ends a response that was heard in part as failed, and the next is played', async () => {
    const run = await startSession({
      agent: new ScriptedAgent(texts('alpha beta bad gamma', 'delta')),
      tts: failingAt('bad'),
    });

    await run.reply();

    expect(run.ends).toEqual(['failed: alpha beta', 'heard: delta']);
    expect(run.stateNames).toEqual(['thinking', 'speaking', 'thinking', 'speaking', 'listening']);
  });

  it('[RS7] of the last response does not end the turn before the previous response was heard', async () => {
    const run = await startSession({
      agent: new ScriptedAgent(texts('alpha beta gamma delta', 'bad')),
      tts: failingAt('bad'),
    });

    await run.reply();

    expect(run.ends).toEqual(['heard: alpha beta gamma delta', 'skipped: failed']);
    expect(run.states.at(-1)?.atMs).toBeGreaterThanOrEqual(run.soundedAtMs('alpha') + 400);
  });

  it('[RS7] a ttsNode that throws fails its response only', async () => {
    const agent = new ScriptedAgent(texts('alpha', 'beta'));
    let callCount = 0;
    agent.ttsNode = async (text, settings) => {
      callCount += 1;
      if (callCount === 1) throw new Error('no voice');
      return await voice.Agent.default.ttsNode(agent, text, settings);
    };
    const run = await startSession({ agent });

    await run.reply();

    expect(run.ends).toEqual(['skipped: failed', 'heard: beta']);
    expect(run.skipped[0]?.detail).toBe('no voice');
  });

  it('[RS7] a ttsNode whose stream breaks fails its response only', async () => {
    const agent = new ScriptedAgent(texts('alpha beta', 'gamma'));
    agent.ttsNode = async (text, settings) => {
      const audio = await voice.Agent.default.ttsNode(agent, text, settings);
      let frameCount = 0;
      const breaking = new TransformStream({
        transform(frame, controller) {
          frameCount += 1;
          if (frameCount === 2) controller.error(new Error('line cut'));
          else controller.enqueue(frame);
        },
      });
      return audio?.pipeThrough(breaking as never) ?? null;
    };
    const run = await startSession({ agent });

    await run.reply();

    expect(run.ends).toEqual(['failed: alpha', 'heard: gamma']);
  });
});

describe('a model that fails', () => {
  it('[RS7] in the middle fails the open response; its text so far is played', async () => {
    const agent = new ScriptedAgent(async function* (turn): AsyncGenerator<LlmChunk> {
      turn.begin();
      yield 'alpha';
      turn.begin();
      yield 'beta ';
      throw new Error('model gone');
    });
    const run = await startSession({ agent });

    await run.reply();

    expect(run.ends).toEqual(['heard: alpha', 'failed: beta']);
    expect(run.states.at(-1)?.state).toBe('listening');
  });

  it('[RS7] before its first word skips the response', async () => {
    const agent = new ScriptedAgent(async function* (turn): AsyncGenerator<LlmChunk> {
      turn.begin();
      await Promise.reject(new Error('model gone'));
      yield 'never said';
    });
    const run = await startSession({ agent });

    await run.reply();

    expect(run.skipped).toMatchObject([{ reason: 'failed', detail: 'model gone' }]);
    expect(run.states.at(-1)?.state).toBe('listening');
  });

  it('[RS7] before it returns a stream skips the response', async () => {
    class Broken extends voice.Agent {
      override async llmNode(): Promise<never> {
        throw new Error('no model');
      }
    }
    const run = await startSession({ agent: new Broken({ instructions: '' }) });

    await run.reply();

    expect(run.skipped).toMatchObject([{ reason: 'failed', detail: 'no model' }]);
    expect(run.states.at(-1)?.state).toBe('listening');
  });

  it('[RS7] does not affect the next turn', async () => {
    const agent = new ScriptedAgent(async function* (): AsyncGenerator<LlmChunk> {
      yield 'alpha ';
      throw new Error('model gone');
    }, texts('beta'));
    const run = await startSession({ agent });

    await run.reply();
    await run.reply();

    expect(run.ends.at(-1)).toBe('heard: beta');
    expect(run.unfinishedSegments).toBe(0);
  });
});

describe('callbacks of the application', () => {
  it('[TK3][TK6] that throw are reported and do not affect others', async () => {
    const agent = new ScriptedAgent(async function* (turn): AsyncGenerator<LlmChunk> {
      turn.begin({ onPlaybackStarted: () => Promise.reject(new Error('task broke')) });
      yield 'alpha';
    });
    const run = await startSession({ agent });
    run.oncue.on('response_playback_started', () => {
      throw new Error('listener broke');
    });

    await run.reply();

    expect(run.of('task_failed')).toMatchObject([{ message: 'task broke', index: 0 }]);
    expect(run.of('callback_failed')).toMatchObject([{ message: 'listener broke' }]);
    expect(run.ends).toEqual(['heard: alpha']);
    expect(run.stateNames).toEqual(['thinking', 'speaking', 'listening']);
  });
});

it('[SQ1][SQ2] a queued state does not wait for the first word of the next answer', async () => {
  const { opened, open } = gate();
  const agent = new ScriptedAgent(async function* (turn): AsyncGenerator<LlmChunk> {
    turn.begin();
    yield 'alpha beta';
    turn.queueAgentState('thinking');
    await opened;
    yield 'gamma';
  });
  const run = await startSession({ agent });
  const handle = run.session.generateReply({ userInput: 'hi' });

  await run.untilHeard(0, 3000);
  const inBetween = run.states.at(-1);
  open();
  await run.over(handle);

  expect(inBetween).toEqual({ state: 'thinking', atMs: run.soundedAtMs('alpha') + 200 });
  expect(run.stateNames).toEqual(['thinking', 'speaking', 'thinking', 'speaking', 'listening']);
});

it('[RS6][LK5] begin after the turn ended throws', async () => {
  const turns: ReturnType<typeof currentTurn>[] = [];
  const agent = new ScriptedAgent(async function* (turn): AsyncGenerator<LlmChunk> {
    turns.push(turn);
    yield 'alpha';
  });
  const run = await startSession({ agent });

  await run.reply();

  expect(() => turns[0]?.begin()).toThrow(expect.objectContaining({ code: 'ONCUE_TURN_ENDED' }));
  expect(() => turns[0]?.queueAgentState('idle')).toThrow(
    expect.objectContaining({ code: 'ONCUE_TURN_ENDED' }),
  );
});

/** Gives no audio for a word of dots. */
function withoutDots(): never {
  return new TransformStream({
    transform(frame, controller) {
      if (frame.data[0] !== levelOf('...')) controller.enqueue(frame);
    },
  }) as never;
}
