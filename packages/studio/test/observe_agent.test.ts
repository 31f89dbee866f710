import { llm, voice } from '@livekit/agents';
import { expect, it } from 'vitest';
import { skipWordlessTurns } from '../src/agent/observe_agent.ts';

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
