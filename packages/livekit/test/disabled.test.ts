import { llm, voice } from '@livekit/agents';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  type AttachOptions,
  attachOncue,
  currentTurn,
  LocalDevice,
  OncueAgent,
  type OncueSession,
  OutputListener,
} from '../src/index.ts';
import { ProbeOutput } from './support/probe_output.ts';
import { ScriptedAgent, texts } from './support/scripted_agent.ts';
import { scripted } from './support/session_harness.ts';
import { ToneTTS } from './support/tone_tts.ts';
import { captureWarnings } from './support/warnings.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

interface Plain {
  readonly oncue: OncueSession;
  readonly spoken: readonly string[];
  readonly states: readonly voice.AgentState[];
  readonly eventTypes: readonly string[];
}

/** One turn of an agent in a session with Oncue switched off; its audio goes to an output of LiveKit. */
async function runDisabled(
  agentFor: (oncue: () => OncueSession) => voice.Agent,
  options: Partial<AttachOptions> = { enabled: false },
): Promise<Plain> {
  const tts = new ToneTTS();
  const session = new voice.AgentSession({ vad: null, tts, llm: scripted(() => 'from the model') });
  const output = new ProbeOutput().playAtOnce();
  const oncue = attachOncue(session, { listener: new OutputListener(output), ...options });
  const eventTypes: string[] = [];
  const states: voice.AgentState[] = [];
  oncue.onAny(({ type }) => eventTypes.push(type));
  expect(session.output.audio).toBe(output);
  await session.start({ agent: agentFor(() => oncue) });
  session.on(voice.AgentSessionEventTypes.AgentStateChanged, ({ newState }) => {
    states.push(newState);
  });
  await session.generateReply({ userInput: 'hi' }).waitForPlayout();
  await session.close();
  await oncue.close();
  return { oncue, spoken: tts.spoken, states, eventTypes };
}

/** What a session does, without what differs from run to run: ids and instants. */
interface Course {
  readonly events: readonly unknown[];
  readonly calls: readonly string[];
  readonly audio: readonly unknown[];
  readonly spoken: readonly string[];
  readonly history: readonly unknown[];
  readonly ownMembers: readonly string[];
}

/** Members of a session that Oncue replaces to find its agents. */
const REPLACED = ['start', 'updateAgent'];

/** A conversation of an agent that declares nothing: said text, answers, a tool, an interruption and another agent. */
async function courseOf(
  attach: (session: voice.AgentSession, to: ProbeOutput) => void,
): Promise<Course> {
  const tts = new ToneTTS();
  const weather = llm.tool({ name: 'weather', description: 'x', execute: async () => 'sunny' });
  const model = scripted(({ userText, toolOutputs }) =>
    userText === 'weather' && toolOutputs.length === 0
      ? { type: 'tool_call', name: 'weather', args: {} }
      : `alpha of ${userText}`,
  );
  const session = new voice.AgentSession({ vad: null, tts, llm: model });
  const output = new ProbeOutput().playAtOnce();
  attach(session, output);
  const events: unknown[] = [];
  for (const name of Object.values(voice.AgentSessionEventTypes))
    session.on(name, (event: object) => events.push([name, plainOf(event)]));
  await session.start({ agent: new voice.Agent({ instructions: '', tools: [weather] }) });
  await session.say('beta gamma').waitForPlayout();
  await session.generateReply({ userInput: 'weather' }).waitForPlayout();
  const cut = session.generateReply({ userInput: 'delta' });
  cut.interrupt();
  await cut.waitForPlayout();
  session.updateAgent(new voice.Agent({ instructions: '' }));
  await session.generateReply({ userInput: 'epsilon' }).waitForPlayout();
  await session.close();
  const audio = output.frames.map(({ data, userdata }) => [data[0], data.length, userdata]);
  const ownMembers = Object.getOwnPropertyNames(session).filter((name) => !REPLACED.includes(name));
  const history = session.history.items.map(plainOf);
  return { events, calls: output.calls, audio, spoken: tts.spoken, history, ownMembers };
}

function plainOf(value: object): unknown {
  const volatile = /^(id|createdAt|callId|metrics|speechHandle|source|usage|.*At)$/;
  return JSON.parse(
    JSON.stringify(value, (key, inner: unknown) => (volatile.test(key) ? undefined : inner)),
  );
}

describe('[LK10] Oncue switched off', () => {
  it('[LK10] leaves each event, each frame, the history and the members of the session as LiveKit alone has them', async () => {
    const plain = await courseOf((session, output) => {
      session.output.audio = output;
    });
    const off = await courseOf((session, output) => {
      attachOncue(session, { listener: new OutputListener(output), enabled: false });
    });

    expect(plain.spoken.join(' ')).toContain('alpha of epsilon');
    expect(plain.events.length).toBeGreaterThan(10);
    expect(off).toEqual(plain);
  });

  it('[LK10] by an option: an agent that declares is spoken as LiveKit speaks it, and nothing fires', async () => {
    const { spoken, states, eventTypes } = await runDisabled(
      () => new ScriptedAgent(texts('alpha ', 'beta')),
    );

    expect(spoken).toEqual(['alpha', 'beta']);
    expect(states).toEqual(['thinking', 'speaking', 'listening']);
    expect(eventTypes).toEqual([]);
  });

  it('[LK10] by the environment', async () => {
    vi.stubEnv('ONCUE_DISABLED', '1');

    const { spoken, eventTypes } = await runDisabled(
      () => new ScriptedAgent(texts('alpha ', 'beta')),
      {},
    );

    expect(spoken).toEqual(['alpha', 'beta']);
    expect(eventTypes).toEqual([]);
  });

  it('[LK10] currentTurn, marks and queueAgentState do nothing in any kind of agent', async () => {
    const { spoken } = await runDisabled((oncue) =>
      voice.Agent.create({
        instructions: '',
        llmNode: async function* () {
          currentTurn().begin({ metadata: 1 });
          yield 'alpha ';
          oncue().queueAgentState('thinking');
          currentTurn().queueAgentState('listening');
          currentTurn().mark('here');
          oncue().markSpeech({} as never, '', {} as never);
          yield 'beta';
        },
      }),
    );

    expect(spoken).toEqual(['alpha', 'beta']);
  });

  it('[LK10] attachOncue throws nothing that it throws otherwise', () => {
    const session = new voice.AgentSession({});
    const wrong = [{}, { listener: {} }, { room: undefined }, { closeDeadlineMs: -1 }];

    for (const options of wrong)
      expect(() => attachOncue(session, { ...options, enabled: false } as never)).not.toThrow();
  });

  it('[LK10] an llmNode that is a generator is spoken', async () => {
    class Generating extends OncueAgent {}
    Object.defineProperty(Generating.prototype, 'llmNode', {
      writable: true,
      value: async function* (this: OncueAgent) {
        yield 'alpha ';
        this.queueAgentState('thinking');
        yield 'beta';
      },
    });

    const { spoken } = await runDisabled(() => new Generating({ instructions: '' }));

    expect(spoken).toEqual(['alpha', 'beta']);
  });

  it('[LK10] a listener that plays only with Oncue is named in a warning', () => {
    const warnings = captureWarnings();
    const session = new voice.AgentSession({ vad: null });

    attachOncue(session, { listener: new LocalDevice(), enabled: false });

    expect(session.output.audio).toBeNull();
    expect(warnings).toMatchObject([{ code: 'ONCUE_DISABLED' }]);
  });

  it('[LK10] in a room LiveKit plays itself', () => {
    const warnings = captureWarnings();
    const session = new voice.AgentSession({ vad: null });

    attachOncue(session, { room: {} as never, enabled: false });

    expect(session.output.audio).toBeNull();
    expect(warnings).toEqual([]);
  });
});
