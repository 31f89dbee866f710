import { llm } from '@livekit/agents';
import { describe, expect, it } from 'vitest';
import { EmbeddedError, ScriptedLLM, type ScriptedOptions, streamText } from '../src/index.ts';
import './support/collect.ts';
import { ManualClock } from './support/manual_clock.ts';

/** Reads a stream to its end, advancing the clock whenever the reader waits for it. */
async function read<T>(clock: ManualClock, source: AsyncIterable<T>): Promise<[number, T][]> {
  const read: [number, T][] = [];
  let isDone = false;
  const reading = (async () => {
    for await (const item of source) read.push([clock.nowMs(), item]);
    isDone = true;
  })();
  while (!isDone) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.runNext();
  }
  await reading;
  return read;
}

function scripted(options: Omit<ScriptedOptions, 'clock'>) {
  const clock = new ManualClock();
  const model = new ScriptedLLM({ ...options, clock });
  const codes: string[] = [];
  model.on('error', ({ error }) => codes.push(error instanceof EmbeddedError ? error.code : '?'));
  const ask = async (chatCtx: llm.ChatContext): Promise<llm.ChatChunk[]> =>
    (await read(clock, model.chat({ chatCtx }))).map(([, chunk]) => chunk);
  return { ask, codes, clock, model };
}

function said(text: string): llm.ChatContext {
  const chatCtx = llm.ChatContext.empty();
  chatCtx.addMessage({ role: 'user', content: text });
  return chatCtx;
}
const textOf = (chunks: llm.ChatChunk[]): string =>
  chunks.map(({ delta }) => delta?.content ?? '').join('');

describe('streamText', () => {
  it('yields each word at its due time, and together the whole text', async () => {
    const clock = new ManualClock();
    const pace = { tokensPerSecond: 10, firstTokenMs: 300, clock };

    const tokens = await read(clock, streamText(' One two,\nthree. ', pace));

    expect(tokens).toEqual([
      [300, ' One'],
      [400, ' two,'],
      [500, '\nthree.'],
      [600, ' '],
    ]);
  });

  it('ends without an error when aborted', async () => {
    const clock = new ManualClock();
    const controller = new AbortController();
    const tokens = streamText('one two', { clock, signal: controller.signal });
    const first = tokens.next();

    controller.abort();

    expect(await first).toEqual({ done: true, value: undefined });
    expect(clock.pendingCount).toBe(0);
  });

  it.each([
    [{ tokensPerSecond: 0 }, /tokensPerSecond is 0; use more than 0/],
    [{ tokensPerSecond: Number.NaN }, /tokensPerSecond is NaN/],
    [{ firstTokenMs: -1 }, /firstTokenMs is -1; use 0 or more/],
  ])('rejects the pace %j before anything is written', (pace, message) => {
    const badOption = expect.objectContaining({
      code: 'EMBEDDED_BAD_OPTION',
      message: expect.stringMatching(message),
    });

    expect(() => streamText('Hello.', pace)).toThrow(badOption);
    expect(() => new ScriptedLLM({ script: [], ...pace })).toThrow(badOption);
  });

  it('yields nothing for an empty text', async () => {
    expect(await read(new ManualClock(), streamText(''))).toEqual([]);
  });
});

describe('ScriptedLLM', () => {
  it('answers by the first rule that matches the last user message', async () => {
    const { ask } = scripted({
      script: [
        { match: 'weather', reply: 'Sunny.' },
        { match: /^hi\b/gi, reply: { type: 'text', text: 'Hello you.' } },
        { match: /^/, reply: 'What?' },
      ],
    });

    expect(textOf(await ask(said('The WEATHER?')))).toBe('Sunny.');
    expect(textOf(await ask(said('Hi there')))).toBe('Hello you.');
    expect(textOf(await ask(said('Hi again')))).toBe('Hello you.');
    expect(textOf(await ask(llm.ChatContext.empty()))).toBe('What?');
  });

  it('gives the same chunks for the same requests', async () => {
    const options = { script: [{ match: /^/, reply: 'One two three.' }] };

    const first = await scripted(options).ask(said('x'));

    expect(await scripted(options).ask(said('x'))).toEqual(first);
    expect(first.at(-1)?.usage?.completionTokens).toBe(3);
  });

  it('calls a tool, then answers its result', async () => {
    const call = { type: 'tool_call', name: 'look', args: { place: 'Berlin' } } as const;
    const { ask } = scripted({ script: () => ({ ...call, followUp: 'It is sunny.' }) });
    const chatCtx = said('weather?');

    const [called] = (await ask(chatCtx)).flatMap(({ delta }) => delta?.toolCalls ?? []);
    expect(called).toMatchObject({ name: 'look', args: '{"place":"Berlin"}' });

    const { callId = '', name = '' } = called ?? {};
    const output = { callId, name, output: '18', isError: false };
    chatCtx.insert(llm.FunctionCallOutput.create(output));
    expect(textOf(await ask(chatCtx))).toBe('It is sunny.');
  });

  it('passes tool results to the script', async () => {
    const { ask } = scripted({ script: ({ toolOutputs }) => `${toolOutputs[0]?.output} degrees` });
    const chatCtx = said('weather?');
    chatCtx.insert(
      llm.FunctionCallOutput.create({ callId: 'c', name: 'look', output: '18', isError: false }),
    );

    expect(textOf(await ask(chatCtx))).toBe('18 degrees');
  });

  it('fails for an error reply, and when the script has no reply', async () => {
    const error = { type: 'error', message: 'no luck' } as const;
    const { ask, codes } = scripted({ script: [{ match: 'fail', reply: error }] });

    expect(await ask(said('fail'))).toEqual([]);
    expect(await ask(said('other'))).toEqual([]);
    expect(codes).toEqual(['EMBEDDED_SCRIPTED_FAILURE', 'EMBEDDED_NO_REPLY']);
  });

  it('stops when the stream is closed', async () => {
    const { model, clock } = scripted({ script: () => 'one two three' });
    const stream = model.chat({ chatCtx: said('x') });

    stream.close();

    expect(await read(clock, stream)).toEqual([]);
    expect(clock.pendingCount).toBe(0);
  });
});
