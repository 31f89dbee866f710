import { voice } from '@livekit/agents';
import type { AgentMs } from '@oncue/core';
import { describe, expect, it } from 'vitest';
import {
  type OncueEvent,
  type OncueSession,
  type ResponseHistory,
  type ResponseOutcomeCorrected,
  type ResponsePlaybackRefined,
  recordHistory,
} from '../src/index.ts';
import { ScriptedAgent, texts } from './support/scripted_agent.ts';
import { type RunOptions, type SessionRun, startSession } from './support/session_harness.ts';

interface Recorded {
  readonly run: SessionRun;
  readonly history: ResponseHistory;
}

async function recorded(options: RunOptions): Promise<Recorded> {
  const run = await startSession(options);
  return { run, history: recordHistory(run.oncue, run.session) };
}

it('[RH1] each response that was heard gives a message with its text, its instants and its ids', async () => {
  const itemIds: string[] = [];
  const { run, history } = await recorded({
    agent: new ScriptedAgent(texts('alpha beta ', '', 'gamma')),
  });
  run.session.on(voice.AgentSessionEventTypes.ConversationItemAdded, ({ item }) => {
    if (item.type === 'message' && item.role === 'assistant') itemIds.push(item.id);
  });
  const speech = await run.reply();

  expect(history.items).toHaveLength(2);
  for (const [index, { message, ...ids }] of history.items.entries()) {
    const end = run.finished[index];
    expect(ids).toEqual({
      responseId: end?.responseId,
      turnId: end?.turnId,
      speechId: speech.id,
      itemId: itemIds[0],
      outcome: 'heard',
    });
    expect(message).toMatchObject({ id: end?.responseId, role: 'assistant', interrupted: false });
    expect(message.createdAt).toBe(run.oncue.toEpochMs(run.started[index]?.startedAtMs as never));
    expect(message.metrics.stoppedSpeakingAt).toBe(
      run.oncue.toEpochMs(end?.endedAtMs as never) / 1000,
    );
  }
  expect(history.items.map(({ message }) => message.textContent)).toEqual(['alpha beta ', 'gamma']);
});

it('[RH1] a cut response has the words that were heard; one that was not heard has no message', async () => {
  const { run, history } = await recorded({
    agent: new ScriptedAgent(texts('alpha ', 'beta gamma delta ', 'omega')),
  });
  const speech = run.session.generateReply({ userInput: 'hi' });
  await run.untilHeard(1, 150);
  speech.interrupt();
  await run.over(speech);

  expect(
    history.items.map(({ message, outcome }) => [
      message.textContent?.trim(),
      message.interrupted,
      outcome,
    ]),
  ).toEqual([
    ['alpha', false, 'heard'],
    ['beta', true, 'cut'],
  ]);
});

it('[RH2] the chat context has the messages of the responses in the place of LiveKit’s', async () => {
  const { run, history } = await recorded({
    agent: new ScriptedAgent(texts('alpha ', 'beta'), texts('gamma delta ', 'epsilon zeta eta')),
  });
  await run.reply('one');
  const speech = run.session.generateReply({ userInput: 'two' });
  await run.untilHeard(3, 150);
  speech.interrupt();
  await run.over(speech);

  const shown = history
    .toChatContext()
    .items.flatMap((item) =>
      item.type === 'message' ? [[item.role, item.textContent?.trim(), item.interrupted]] : [],
    );
  expect(shown).toEqual([
    ['user', 'one', false],
    ['assistant', 'alpha', false],
    ['assistant', 'beta', false],
    ['user', 'two', false],
    ['assistant', 'gamma delta', false],
    ['assistant', 'epsilon', true],
  ]);
  expect(run.chat).toHaveLength(2);
});

it('[RH2] a message that somebody changed stays as it is', async () => {
  const { run, history } = await recorded({ agent: new ScriptedAgent(texts('alpha ', 'beta')) });
  await run.reply();
  const message = run.session.history.items.find(
    (item) => item.type === 'message' && item.role === 'assistant',
  );
  if (message?.type !== 'message') throw new Error('no message');
  message.content = ['redacted'];

  expect(history.toChatContext().items.at(-1)).toBe(message);
});

it('[RH2] a response of which no whole word was heard adds no message without text', async () => {
  const { run, history } = await recorded({ agent: new ScriptedAgent(texts('alpha ', 'beta')) });
  const speech = run.session.generateReply({ userInput: 'hi' });
  await run.untilHeard(1, 30);
  speech.interrupt();
  await run.over(speech);

  expect(history.items.map(({ message }) => message.textContent)).toEqual(['alpha ', '']);
  const shown = history
    .toChatContext()
    .items.flatMap((item) => (item.type === 'message' ? [item.textContent] : []));
  expect(shown).toEqual(['hi', 'alpha ']);
});

it('[RH1] what is not a session of Oncue and one of LiveKit is refused', () => {
  const session = new voice.AgentSession({ vad: null });
  const record = recordHistory as (...args: unknown[]) => unknown;
  for (const args of [[], [session], [session, session], [{ on: () => {}, toEpochMs: Number }]])
    expect(() => record(...args)).toThrow(expect.objectContaining({ code: 'ONCUE_BAD_OPTION' }));
});

it('[RH3] after stop nothing more is recorded', async () => {
  const { run, history } = await recorded({});
  await run.over(run.session.say('alpha'));
  history.stop();
  await run.over(run.session.say('beta'));

  expect(history.items.map(({ message }) => message.textContent)).toEqual(['alpha']);
});

it('[RH3] without Oncue the context is the session’s own', async () => {
  const session = new voice.AgentSession({ vad: null });
  const silent: Pick<OncueSession, 'on' | 'toEpochMs'> = { on: () => () => {}, toEpochMs: Number };
  const history = recordHistory(silent, session);

  expect(history.items).toEqual([]);
  expect(history.toChatContext().items).toEqual(session.history.items);
});

describe('a correction', () => {
  /** Two responses of a turn were heard. The history gets the events of the session and those that the test makes. */
  async function twoHeard() {
    const run = await startSession({ agent: new ScriptedAgent(texts('alpha beta ', 'gamma')) });
    const handlers = new Map<string, (event: never) => void>();
    const on = ((type: OncueEvent['type'], handler: (event: never) => void) => {
      handlers.set(type, handler);
      return run.oncue.on(type as never, handler);
    }) as OncueSession['on'];
    const toEpochMs = run.oncue.toEpochMs.bind(run.oncue);
    const history = recordHistory({ on, toEpochMs }, run.session);
    await run.reply();
    const [first, second] = run.finished;
    if (!first || !second) throw new Error('two responses were heard');
    const tell = (event: { readonly type: OncueEvent['type'] }): void =>
      handlers.get(event.type)?.(event as never);
    const correct = (fields: Partial<ResponseOutcomeCorrected>): void =>
      tell({ ...first, ...fields, type: 'response_outcome_corrected' });
    const refine = (fields: Partial<ResponsePlaybackRefined>): void =>
      tell({ ...first, ...fields, type: 'response_playback_refined' });
    const secondsOf = (index: number): unknown[] => {
      const { startedSpeakingAt, stoppedSpeakingAt } = history.items[index]?.message.metrics ?? {};
      return [startedSpeakingAt, stoppedSpeakingAt];
    };
    const toSeconds = (instantMs: number): number => toEpochMs(instantMs as AgentMs) / 1000;
    return { run, history, first, second, correct, refine, secondsOf, toSeconds };
  }

  it('[RH4] changes the message of a response', async () => {
    const { run, history, first, correct } = await twoHeard();
    correct({
      outcome: 'cut',
      interrupted: true,
      heardText: 'alpha',
      positionAtMs: first.endedAtMs,
    });

    const [one, two] = history.items;
    expect(one?.message).toMatchObject({ textContent: 'alpha', interrupted: true });
    expect(one?.outcome).toBe('cut');
    expect(one?.message.createdAt).toBe(run.oncue.toEpochMs(run.started[0]?.startedAtMs as never));
    expect(two?.message.textContent).toBe('gamma');
  });

  it('[RH4] gives a response that had no message one, in its place', async () => {
    const { history, first, second, correct } = await twoHeard();
    correct({
      responseId: 'late' as never,
      outcome: 'heard',
      heardText: 'delta',
      fullText: 'delta',
      startedAtMs: (first.endedAtMs - 1) as AgentMs,
      positionAtMs: second.endedAtMs,
    });

    expect(history.items.map(({ message }) => message.textContent)).toEqual([
      'alpha beta ',
      'delta',
      'gamma',
    ]);
  });

  it('[RH4] of a position before the start that was told: the start is that of the report', async () => {
    const { run, correct, secondsOf, toSeconds } = await twoHeard();
    const toldAtMs = run.started[0]?.startedAtMs ?? Number.NaN;
    const startedAtMs = (toldAtMs - 80) as AgentMs;
    const positionAtMs = (toldAtMs - 20) as AgentMs;
    correct({ outcome: 'cut', interrupted: true, heardText: 'alpha', startedAtMs, positionAtMs });

    expect(secondsOf(0)).toEqual([toSeconds(startedAtMs), toSeconds(positionAtMs)]);
  });

  it('[RH4] of a later part only: the start is the one that was told', async () => {
    const { run, first, correct, secondsOf, toSeconds } = await twoHeard();
    const toldAtMs = run.started[0]?.startedAtMs ?? Number.NaN;
    const positionAtMs = (first.endedAtMs + 5) as AgentMs;
    correct({ startedAtMs: (toldAtMs + 10) as AgentMs, positionAtMs });

    expect(secondsOf(0)).toEqual([toSeconds(toldAtMs), toSeconds(positionAtMs)]);
  });

  it('[RH4] that nothing was heard takes the message away', async () => {
    const { history, correct } = await twoHeard();
    correct({ outcome: 'cut', interrupted: true, heardText: '', heardSamples: 0 });

    expect(history.items.map(({ message }) => message.textContent)).toEqual(['gamma']);
  });

  it('[RH4] a start that is refined to after the end: the message ends there, not before', async () => {
    const { first, refine, secondsOf, toSeconds } = await twoHeard();
    const startedAtMs = (first.endedAtMs + 30) as AgentMs;
    refine({ startedAtMs });

    expect(secondsOf(0)).toEqual([toSeconds(startedAtMs), toSeconds(startedAtMs)]);
  });
});
