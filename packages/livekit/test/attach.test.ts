import { voice } from '@livekit/agents';
import type { OncueEvent } from '@oncue/core';
import { ManualClock } from '@oncue/core/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { attachOncue, currentTurn, LocalDevice } from '../src/index.ts';
import { ScriptedAgent, texts } from './support/scripted_agent.ts';
import { gate, scripted, startSession } from './support/session_harness.ts';
import { ToneTTS } from './support/tone_tts.ts';
import { captureWarnings } from './support/warnings.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

function unattached(): voice.AgentSession {
  return new voice.AgentSession({ vad: null, tts: new ToneTTS() });
}

describe('attaching', () => {
  it('[LK5] twice throws', () => {
    const session = unattached();
    attachOncue(session, { listener: new LocalDevice() });

    expect(() => attachOncue(session, { listener: new LocalDevice() })).toThrow(
      expect.objectContaining({ code: 'ONCUE_ALREADY_ATTACHED' }),
    );
  });

  it('[LK5] after the start throws', async () => {
    const session = unattached();
    await session.start({ agent: new voice.Agent({ instructions: '' }) });

    expect(() => attachOncue(session, { listener: new LocalDevice() })).toThrow(
      expect.objectContaining({ code: 'ONCUE_ATTACHED_TOO_LATE' }),
    );
    await session.close();
  });

  it('[LK5] without a listener throws, and leaves the session free', () => {
    const session = unattached();

    expect(() => attachOncue(session, {} as never)).toThrow(
      expect.objectContaining({ code: 'ONCUE_BAD_OPTION' }),
    );
    expect(session.output.audio).toBeNull();
    attachOncue(session, { listener: new LocalDevice() });
  });

  it.each([
    ['timeline', { timeline: { reportTimeoutMs: -1 } }],
    ['trace', { trace: 'trace.jsonl' }],
    ['closeDeadlineMs', { closeDeadlineMs: Number.NaN }],
    ['a misspelled name', { closeDedlineMs: 100 }],
    ['a misspelled name of the timeline', { timeline: { estimateDelay: 100 } }],
    ['of a room, where a listener is given', { audience: 'all' }],
    ['of a listener, where the listener has it', { awayAfterMs: 100 }],
  ])('[LK5] with a bad option, %s, throws, and may be tried again', (_, bad) => {
    const session = unattached();
    const listener = new LocalDevice();

    expect(() => attachOncue(session, { listener, ...(bad as object) })).toThrow(
      expect.objectContaining({ code: 'ONCUE_BAD_OPTION' }),
    );
    attachOncue(session, { listener });
  });

  it('[LD5] a local device that another session has, or had, throws', async () => {
    const listener = new LocalDevice();
    const first = attachOncue(unattached(), { listener });

    expect(() => attachOncue(unattached(), { listener })).toThrow(
      expect.objectContaining({ code: 'ONCUE_BAD_OPTION' }),
    );
    await first.close();
    expect(() => attachOncue(unattached(), { listener })).toThrow(
      expect.objectContaining({ code: 'ONCUE_CLOSED' }),
    );
  });
});

describe('outside a turn', () => {
  it('[LK5] currentTurn and queueAgentState throw', async () => {
    const run = await startSession();
    const noTurn = expect.objectContaining({ code: 'ONCUE_NO_TURN' });

    expect(() => currentTurn()).toThrow(noTurn);
    expect(() => run.oncue.queueAgentState('thinking')).toThrow(noTurn);
  });

  it('[LK5] an agent that declares fails its turn in a session without Oncue', async () => {
    const agent = new ScriptedAgent(texts('alpha'));

    await expect(agent.llmNode({} as never, {} as never, {})).rejects.toMatchObject({
      code: 'ONCUE_NO_TURN',
    });
  });
});

it('[SQ5] a state that LiveKit does not know throws and queues nothing', async () => {
  let thrown: unknown;
  const agent = new ScriptedAgent(async function* (turn) {
    yield 'alpha ';
    try {
      turn.queueAgentState('dancing' as never);
    } catch (error) {
      thrown = error;
    }
    yield 'beta';
  });
  const run = await startSession({ agent });

  await run.reply();

  expect(thrown).toMatchObject({ code: 'ONCUE_UNKNOWN_STATE' });
  expect(run.ends).toEqual(['heard: alpha beta']);
});

it('[SQ1] session.queueAgentState queues in the turn of the llmNode that calls it', async () => {
  const agent = voice.Agent.create({
    instructions: '',
    llmNode: async function* () {
      yield 'alpha';
      run.oncue.queueAgentState('thinking');
      yield 'beta';
    },
  });
  const run = await startSession({ agent });

  await run.reply();

  expect(run.stateNames).toEqual(['thinking', 'speaking', 'thinking', 'speaking', 'listening']);
});

describe('agents and sessions', () => {
  it('[LK2] an agent that takes over is hooked as well', async () => {
    const run = await startSession({ agent: new ScriptedAgent(texts('alpha', 'beta')) });
    await run.reply();

    run.session.updateAgent(new ScriptedAgent(texts('gamma', 'delta')));
    await run.pass(100);
    await run.reply();

    expect(run.ends).toEqual(['heard: alpha', 'heard: beta', 'heard: gamma', 'heard: delta']);
  });

  it('[LK2] an agent that speaks as it enters and as it leaves is hooked as well', async () => {
    class Polite extends ScriptedAgent {
      override async onEnter(): Promise<void> {
        this.session.say('hello');
      }
      override async onExit(): Promise<void> {
        await this.session.say('goodbye').waitForPlayout();
      }
    }
    const run = await startSession({ agent: new Polite(texts('alpha')) });
    await run.until(() => run.finished.length === 1);

    run.session.updateAgent(new ScriptedAgent(texts('beta')));
    await run.until(() => run.finished.length === 2);
    await run.pass(100);
    await run.reply();

    expect(run.ends).toEqual(['heard: hello', 'heard: goodbye', 'heard: beta']);
    expect(run.unfinishedSegments).toBe(0);
  });

  it('[LK2] an agent may serve in a second session, and is not wrapped twice', async () => {
    const agent = new ScriptedAgent(texts('alpha', 'beta'));
    const first = await startSession({ agent });
    await first.reply();
    await first.close();

    const second = await startSession({ agent });
    await second.reply();

    expect(second.ends).toEqual(['heard: alpha', 'heard: beta']);
    expect(first.ends).toEqual(second.ends);
  });

  it('[LK3] an agent that served with Oncue serves in a session without it', async () => {
    const agent = new voice.Agent({ instructions: '' });
    const first = await startSession({ agent, script: () => 'alpha' });
    await first.reply();
    await first.close();

    const second = new voice.AgentSession({ vad: null, llm: scripted(() => 'beta') });
    await first.whileTimePasses(second.start({ agent }));
    await first.over(second.generateReply({ userInput: 'hi' }));

    expect(second.history.items.at(-1)).toMatchObject({ role: 'assistant', textContent: 'beta' });
    expect(first.ends).toEqual(['heard: alpha']);
    expect(first.ids).toHaveLength(1);
    await first.whileTimePasses(second.close());
  });
});

describe('closing', () => {
  it('[TK4][TK2] waits for a running task up to the deadline, then aborts it', async () => {
    const { opened } = gate();
    const reasons: string[] = [];
    const agent = new ScriptedAgent(async function* (turn) {
      turn.begin({
        onPlaybackStarted: async (_event, signal) => {
          signal.addEventListener('abort', () => reasons.push(signal.reason.code));
          await opened;
        },
      });
      yield 'alpha beta gamma';
    });
    const run = await startSession({ agent, attach: { closeDeadlineMs: 700 } });
    run.session.generateReply({ userInput: 'hi' });
    await run.untilHeard(0, 50);

    await run.close();

    expect(reasons).toEqual(['closed']);
    expect(run.of('task_aborted')).toMatchObject([{ reason: 'closed' }]);
    expect(run.clock.nowMs()).toBeGreaterThanOrEqual((run.started[0]?.startedAtMs ?? 0) + 750);
  });

  it('[LK6] in the middle of a turn ends every response and leaves no timer', async () => {
    const run = await startSession({ agent: new ScriptedAgent(texts('alpha beta', 'gamma')) });
    run.session.generateReply({ userInput: 'hi' });
    await run.untilHeard(0, 50);

    await run.close();

    expect(run.ends).toHaveLength(2);
    expect(run.ends[0]).toMatch(/^cut/);
    expect(run.clock.pendingCount).toBe(0);
    expect(run.unfinishedSegments).toBe(0);
  });

  it('[LK5] twice does nothing more, and a session that never started can be closed', async () => {
    const warnings = captureWarnings();
    const session = unattached();
    const clock = new ManualClock();
    const listener = new LocalDevice({ clock });
    const sent = vi.spyOn(listener, 'send');
    const oncue = attachOncue(session, { listener, clock });
    const events: OncueEvent[] = [];
    oncue.onAny((event) => events.push(event));

    await oncue.close();
    const once = [...events];
    await oncue.close();
    await session.close();

    expect(events).toEqual(once);
    expect(new Set(sent.mock.calls.map(([{ type }]) => type))).toEqual(new Set(['clear']));
    expect(clock.pendingCount).toBe(0);
    expect(warnings).toEqual([]);
  });
});

it('[LK6] nothing is kept of speeches that are over', async () => {
  const run = await startSession({ agent: new ScriptedAgent(texts('alpha', 'beta')) });
  await run.reply();
  const before = run.output.eventNames().map((name) => run.output.listenerCount(name));

  for (let count = 0; count < 12; count += 1) await run.reply();

  expect(run.output.eventNames().map((name) => run.output.listenerCount(name))).toEqual(before);
  expect(run.oncue.timeline.state.turns).toEqual([]);
  expect(run.oncue.timeline.state.playout).toEqual([]);
  expect(run.clock.pendingCount).toBe(0);
});
