import { ReadableStream } from 'node:stream/web';
import { FlushSentinel, type llm, voice } from '@livekit/agents';
import { ScriptedLLM } from '@oncue/embedded';
import { expect, it } from 'vitest';
import { agentStateChunk, beginChunk, type LlmChunk } from '../../src/index.ts';
import { startSession } from '../support/session_harness.ts';
import { ToneTTS } from '../support/tone_tts.ts';

/** A model that records what it is sent. */
class RecordingLLM extends ScriptedLLM {
  readonly requests: { readonly role: string; readonly text: string | undefined }[][] = [];

  constructor() {
    super({
      script: () => 'delta',
      firstTokenMs: 0,
      tokensPerSecond: Number.POSITIVE_INFINITY,
    });
  }

  override chat(...args: Parameters<llm.LLM['chat']>): llm.LLMStream {
    this.requests.push(messagesOf(args[0].chatCtx));
    return super.chat(...args);
  }
}

/** The first turn is a stream filled by hand with every kind of mark; later turns ask the model. */
class MarksThenModel extends voice.Agent {
  #turnCount = 0;

  override async llmNode(
    ...args: Parameters<voice.Agent['llmNode']>
  ): ReturnType<voice.Agent['llmNode']> {
    this.#turnCount += 1;
    if (this.#turnCount > 1) return await super.llmNode(...args);
    return new ReadableStream<LlmChunk>({
      start(controller) {
        controller.enqueue(beginChunk({ metadata: 1 }));
        controller.enqueue('alpha ');
        controller.enqueue(agentStateChunk('thinking'));
        controller.enqueue(beginChunk({ metadata: 2 }));
        controller.enqueue('beta ');
        // LiveKit's type does not include the sentinel, but LiveKit accepts it.
        controller.enqueue(FlushSentinel as never);
        controller.enqueue('gamma');
        controller.close();
      },
    });
  }
}

/** Everything in a context except LiveKit's items about hand-overs between agents and their instructions. */
function messagesOf(chatCtx: llm.ChatContext): (typeof RecordingLLM.prototype.requests)[number] {
  return chatCtx.items
    .filter(({ type }) => !type.startsWith('agent_'))
    .map((item) =>
      item.type === 'message'
        ? { role: item.role, text: item.textContent }
        : { role: item.type, text: JSON.stringify(item) },
    );
}

const FIRST_EXCHANGE = [
  { role: 'user', text: 'first' },
  { role: 'assistant', text: 'alpha beta gamma' },
];

it('[LK3] marks and sentinels are neither stored in the chat context nor sent to the model', async () => {
  const model = new RecordingLLM();
  const tts = new ToneTTS();
  const run = await startSession({
    agent: new MarksThenModel({ instructions: 'Be brief.' }),
    llm: model,
    tts,
  });

  await run.reply('first');
  const stored = messagesOf(run.session.history);
  await run.reply('second');

  expect(tts.spoken).toEqual(['alpha', 'beta', 'gamma', 'delta']);
  expect(stored).toEqual(FIRST_EXCHANGE);
  expect(model.requests).toEqual([
    [{ role: 'system', text: 'Be brief.' }, ...FIRST_EXCHANGE, { role: 'user', text: 'second' }],
  ]);
  expect(messagesOf(run.session.history)).toHaveLength(4);
});
