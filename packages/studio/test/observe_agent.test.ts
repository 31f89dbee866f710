import { ReadableStream } from 'node:stream/web';
import { llm, voice } from '@livekit/agents';
import { expect, it } from 'vitest';
import { observeLlmNode, skipWordlessTurns } from '../src/agent/observe_agent.ts';

/** An agent that keeps the messages it would answer. */
class RecordingAgent extends voice.Agent {
  readonly answered: string[] = [];

  constructor() {
    super({ instructions: '' });
  }

  override async onUserTurnCompleted(_chatCtx: llm.ChatContext, message: llm.ChatMessage) {
    this.answered.push(message.textContent ?? '');
  }
}

const userMessage = (content: string): llm.ChatMessage =>
  llm.ChatMessage.create({ role: 'user', content });

it.each(['', '  '])('[ST9] a user turn with the words "%s" is not answered', async (content) => {
  const agent = new RecordingAgent();
  skipWordlessTurns(agent);

  const turn = agent.onUserTurnCompleted(llm.ChatContext.empty(), userMessage(content));

  await expect(turn).rejects.toBeInstanceOf(voice.StopResponse);
  expect(agent.answered).toEqual([]);
});

it('[ST9] a user turn with words is answered', async () => {
  const agent = new RecordingAgent();
  skipWordlessTurns(agent);

  await agent.onUserTurnCompleted(llm.ChatContext.empty(), userMessage('Hello.'));

  expect(agent.answered).toEqual(['Hello.']);
});

async function* failing(): AsyncGenerator<string> {
  yield 'one ';
  throw new Error('model gone');
}

class FailingAgent extends voice.Agent {
  override async llmNode(): Promise<ReadableStream<string>> {
    return ReadableStream.from(failing());
  }
}

it.each([
  ['a subclass', () => new FailingAgent({ instructions: '' })],
  ['Agent.create', () => voice.Agent.create({ instructions: '', llmNode: failing })],
])('what the llmNode of %s throws while it is read is reported, and passed on', async (_, make) => {
  const agent = make();
  const reported: string[] = [];
  observeLlmNode(agent, (error) => reported.push(String(error)));
  const stream = await agent.llmNode(llm.ChatContext.empty(), new llm.ToolContext([]), {});

  const read = async (): Promise<void> => {
    for await (const _chunk of stream ?? []);
  };

  await expect(read()).rejects.toThrow('model gone');
  expect(reported).toEqual(['Error: model gone']);
});
