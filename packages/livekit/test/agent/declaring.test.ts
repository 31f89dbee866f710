import { ReadableStream } from 'node:stream/web';
import { FlushSentinel, llm, voice } from '@livekit/agents';
import { describe, expect, it } from 'vitest';
import {
  type AgentTurn,
  agentStateChunk,
  beginChunk,
  currentTurn,
  type LlmChunk,
  OncueAgent,
} from '../../src/index.ts';
import { type SessionRun, startSession } from '../support/session_harness.ts';
import { ToneTTS, toneOf } from '../support/tone_tts.ts';

const EXPECTED_STATES = ['thinking', 'speaking', 'thinking', 'speaking', 'listening'];

async function* twoAnswers(turn: AgentTurn): AsyncGenerator<llm.ChatChunk | string> {
  turn.begin({ metadata: 1 });
  yield 'alpha ';
  yield { id: 'chunk', delta: { role: 'assistant', content: 'beta' } };
  turn.queueAgentState('thinking');
  turn.begin({ metadata: 2 });
  yield 'gamma';
}

/** The result that every way to declare the two answers above must give. */
function expectTwoAnswers(run: SessionRun): void {
  expect(run.ends).toEqual(['heard: alpha beta', 'heard: gamma']);
  expect(run.started.map(({ metadata }) => metadata)).toEqual([1, 2]);
  expect(run.stateNames).toEqual(EXPECTED_STATES);
  expect(run.chat).toEqual([{ text: 'alpha betagamma', interrupted: false }]);
  expect(run.unfinishedSegments).toBe(0);
}

class Respond extends OncueAgent {
  protected override respond(turn: AgentTurn): AsyncIterable<LlmChunk> {
    return twoAnswers(turn);
  }
}

class FromGenerator extends voice.Agent {
  override async llmNode(): Promise<ReadableStream<LlmChunk>> {
    return ReadableStream.from(twoAnswers(currentTurn()));
  }
}

class CurrentTurnInside extends voice.Agent {
  override async llmNode(): Promise<ReadableStream<LlmChunk>> {
    async function* answers(): AsyncGenerator<LlmChunk> {
      await Promise.resolve();
      yield* twoAnswers(currentTurn());
    }
    return ReadableStream.from(answers());
  }
}

class FilledByHand extends voice.Agent {
  override async llmNode(): Promise<ReadableStream<LlmChunk>> {
    return new ReadableStream<LlmChunk>({
      start(controller) {
        controller.enqueue(beginChunk({ metadata: 1 }));
        controller.enqueue('alpha ');
        controller.enqueue('beta');
        controller.enqueue(agentStateChunk('thinking'));
        controller.enqueue(beginChunk({ metadata: 2 }));
        controller.enqueue('gamma');
        controller.close();
      },
    });
  }
}

describe('[LK2] two answers in a turn', () => {
  it('[LK2] declared in OncueAgent.respond', async () => {
    const run = await startSession({ agent: new Respond({ instructions: '' }) });
    await run.reply();
    expectTwoAnswers(run);
  });

  it('[LK2] declared in an llmNode that returns a stream made of a generator', async () => {
    const run = await startSession({ agent: new FromGenerator({ instructions: '' }) });
    await run.reply();
    expectTwoAnswers(run);
  });

  it('[LK2] declared with currentTurn() inside the generator, after an await', async () => {
    const run = await startSession({ agent: new CurrentTurnInside({ instructions: '' }) });
    await run.reply();
    expectTwoAnswers(run);
  });

  it('[LK2][LK3] declared with marks in a stream filled by hand', async () => {
    const tts = new ToneTTS();
    const run = await startSession({ agent: new FilledByHand({ instructions: '' }), tts });
    await run.reply();
    expectTwoAnswers(run);
    expect(tts.spoken).toEqual(['alpha', 'beta', 'gamma']);
  });

  it('[LK2] declared in the llmNode of Agent.create, which LiveKit reads ahead of the pipeline', async () => {
    const agent = voice.Agent.create({
      instructions: '',
      llmNode: () => twoAnswers(currentTurn()),
    });
    const run = await startSession({ agent });
    await run.reply();
    expectTwoAnswers(run);
  });

  it('[LK2] declared in an async generator as the llmNode of Agent.create', async () => {
    const agent = voice.Agent.create({
      instructions: '',
      llmNode: async function* () {
        yield* twoAnswers(currentTurn());
      },
    });
    const run = await startSession({ agent });
    await run.reply();
    expectTwoAnswers(run);
  });
});

describe('an agent that declares nothing', () => {
  it('[RS2][LK2] has one implicit response a turn, and its stream is unchanged', async () => {
    const run = await startSession({ script: () => 'alpha beta' });

    await run.reply();

    expect(run.of('response_declared')).toMatchObject([{ implicit: true, index: 0 }]);
    expect(run.ends).toEqual(['heard: alpha beta']);
    expect(run.stateNames).toEqual(['thinking', 'speaking', 'listening']);
    expect(run.chat).toEqual([{ text: 'alpha beta', interrupted: false }]);
  });

  it('[RS2] has one for session.say', async () => {
    const run = await startSession();

    await run.over(run.session.say('alpha beta'));

    expect(run.ends).toEqual(['heard: alpha beta']);
    expect(run.started).toMatchObject([{ speechId: expect.stringMatching(/^speech_/) }]);
    expect(run.stateNames).toEqual(['speaking', 'listening']);
    expect(run.chat).toEqual([{ text: 'alpha beta', interrupted: false }]);
    expect(run.unfinishedSegments).toBe(0);
  });

  it("[RS2] has one for session.say with the caller's own audio, which passes no node", async () => {
    const run = await startSession();
    const audio = ReadableStream.from(spokenAs('alpha', 'beta'));

    await run.over(run.session.say('shown text', { audio }));

    expect(run.ends).toEqual(['heard: shown text']);
    expect(run.soundedAtMs('beta')).toBe(run.soundedAtMs('alpha') + 100);
    expect(run.unfinishedSegments).toBe(0);
  });

  it('[RS2] has one for each step of a tool loop', async () => {
    const agent = new voice.Agent({ instructions: '', tools: [lookUp] });
    const run = await startSession({ agent, script: toolScript });

    await run.reply('look');

    expect(run.started.map(({ turnId, index }) => ({ turnId, index }))).toEqual([
      { turnId: expect.stringMatching(/_1$/), index: 0 },
    ]);
    expect(run.ends).toEqual(['heard: found it']);
    expect(run.stateNames).toEqual(['thinking', 'speaking', 'listening']);
  });

  it('[RS2] has one for the words before a tool call and one for those after', async () => {
    const agent = new SaysBeforeTool({ instructions: '', tools: [lookUp] });
    const run = await startSession({ agent, script: toolScript });

    await run.reply('look');

    expect(run.ends).toEqual(['heard: one moment', 'heard: found it']);
    expect(new Set(run.started.map(({ turnId }) => turnId)).size).toBe(2);
    expect(new Set(run.started.map(({ speechId }) => speechId)).size).toBe(1);
    expect(run.stateNames).toEqual(['thinking', 'speaking', 'thinking', 'speaking', 'listening']);
    expect(run.chat.map(({ text }) => text)).toEqual(['one moment', 'found it']);
  });
});

async function* spokenAs(...words: string[]) {
  for (const word of words) yield toneOf(word);
}

const lookUp = llm.tool({
  name: 'lookUp',
  description: 'looks something up',
  execute: async () => 'found',
});

const toolScript = ({ toolOutputs }: { toolOutputs: readonly unknown[] }) =>
  toolOutputs.length === 0
    ? ({ type: 'tool_call', name: 'lookUp', args: {} } as const)
    : 'found it';

class SaysBeforeTool extends OncueAgent {
  protected override async *respond(
    ...[, chatCtx, toolCtx, settings]: Parameters<OncueAgent['respond']>
  ): AsyncGenerator<LlmChunk> {
    const isFirst = !chatCtx.items.some(({ type }) => type === 'function_call_output');
    if (isFirst) yield 'one moment';
    yield* this.defaultAnswer(chatCtx, toolCtx, settings);
  }
}

describe('chunks between responses', () => {
  it('[LK3] a FlushSentinel that the agent yields itself also ends a response', async () => {
    const tts = new ToneTTS();
    const agent = voice.Agent.create({
      instructions: '',
      llmNode: async function* () {
        yield 'alpha';
        // LiveKit's type does not include the sentinel, but LiveKit accepts it.
        yield FlushSentinel as never;
        yield FlushSentinel as never;
        yield 'beta';
      },
    });
    const run = await startSession({ agent, tts });

    await run.reply();

    expect(run.ends).toEqual(['heard: alpha', 'heard: beta']);
    expect(tts.spoken).toEqual(['alpha', 'beta']);
  });

  it('[RS1] text without begin opens an implicit response, also after a queued state', async () => {
    const agent = voice.Agent.create({
      instructions: '',
      llmNode: async function* () {
        yield 'alpha';
        currentTurn().queueAgentState('thinking');
        yield 'beta';
      },
    });
    const run = await startSession({ agent });

    await run.reply();

    expect(run.of('response_declared').map(({ implicit }) => implicit)).toEqual([true, true]);
    expect(run.stateNames).toEqual(EXPECTED_STATES);
  });
});
