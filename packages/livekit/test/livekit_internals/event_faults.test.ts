import { AsyncResource } from 'node:async_hooks';
import { voice } from '@livekit/agents';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { attachOncue, LocalDevice, OncueAgent, OutputListener } from '../../src/index.ts';
import { SPEECH_FLOW } from '../../src/livekit_internals/session/speech_flow.ts';
import { throwForOncue } from '../support/hide_member.ts';
import { ProbeOutput } from '../support/probe_output.ts';
import { ScriptedAgent, texts } from '../support/scripted_agent.ts';
import {
  type RunOptions,
  type SessionRun,
  scripted,
  startSession,
} from '../support/session_harness.ts';
import { levelOf, ToneTTS } from '../support/tone_tts.ts';
import { captureWarnings } from '../support/warnings.ts';

// The events and the public members by which Oncue comes to know of an agent and its speeches are lost or changed.

afterEach(() => {
  vi.restoreAllMocks();
});

const { SpeechCreated } = voice.AgentSessionEventTypes;
const SAMPLES_A_WORD = 1600;
const FLOW = `ONCUE_LIVEKIT_CHANGED ${SPEECH_FLOW.name}`;

/** An agent whose `llmNode` is a generator that declares, in any way to write one. */
class Generating extends OncueAgent {}
Object.defineProperty(Generating.prototype, 'llmNode', {
  writable: true,
  value: async function* (this: OncueAgent) {
    yield 'alpha. ';
    this.queueAgentState('thinking');
    yield 'beta.';
  },
});

const AGENTS: readonly (readonly [string, () => voice.Agent])[] = [
  ['respond', () => new ScriptedAgent(texts('alpha. ', 'beta.'))],
  ['a generator as llmNode', () => new Generating({ instructions: '' })],
];

/** What becomes of each event `SpeechCreated`. */
function changeSpeechCreated(
  session: voice.AgentSession,
  change: (emit: () => void) => void,
): void {
  const emit = session.emit.bind(session);
  vi.spyOn(session, 'emit').mockImplementation((...event) => {
    const send = (): boolean => Reflect.apply(emit, session, event);
    if (event[0] !== SpeechCreated) return send();
    change(() => void send());
    return true;
  });
}

const EVENT_FAULTS: readonly (readonly [string, (session: voice.AgentSession) => void])[] = [
  ['is not emitted', (session) => changeSpeechCreated(session, () => {})],
  [
    'has another payload',
    (session) => {
      const emit = session.emit.bind(session);
      vi.spyOn(session, 'emit').mockImplementation((...event) =>
        Reflect.apply(emit, session, event[0] === SpeechCreated ? [SpeechCreated, {}] : event),
      );
    },
  ],
  [
    'has no payload',
    (session) => {
      const emit = session.emit.bind(session);
      vi.spyOn(session, 'emit').mockImplementation((...event) =>
        Reflect.apply(emit, session, event[0] === SpeechCreated ? [SpeechCreated] : event),
      );
    },
  ],
];

function expectWords(run: SessionRun, words: readonly string[], times: number): void {
  const samples = run.recorder.samples();
  for (const word of words)
    expect(samples.filter((one) => one === levelOf(word))).toHaveLength(SAMPLES_A_WORD * times);
  expect(run.unfinishedSegments).toBe(0);
  expect(run.errors).toEqual([]);
}

async function expectSpoken(options: RunOptions): Promise<readonly string[]> {
  const warnings = captureWarnings();
  const run = await startSession(options);
  await run.reply();
  await run.reply();
  expectWords(run, ['alpha.', 'beta.'], 2);
  expect(run.chat.map(({ text }) => text)).toEqual(['alpha. beta.', 'alpha. beta.']);
  expect(run.stateNames.at(-1)).toBe('listening');
  return warnings.map(({ code, fact, during }) => `${code} ${fact ?? during}`);
}

describe.each(AGENTS)('[LK9] an agent with %s', (_, agent) => {
  it.each(EVENT_FAULTS)('[LK9] speaks where SpeechCreated %s', async (__, beforeStart) => {
    expect(await expectSpoken({ agent: agent(), beforeStart })).toEqual([FLOW]);
  });

  it('[LK9] speaks where SpeechCreated comes elsewhere while another speech lives', async () => {
    const warnings = captureWarnings();
    const run = await startSession({
      agent: agent(),
      beforeStart: (session) =>
        changeSpeechCreated(session, (send) => new AsyncResource('x').runInAsyncScope(send)),
    });
    const said = run.session.say('gamma');
    await run.over(run.session.generateReply({ userInput: 'hi' }));
    await run.over(said);

    expectWords(run, ['gamma', 'alpha.', 'beta.'], 1);
    expect(warnings.map(({ fact }) => fact)).toEqual([SPEECH_FLOW.name]);
  });

  it('[LK11] speaks where Agent.create throws', async () => {
    vi.spyOn(voice.Agent, 'create').mockImplementation(() => {
      throw new Error('injected');
    });

    expect(await expectSpoken({ agent: agent() })).toEqual([]);
  });

  it.each(['llmNode', 'ttsNode', 'transcriptionNode', 'realtimeAudioOutputNode'] as const)(
    '[LK11] speaks where its %s cannot be wrapped',
    async (node) => {
      const fixed = agent();
      // LiveKit itself takes no generator as `llmNode`.
      if (node === 'llmNode' && fixed instanceof Generating) return;
      Object.defineProperty(fixed, node, { value: fixed[node], writable: false });

      expect(await expectSpoken({ agent: fixed })).toEqual([`ONCUE_FAILED_OPEN wrapping ${node}`]);
    },
  );

  it.each(['throws', 'rejects'] as const)(
    '[LK11] speaks where waitIfNotInterrupted %s, with word times',
    async (how) => {
      const warnings = await expectSpoken({
        agent: agent(),
        session: { useTtsAlignedTranscript: true },
        beforeStart: (session) => {
          session.prependListener(SpeechCreated, ({ speechHandle }) => {
            if (how === 'throws') throwForOncue(speechHandle, 'waitIfNotInterrupted');
            else rejectForOncue(speechHandle);
          });
        },
      });

      expect(warnings).toEqual(['ONCUE_FAILED_OPEN waiting for an interruption']);
    },
  );

  it.each(EVENT_FAULTS)('[LK10] speaks switched off where SpeechCreated %s', async (__, fault) => {
    const tts = new ToneTTS();
    const session = new voice.AgentSession({ vad: null, tts, llm: scripted(() => '') });
    const listener = new OutputListener(new ProbeOutput().playAtOnce());
    attachOncue(session, { listener, enabled: false });
    fault(session);
    await session.start({ agent: agent() });

    await session.generateReply({ userInput: 'hi' }).waitForPlayout();
    await session.close();

    expect(tts.spoken.join(' ')).toBe('alpha. beta.');
  });
});

/** LiveKit itself waits with more than one promise, or with one that ends. */
function rejectForOncue(handle: voice.SpeechHandle): void {
  const wait = handle.waitIfNotInterrupted.bind(handle);
  Object.defineProperty(handle, 'waitIfNotInterrupted', {
    value: async (...args: Parameters<typeof wait>) => {
      const isOncue = new Error('where').stack?.includes('until_interrupted');
      if (isOncue) throw new Error('injected');
      await wait(...args);
    },
  });
}

it.each(['Error', 'ConversationItemAdded', 'SpeechCreated'] as const)(
  '[LK11] an event %s without a payload throws nothing into LiveKit',
  async (name) => {
    captureWarnings();
    const run = await startSession({ agent: new ScriptedAgent(texts('alpha. ', 'beta.')) });
    const type = voice.AgentSessionEventTypes[name];
    const ours = run.session.listeners(type).slice(0, -1);

    for (const payload of [undefined, {}])
      for (const listener of ours) expect(() => listener(payload as never)).not.toThrow();
  },
);

it('[LK10] switched off, attachOncue throws for nothing that it gets', () => {
  captureWarnings();
  const throwing = {
    get enabled(): boolean {
      return false;
    },
    get listener(): never {
      throw new Error('injected');
    },
  };
  const off = { enabled: false };
  const session = (): voice.AgentSession => new voice.AgentSession({ vad: null });
  vi.stubEnv('ONCUE_DISABLED', '1');
  const calls: readonly (readonly [unknown, unknown])[] = [
    [undefined, off],
    [{}, off],
    [session(), 'x'],
    [session(), null],
    [session(), throwing],
    [session(), { clock: {}, listener: new LocalDevice() }],
    [session(), { listener: { plainOutput: {} } }],
  ];

  for (const [of, options] of calls)
    expect(() => attachOncue(of as never, options as never).nowMs()).not.toThrow();
  vi.unstubAllEnvs();
});
