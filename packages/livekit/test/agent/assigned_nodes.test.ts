import { ReadableStream } from 'node:stream/web';
import { llm, voice } from '@livekit/agents';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { currentTurn } from '../../src/index.ts';
import { ScriptedAgent, texts } from '../support/scripted_agent.ts';
import { type SessionRun, startSession } from '../support/session_harness.ts';
import { captureWarnings } from '../support/warnings.ts';

// An application may assign a node of its agent at any time, also while it serves.

type Agent = voice.Agent;
type LlmNode = Agent['llmNode'];

afterEach(() => {
  vi.restoreAllMocks();
});

/** An `llmNode` that declares a response for each text. LiveKit's type leaves out that it is a generator. */
function answering(...responses: readonly string[]): LlmNode {
  const node = async function* (): AsyncGenerator<string> {
    for (const response of responses) {
      currentTurn().begin();
      yield response;
    }
  };
  return node as unknown as LlmNode;
}

/** An agent that assigns its nodes when it begins to serve. */
function entering(assign: (agent: Agent) => void): Agent {
  class Entering extends voice.Agent {
    override async onEnter(): Promise<void> {
      assign(this);
    }
  }
  return new Entering({ instructions: '' });
}

/** Puts around a node one that calls it, and counts the calls. */
function extend<Name extends 'llmNode' | 'ttsNode' | 'transcriptionNode'>(
  agent: Agent,
  name: Name,
  calls: string[],
): void {
  const before = agent[name] as (...args: unknown[]) => unknown;
  agent[name] = async function (this: unknown, ...args: unknown[]) {
    expect(this).toBe(agent);
    calls.push(name);
    return await before(...args);
  } as unknown as Agent[Name];
}

/** What became of each response, and that nothing was counted twice. */
function endsOf(run: SessionRun): readonly string[] {
  expect(run.ids).toHaveLength(run.ends.length);
  expect(run.errors).toEqual([]);
  expect(run.unfinishedSegments).toBe(0);
  return run.ends;
}

describe('a node that is assigned after Oncue has wrapped it', () => {
  it('[LK2] declares its responses: an llmNode that onEnter assigns', async () => {
    const agent = entering((one) => {
      one.llmNode = answering('alpha ', 'beta');
    });
    const run = await startSession({ agent });

    await run.reply();

    expect(endsOf(run)).toEqual(['heard: alpha ', 'heard: beta']);
  });

  it('[LK2] may call the node that it replaces, however often that was replaced before', async () => {
    const calls: string[] = [];
    const agent = new ScriptedAgent(texts('alpha ', 'beta'));
    const run = await startSession({ agent });
    for (const name of ['llmNode', 'ttsNode', 'transcriptionNode'] as const) {
      extend(agent, name, calls);
      extend(agent, name, calls);
    }

    await run.reply();

    expect(endsOf(run)).toEqual(['heard: alpha ', 'heard: beta']);
    expect(run.soundedAtMs('beta')).toBe(run.soundedAtMs('alpha') + 100);
    expect(run.chat).toEqual([{ text: 'alpha beta', interrupted: false }]);
    expect(calls.filter((name) => name === 'llmNode')).toHaveLength(2);
    expect(calls.filter((name) => name === 'ttsNode')).toHaveLength(4);
    expect(calls.filter((name) => name === 'transcriptionNode')).toHaveLength(4);
  });

  it('[LK2] is the one that runs where llmNode assigns the ttsNode of its own turn', async () => {
    const calls: string[] = [];
    const agent: Agent = new ScriptedAgent(async function* (turn) {
      extend(agent, 'ttsNode', calls);
      turn.begin();
      yield 'alpha';
    });
    const run = await startSession({ agent });

    await run.reply();

    expect(endsOf(run)).toEqual(['heard: alpha']);
    expect(calls).toEqual(['ttsNode']);
  });

  it('[LK2] may be put back, and each is told in its own turn', async () => {
    const agent = new ScriptedAgent(texts('alpha ', 'beta'));
    const run = await startSession({ agent });
    const before = agent.llmNode;
    agent.llmNode = answering('gamma');
    await run.reply();
    agent.llmNode = before;
    await run.reply();

    expect(agent.llmNode).toBe(before);
    expect(endsOf(run)).toEqual(['heard: gamma', 'heard: alpha ', 'heard: beta']);
  });

  it('[LK2] is found by the next speech where its property was defined anew or deleted', async () => {
    const agent = new ScriptedAgent(texts('alpha ', 'beta'));
    const run = await startSession({ agent });
    Object.defineProperty(agent, 'llmNode', { value: answering('gamma'), configurable: true });
    await run.reply();
    Reflect.deleteProperty(agent, 'llmNode');
    await run.reply();

    expect(endsOf(run)).toEqual(['heard: gamma', 'heard: alpha ', 'heard: beta']);
  });

  it('[LK2] keeps the accessors of its class', async () => {
    class Choosing extends voice.Agent {}
    Object.defineProperty(Choosing.prototype, 'llmNode', {
      get(this: { node?: LlmNode }) {
        return this.node ?? answering('alpha');
      },
      set(this: { node?: LlmNode }, node: LlmNode) {
        this.node = node;
      },
    });
    const agent = new Choosing({ instructions: '' });
    const run = await startSession({ agent });
    await run.reply();
    agent.llmNode = answering('beta');
    await run.reply();

    expect(endsOf(run)).toEqual(['heard: alpha', 'heard: beta']);
    expect(agent).toHaveProperty('node');
  });
});

it('[LK2] an llmNode that is assigned to an agent of Agent.create is the one that runs', async () => {
  const agent = voice.Agent.create({ instructions: '', llmNode: answering('gamma') as never });
  agent.llmNode = answering('alpha ', 'beta');
  const run = await startSession({ agent });

  await run.reply();

  expect(endsOf(run)).toEqual(['heard: alpha ', 'heard: beta']);
});

it.each(['llmNode', 'ttsNode', 'transcriptionNode'] as const)(
  '[LK9] an application that calls its %s before the first speech gets no warning',
  async (name) => {
    const warnings = captureWarnings();
    const agent = new ScriptedAgent(texts('alpha'));
    if (name === 'llmNode') agent.llmNode = answering('alpha');
    const run = await startSession({ agent });
    const text = new ReadableStream({ start: (of) => of.close() });
    const call = {
      llmNode: () => agent.llmNode(llm.ChatContext.empty(), new llm.ToolContext([]), {}),
      ttsNode: () => agent.ttsNode(text, {}),
      transcriptionNode: () => agent.transcriptionNode(text, {}),
    }[name];

    const result: unknown = await call();
    await (result as ReadableStream).cancel();

    expect(warnings).toEqual([]);
    expect(run.ids).toEqual([]);
    await run.reply();
    expect(endsOf(run)).toEqual(['heard: alpha']);
  },
);

it('[LK9] an agent is checked once, whatever the number of its turns', async () => {
  const create = vi.spyOn(voice.Agent, 'create');
  const run = await startSession({ agent: new ScriptedAgent(texts('alpha', 'beta')) });
  await run.reply();
  await run.reply();

  expect(create).toHaveBeenCalledTimes(1);
});
