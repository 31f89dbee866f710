import { AsyncLocalStorage } from 'node:async_hooks';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ReadableStream } from 'node:stream/web';
import { FlushSentinel, type llm, voice } from '@livekit/agents';
import { afterAll, describe, expect, it } from 'vitest';
import type { LlmChunk } from '../../src/index.ts';
import { ProbeOutput } from '../support/probe_output.ts';
import { scripted } from '../support/session_harness.ts';
import { ToneTTS } from '../support/tone_tts.ts';

// The facts about @livekit/agents that Oncue rests on, tested in plain sessions without Oncue. A test that fails after an
// update says what has changed. Comments in `src` name the place in LiveKit's source that each fact comes from.

/** Yields the same chunks for every turn, and records the order in which its nodes are called. */
class Probe extends voice.Agent {
  readonly calls: string[] = [];
  readonly #chunks: readonly LlmChunk[];

  constructor(...chunks: readonly LlmChunk[]) {
    super({ instructions: '' });
    this.#chunks = chunks;
  }

  override async llmNode(): Promise<ReadableStream<LlmChunk>> {
    this.calls.push('llm');
    return ReadableStream.from(this.#chunks);
  }

  override async ttsNode(
    ...[text, settings]: Parameters<voice.Agent['ttsNode']>
  ): ReturnType<voice.Agent['ttsNode']> {
    this.calls.push('tts');
    return await voice.Agent.default.ttsNode(this, text, settings);
  }

  override async transcriptionNode(
    ...[text, settings]: Parameters<voice.Agent['transcriptionNode']>
  ): ReturnType<voice.Agent['transcriptionNode']> {
    this.calls.push('captions');
    return await voice.Agent.default.transcriptionNode(this, text, settings);
  }
}

interface Plain {
  readonly session: voice.AgentSession;
  readonly output: ProbeOutput;
  readonly tts: ToneTTS;
  readonly states: voice.AgentState[];
}

/** All sessions are closed together at the end, because closing one takes half a second. */
const open: voice.AgentSession[] = [];

afterAll(async () => {
  await Promise.all(open.map((session) => session.close()));
});

async function startPlain(
  agent: voice.Agent,
  { output = new ProbeOutput().playAtOnce(), tts = new ToneTTS() } = {},
): Promise<Plain> {
  const session = new voice.AgentSession({ vad: null, tts, llm: scripted(() => 'alpha') });
  session.output.audio = output;
  await session.start({ agent });
  open.push(session);
  const states: voice.AgentState[] = [];
  session.on(voice.AgentSessionEventTypes.AgentStateChanged, ({ newState }) => {
    states.push(newState);
  });
  return { session, output, tts, states };
}

const lastMessage = (session: voice.AgentSession): unknown => session.history.items.at(-1);

describe('[LK8] versions', () => {
  it.each(['@livekit/agents', '@livekit/rtc-node'])(
    '[LK8] docs/versions.md lists the version of %s that runs here as tested',
    (name) => {
      const manifest = createRequire(import.meta.url)('../../package.json');
      const tested = readFileSync(new URL('../../../../docs/versions.md', import.meta.url), 'utf8');

      expect(tested).toContain(`| ${manifest.devDependencies[name]} |`);
    },
  );
});

describe('[LK8] parts of a turn', () => {
  it('[LK8] a FlushSentinel splits a turn; each part has its own ttsNode and captions, in order', async () => {
    const agent = new Probe('alpha', FlushSentinel, 'beta', FlushSentinel, FlushSentinel, 'gamma');
    const { session, tts } = await startPlain(agent);

    await session.generateReply({ userInput: 'hi' }).waitForPlayout();

    expect(tts.spoken).toEqual(['alpha', 'beta', 'gamma']);
    expect(agent.calls.filter((call) => call === 'tts')).toHaveLength(3);
    expect(agent.calls.filter((call) => call === 'captions')).toHaveLength(3);
    expect(lastMessage(session)).toMatchObject({ textContent: 'alphabetagamma' });
  });

  it('[LK8] a part is captured, flushed and played out before the next is captured', async () => {
    const output = new ProbeOutput();
    const { session } = await startPlain(new Probe('alpha', FlushSentinel, 'beta'), { output });
    const handle = session.generateReply({ userInput: 'hi' });

    await output.next('flush');
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
    const beforeFinish = [...output.calls];
    output.playAtOnce();
    output.onPlaybackStarted(0);
    output.onPlaybackFinished({ playbackPosition: 0.1, interrupted: false });
    await handle.waitForPlayout();

    expect(beforeFinish).toEqual(['frame', 'flush']);
    expect(output.calls).toEqual(['frame', 'flush', 'frame', 'flush']);
  });

  it('[LK8] the synthesis of the next part overlaps the playout of the previous one', async () => {
    const output = new ProbeOutput();
    const { session, tts } = await startPlain(new Probe('alpha', FlushSentinel, 'beta'), {
      output,
    });
    const handle = session.generateReply({ userInput: 'hi' });

    await output.next('flush');
    while (tts.spoken.length < 2) await new Promise(setImmediate);
    output.playAtOnce();
    output.onPlaybackFinished({ playbackPosition: 0.1, interrupted: false });
    await handle.waitForPlayout();
  });

  it('[LK8] a chunk without delta is ignored', async () => {
    const { session, tts } = await startPlain(new Probe('alpha ', { id: 'mark' }, 'beta'));

    await session.generateReply({ userInput: 'hi' }).waitForPlayout();

    expect(tts.spoken).toEqual(['alpha', 'beta']);
    expect(lastMessage(session)).toMatchObject({ textContent: 'alpha beta' });
  });

  it('[LK8] a model stream that fails leaves its turn open forever, so Oncue never lets one fail', async () => {
    class Failing extends voice.Agent {
      override async llmNode(): Promise<ReadableStream<llm.ChatChunk>> {
        return ReadableStream.from(failing());
      }
    }
    const { session, output } = await startPlain(new Failing({ instructions: '' }));
    const handle = session.generateReply({ userInput: 'hi' });

    for (let turn = 0; turn < 200; turn += 1) await new Promise(setImmediate);

    expect(output.calls).toEqual([]);
    expect(handle.done()).toBe(false);
  });
});

async function* failing(): AsyncGenerator<never> {
  yield await Promise.reject(new Error('model gone'));
}

describe('[LK8] the audio output', () => {
  it('[LK8] an output that is set before the start is kept', async () => {
    const { session, output } = await startPlain(new Probe('alpha'));

    expect(session.output.audio).toBe(output);
  });

  it('[LK8] the state is speaking at the first playbackStarted of a turn, and stays so', async () => {
    const { session, states } = await startPlain(new Probe('alpha', FlushSentinel, 'beta'));

    await session.generateReply({ userInput: 'hi' }).waitForPlayout();

    expect(states).toEqual(['thinking', 'speaking', 'listening']);
  });

  it('[LK8] waitForPlayout counts segments and finishes; an extra finish is not counted', async () => {
    const output = new ProbeOutput();
    output.onPlaybackFinished({ playbackPosition: 9, interrupted: false });
    const [frame] = (await framesOf('alpha')).slice(-1);
    if (!frame) throw new Error('no frame');

    await output.captureFrame(frame);
    output.flush();
    await output.captureFrame(frame);
    output.flush();
    const pending = output.pendingPlayoutSegments;
    output.onPlaybackFinished({ playbackPosition: 1, interrupted: false });
    output.onPlaybackFinished({ playbackPosition: 2, interrupted: true });

    expect(pending).toBe(2);
    expect(await output.waitForPlayout()).toMatchObject({ playbackPosition: 2, interrupted: true });
    expect(output.pendingPlayoutSegments).toBe(0);
  });

  it('[LK8] AudioFrame.userdata: comes through to an output without a rate, and is lost in the last frame to one with a rate', async () => {
    const kept = new ProbeOutput().playAtOnce();
    const resampled = new ProbeOutput(48_000).playAtOnce();
    for (const output of [kept, resampled]) {
      const { session } = await startPlain(new Tagging('alpha'), { output });
      await session.generateReply({ userInput: 'hi' }).waitForPlayout();
    }

    const tags = (output: ProbeOutput) => output.frames.map(({ userdata }) => userdata['tag']);
    expect(tags(kept)).toEqual(['mine']);
    expect(tags(resampled)).toEqual(['mine', undefined]);
  });

  it('[LK8] AudioOutput.waitForPlayout between two responses: what ends it lets the pipeline go on, before any finish', async () => {
    const output = new ProbeOutput();
    const { session } = await startPlain(new Probe('alpha', FlushSentinel, 'beta'), { output });
    const { waitForPlayout } = output;
    const heard = { playbackPosition: 0.1, interrupted: false };
    let waits = 0;
    output.waitForPlayout = () => {
      waits += 1;
      return waits === 1 ? Promise.resolve(heard) : waitForPlayout.call(output);
    };
    const handle = session.generateReply({ userInput: 'hi' });

    while (output.calls.filter((call) => call === 'flush').length < 2)
      await new Promise(setImmediate);
    const pending = output.pendingPlayoutSegments;
    output.onPlaybackStarted(0);
    output.onPlaybackFinished(heard);
    output.onPlaybackFinished(heard);
    await handle.waitForPlayout();

    expect(pending).toBe(2);
    expect(lastMessage(session)).toMatchObject({ textContent: 'alphabeta' });
  });

  it('[LK8] an interrupted message holds what the output says was heard', async () => {
    const output = new ProbeOutput();
    const { session } = await startPlain(new Probe('alpha beta'), { output });
    const handle = session.generateReply({ userInput: 'hi' });
    await output.next('flush');
    output.onPlaybackStarted(0);
    output.onCall = (call) => {
      if (call !== 'clear') return;
      output.onCall = () => {};
      output.onPlaybackFinished({
        playbackPosition: 0.1,
        interrupted: true,
        synchronizedTranscript: 'heard words',
      });
    };

    handle.interrupt();
    await handle.waitForPlayout();

    expect(lastMessage(session)).toMatchObject({ textContent: 'heard words', interrupted: true });
  });
});

class Tagging extends Probe {
  override async ttsNode(
    ...args: Parameters<voice.Agent['ttsNode']>
  ): ReturnType<voice.Agent['ttsNode']> {
    const audio = await super.ttsNode(...args);
    return audio && ReadableStream.from(tagged(audio));
  }
}

async function* tagged(audio: NonNullable<Awaited<ReturnType<voice.Agent['ttsNode']>>>) {
  for await (const frame of audio) {
    frame.userdata['tag'] = 'mine';
    yield frame;
  }
}

async function framesOf(text: string) {
  const stream = new ToneTTS().stream();
  stream.pushText(text);
  stream.endInput();
  const frames = [];
  for await (const audio of stream) if (typeof audio !== 'symbol') frames.push(audio.frame);
  return frames;
}

describe('[LK8] the state of the agent', () => {
  it('[LK8] AgentSession._updateAgentState: reports a change and ignores an equal state', async () => {
    const { session, states } = await startPlain(new Probe('alpha'));
    const owner = session as unknown as { _updateAgentState(state: voice.AgentState): void };

    owner._updateAgentState('thinking');
    owner._updateAgentState('thinking');
    owner._updateAgentState('speaking');

    expect(states).toEqual(['thinking', 'speaking']);
  });

  it('[LK8] AgentSession._started: false until the session runs', async () => {
    const { session } = await startPlain(new Probe('alpha'));

    expect(new voice.AgentSession({ vad: null })).toHaveProperty('_started', false);
    expect(session).toHaveProperty('_started', true);
  });
});

describe('[LK8] the async context of a speech', () => {
  it('[LK8] SpeechCreated in the async context of its speech: found in every node, the output and the message event', async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen: string[] = [];
    const see = (where: string): void => void seen.push(`${where} ${storage.getStore()}`);
    class Watching extends Probe {
      override llmNode(): Promise<ReadableStream<LlmChunk>> {
        see('llm');
        return super.llmNode();
      }
      override ttsNode(...args: Parameters<Probe['ttsNode']>): ReturnType<Probe['ttsNode']> {
        see('tts');
        return super.ttsNode(...args);
      }
      override transcriptionNode(
        ...args: Parameters<Probe['transcriptionNode']>
      ): ReturnType<Probe['transcriptionNode']> {
        see('captions');
        return super.transcriptionNode(...args);
      }
    }
    const { session, output } = await startPlain(new Watching('alpha'));
    const { onCall } = output;
    output.onCall = (call) => {
      see(call);
      onCall(call);
    };
    let speechCount = 0;
    session.on(voice.AgentSessionEventTypes.SpeechCreated, () => {
      speechCount += 1;
      storage.enterWith(`speech ${speechCount}`);
    });
    session.on(voice.AgentSessionEventTypes.ConversationItemAdded, ({ item }) => {
      if (item.type === 'message' && item.role === 'assistant') see('message');
    });

    // Both are created before either is played, and in the same async context.
    const first = session.generateReply({ userInput: 'hi' });
    const second = session.say('beta');
    await first.waitForPlayout();
    await second.waitForPlayout();

    const places = (all: string[]): string[] => [...new Set(all)].sort();
    expect(places(seen.filter((line) => line.endsWith('speech 1')))).toEqual(
      ['captions', 'flush', 'frame', 'llm', 'message', 'tts'].map((where) => `${where} speech 1`),
    );
    expect(places(seen.filter((line) => line.endsWith('speech 2')))).toEqual(
      ['captions', 'flush', 'frame', 'message', 'tts'].map((where) => `${where} speech 2`),
    );
    expect(seen.filter((line) => line.endsWith('undefined'))).toEqual([]);
  });

  it('[LK8] a synthesis error is reported in the async context of the ttsNode that requested it', async () => {
    const storage = new AsyncLocalStorage<string>();
    class Watching extends Probe {
      override ttsNode(...args: Parameters<Probe['ttsNode']>): ReturnType<Probe['ttsNode']> {
        return storage.run('this ttsNode', () => super.ttsNode(...args));
      }
    }
    const tts = new ToneTTS({
      onWord: () => {
        throw new Error('no voice');
      },
    });
    const { session } = await startPlain(new Watching('alpha'), { tts });
    const reportedIn: unknown[] = [];
    session.on(voice.AgentSessionEventTypes.Error, ({ error }) => {
      reportedIn.push([error.type, error.recoverable, storage.getStore()]);
    });

    await session.generateReply({ userInput: 'hi' }).waitForPlayout();

    expect(reportedIn).toEqual([['tts_error', false, 'this ttsNode']]);
  });
});

describe('[LK8] Agent.create', () => {
  it('[LK8] hookAdapter of Agent.create: keeps the hooks; a generator is read ahead', async () => {
    const taken: string[] = [];
    const agent = voice.Agent.create({
      instructions: '',
      llmNode: async function* () {
        for (const text of ['alpha', 'beta', 'gamma']) {
          taken.push(text);
          yield text;
        }
      },
    });
    const adapter = (agent as unknown as { hookAdapter: { hooks: object; context: object } })
      .hookAdapter;

    await agent.llmNode({} as never, {} as never, {});
    for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);

    expect(adapter.hooks).toHaveProperty('llmNode', expect.any(Function));
    expect(adapter.context).toHaveProperty('agent', agent);
    expect(taken).toEqual(['alpha', 'beta', 'gamma']);
  });
});
