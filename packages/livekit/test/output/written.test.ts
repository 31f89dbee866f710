import { tts, voice } from '@livekit/agents';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { synchronize } from '../support/captions.ts';
import { loggedErrors } from '../support/logged_errors.ts';
import { ScriptedAgent, texts } from '../support/scripted_agent.ts';
import { gate, startSession } from '../support/session_harness.ts';
import { ToneTTS } from '../support/tone_tts.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('[LK16] text that is shown and not spoken', () => {
  it('[LK16] stays in the history as far as it was shown, though it was interrupted', async () => {
    const errors = loggedErrors();
    const stop = gate();
    const agent = new ScriptedAgent(async function* (turn) {
      turn.begin();
      yield 'alpha beta ';
      turn.queueAgentState('thinking');
      turn.begin();
      yield 'gamma ';
      await stop.opened;
      yield 'delta';
    });
    const run = await startSession({
      agent,
      beforeStart: (session) => session.output.setAudioEnabled(false),
    });
    const handle = run.session.generateReply({ userInput: 'hi' });
    await run.pass(100);

    handle.interrupt();
    stop.open();
    await run.over(handle);

    // LiveKit takes in the token that it is waiting for.
    expect(run.chat).toEqual([{ text: 'alpha beta gamma delta', interrupted: true }]);
    expect(run.ends).toEqual(['skipped: not_spoken', 'skipped: not_spoken']);
    expect(run.stateNames).toEqual(['thinking', 'speaking', 'listening']);
    expect(errors(run)).toEqual([]);
  });

  it('[LK16] is heard again when the audio is switched on', async () => {
    const run = await startSession({ agent: new ScriptedAgent(texts('alpha'), texts('beta')) });
    run.session.output.setAudioEnabled(false);
    await run.reply();
    run.session.output.setAudioEnabled(true);

    await run.reply();

    expect(run.ends).toEqual(['skipped: not_spoken', 'heard: beta']);
    expect(run.chat.map(({ text }) => text)).toEqual(['alpha', 'beta']);
  });

  it('[LK16] is shown as it is written where the session has no voice', async () => {
    const captions: string[] = [];
    const run = await startSession({
      tts: undefined,
      agent: new ScriptedAgent(texts('alpha beta ', 'gamma ')),
      beforeStart: (session) => {
        synchronize(session, (chunk) =>
          captions.push(typeof chunk === 'string' ? chunk : chunk.text),
        );
      },
    });

    await run.reply();

    expect(captions.join('')).toBe('alpha beta gamma ');
    expect(run.chat).toEqual([{ text: 'alpha beta gamma ', interrupted: false }]);
    expect(run.ends).toEqual(['skipped: not_spoken', 'skipped: not_spoken']);
  });
});

describe('[RS7] a voice that stands in for one that failed', () => {
  it('[RS7] speaks the whole response, which is heard', async () => {
    const broken = new ToneTTS({
      onWord: () => {
        throw new Error('out of order');
      },
    });
    const adapter = new tts.FallbackAdapter({
      ttsInstances: [broken, new ToneTTS()],
      maxRetryPerTTS: 0,
    });
    const run = await startSession({
      session: { tts: adapter },
      agent: new ScriptedAgent(texts('alpha beta gamma')),
    });

    await run.reply();

    expect(run.ends).toEqual(['heard: alpha beta gamma']);
    expect(run.chat).toEqual([{ text: 'alpha beta gamma', interrupted: false }]);
    await run.whileTimePasses(adapter.close());
  });
});

describe('[LK7] what is heard and what is stored', () => {
  it('[LK7] a voice that gives no audio leaves nothing in the next prompt', async () => {
    const agent = new ScriptedAgent(texts('alpha ', 'beta'));
    agent.ttsNode = async (text, settings) => {
      const [first, rest] = (text as ReadableStream<string>).tee();
      const { value } = await first.getReader().read();
      return value === 'beta' ? null : voice.Agent.default.ttsNode(agent, rest, settings);
    };
    const run = await startSession({ agent });

    await run.reply();

    expect(run.ends).toEqual(['heard: alpha ', 'skipped: no_audio']);
    expect(run.chat).toEqual([{ text: 'alpha ', interrupted: false }]);
  });

  it('[LK7] a handler that was there before attachOncue gets the corrected message', async () => {
    const session = new voice.AgentSession({ vad: null });
    const order: string[] = [];
    const { ConversationItemAdded } = voice.AgentSessionEventTypes;
    session.on(ConversationItemAdded, () => order.push('before'));
    vi.spyOn(session, 'prependListener').mockImplementation((type, listener) => {
      order.push(`prepended ${String(type)}`);
      return session.on(type, listener);
    });
    const { attachOncue, LocalDevice } = await import('../../src/index.ts');

    attachOncue(session, { listener: new LocalDevice() });

    expect(order).toEqual([`prepended ${ConversationItemAdded}`]);
  });

  it('[LK7] captions that lag do not decide what is stored, and are shown as far as was heard', async () => {
    const captions: string[] = [];
    const run = await startSession({
      agent: new ScriptedAgent(texts('alpha beta gamma delta epsilon zeta')),
      beforeStart: (session) => {
        synchronize(session, (chunk) =>
          captions.push(typeof chunk === 'string' ? chunk : chunk.text),
        );
      },
    });
    const handle = run.session.generateReply({ userInput: 'hi' });
    await run.untilHeard(0, 250);
    // LiveKit's pace gives the first word half a second.
    expect(captions.join('')).not.toContain('beta');

    handle.interrupt();
    await run.over(handle);

    expect(run.ends).toEqual(['cut: alpha beta']);
    expect(run.chat).toEqual([{ text: 'alpha beta', interrupted: true }]);
    expect(captions.join('')).toBe('alpha beta');
  });

  it('[LK7] the outcomes of a long turn are kept as long as its speech is', async () => {
    const words = Array.from({ length: 80 }, (_, index) => `word${index} `);
    const run = await startSession({ agent: new ScriptedAgent(texts(...words)) });
    const handle = run.session.generateReply({ userInput: 'hi' });
    // The 71st is handed over, so LiveKit stores all of it.
    await run.untilHeard(70, 20);

    handle.interrupt();
    await run.over(handle);

    expect(run.chat).toEqual([{ text: words.slice(0, 70).join(''), interrupted: true }]);
  });
});

it('[HT5] captions that are not read to their end do not end the text of their response', async () => {
  const stop = gate();
  const inputs: string[] = [];
  const run = await startSession({ attach: { trace: (line) => inputs.push(line) } });
  const text = new ReadableStream<string>({
    start: async (controller) => {
      controller.enqueue('Your account num');
      await stop.opened;
      controller.enqueue('ber');
    },
  });
  const handle = run.session.say(text as never);
  await run.untilHeard(0, 250);

  handle.interrupt();
  await run.pass(20);
  stop.open();
  await run.over(handle);

  expect(run.ends).toEqual(['cut: Your']);
  expect(run.chat).toEqual([{ text: 'Your', interrupted: true }]);
  expect(inputs.join()).not.toContain('text_ended');
});
