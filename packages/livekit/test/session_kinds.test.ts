import { createRequire } from 'node:module';
import { log, voice } from '@livekit/agents';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { attachOncue, LocalDevice, OncueAgent, toEpochMs } from '../src/index.ts';
import { loggedErrors } from './support/logged_errors.ts';
import { ScriptedAgent, texts } from './support/scripted_agent.ts';
import { startSession } from './support/session_harness.ts';

const EXPECTED_STATES = ['thinking', 'speaking', 'thinking', 'speaking', 'listening'];

afterEach(() => {
  vi.restoreAllMocks();
});

describe('[LK13] what a session may be', () => {
  it('[LK13] one with user data of the application', () => {
    const session = new voice.AgentSession<{ readonly name: string }>({
      vad: null,
      userData: { name: 'Ada' },
    });

    // `tsc` checks this file: it refuses the call if the type of the data matters.
    expect(attachOncue(session, { listener: new LocalDevice() }).nowMs()).toBeGreaterThan(0);
    expect(session.userData.name).toBe('Ada');
  });

  it('[LK13] not one of another copy of @livekit/agents, as require() loads it', () => {
    const copy = createRequire(import.meta.url)('@livekit/agents') as {
      readonly voice: typeof voice;
    };
    const session = new copy.voice.AgentSession({ vad: null });

    expect(() => attachOncue(session, { listener: new LocalDevice() })).toThrow(
      expect.objectContaining({
        code: 'ONCUE_FOREIGN_SESSION',
        message: expect.stringMatching(/"type": "module".*npm ls @livekit\/agents/),
      }),
    );
  });

  it.each([undefined, null, {}, 'session'])('[LK13] not %s', (session) => {
    expect(() => attachOncue(session as never, { listener: new LocalDevice() })).toThrow(
      expect.objectContaining({ code: 'ONCUE_BAD_OPTION' }),
    );
  });
});

describe('[LK12] a session without speech synthesis', () => {
  it('[LK12] logs no error, and keeps its text', async () => {
    const errors = loggedErrors();
    const run = await startSession({ tts: undefined, script: () => 'alpha beta' });

    await run.reply();

    expect(errors(run)).toEqual([]);
    expect(run.errors).toEqual([]);
    expect(run.chat).toEqual([{ text: 'alpha beta', interrupted: false }]);
    expect(run.skipped).toMatchObject([{ reason: 'not_spoken' }]);
  });

  it('[LK12] a ttsNode of the agent that fails is logged all the same', async () => {
    const error = vi.spyOn(log() as never, 'error');
    class Broken extends ScriptedAgent {
      override async ttsNode(): Promise<null> {
        throw new Error('broken');
      }
    }
    const run = await startSession({ tts: undefined, agent: new Broken(texts('alpha')) });

    await run.reply();

    expect(error).toHaveBeenCalled();
    expect(run.skipped).toMatchObject([{ reason: 'failed', detail: 'broken' }]);
  });
});

describe('[LK14] queueAgentState between two chunks', () => {
  class Responding extends OncueAgent {
    protected override async *respond(): AsyncGenerator<string> {
      yield 'alpha';
      this.queueAgentState('thinking');
      yield 'beta';
    }
  }

  // As in livekit/agents#4213. JavaScript takes `async *llmNode`; TypeScript compares it with the one of LiveKit.
  class Generating extends OncueAgent {}
  Object.defineProperty(Generating.prototype, 'llmNode', {
    writable: true,
    value: async function* (this: OncueAgent) {
      yield 'alpha';
      this.queueAgentState('thinking');
      yield 'beta';
    },
  });

  it.each([
    ['respond', Responding],
    ['llmNode', Generating],
  ])('[LK14] of OncueAgent, in a generator %s', async (_, Agent) => {
    const run = await startSession({ agent: new Agent({ instructions: '' }) });

    await run.reply();

    expect(run.ends).toEqual(['heard: alpha', 'heard: beta']);
    expect(run.stateNames).toEqual(EXPECTED_STATES);
  });

  it('[LK14] of the session, in a generator llmNode of a plain agent', async () => {
    class Plain extends voice.Agent {}
    Object.defineProperty(Plain.prototype, 'llmNode', {
      writable: true,
      value: async function* () {
        yield 'alpha';
        run.oncue.queueAgentState('thinking');
        yield 'beta';
      },
    });
    const run = await startSession({ agent: new Plain({ instructions: '' }) });

    await run.reply();

    expect(run.ends).toEqual(['heard: alpha', 'heard: beta']);
    expect(run.stateNames).toEqual(EXPECTED_STATES);
  });
});

it('[LK15] toEpochMs gives the time that LiveKit writes for the same start', async () => {
  const createdAt: number[] = [];
  const run = await startSession({ agent: new ScriptedAgent(texts('alpha')) });
  run.output.on(voice.AudioOutput.EVENT_PLAYBACK_STARTED, (event) =>
    createdAt.push(event.createdAt),
  );

  await run.reply();

  const starts = run.started.map(({ startedAtMs }) => startedAtMs);
  expect(starts).toHaveLength(1);
  expect(starts.map((atMs) => run.oncue.toEpochMs(atMs))).toEqual(createdAt);
  expect(starts.map(toEpochMs)).toEqual(createdAt);
});
