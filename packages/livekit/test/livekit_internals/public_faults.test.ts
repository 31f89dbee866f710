import { ReadableStream } from 'node:stream/web';
import { voice } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { synchronize } from '../support/captions.ts';
import { FAULTS, hideFromOncue } from '../support/hide_member.ts';
import { ScriptedAgent, texts } from '../support/scripted_agent.ts';
import { type SessionRun, startSession } from '../support/session_harness.ts';
import { levelOf, ToneTTS } from '../support/tone_tts.ts';
import { captureWarnings, type Warning } from '../support/warnings.ts';

// Members of LiveKit's public types, and results of its methods, are spoilt for Oncue only. No fact names them. The agent must
// say all of both turns each time.

const ANSWER = texts('alpha. ', 'beta.');
const WORDS = ['alpha.', 'beta.'];
const TURNS = 2;
const RATE_HZ = 16_000;
const SAMPLES_A_WORD = 1600;
const SAMPLES_A_FRAME = 320;

const rejections: unknown[] = [];
const note = (error: unknown): number => rejections.push(error);
let warnings: readonly Warning[] = [];

beforeEach(() => {
  rejections.length = 0;
  process.on('unhandledRejection', note);
  warnings = captureWarnings();
});

afterEach(() => {
  process.off('unhandledRejection', note);
  vi.restoreAllMocks();
});

/** All was said, nothing waits, and each place that failed is reported once. */
async function expectSpoken(run: SessionRun): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await run.reply();

  const samples = run.recorder.samples();
  for (const word of WORDS) {
    const level = levelOf(word);
    expect(samples.filter((sample) => sample === level)).toHaveLength(TURNS * SAMPLES_A_WORD);
  }
  expect(run.errors).toEqual([]);
  expect(run.unfinishedSegments).toBe(0);
  expect(rejections).toEqual([]);
}

const named = (): readonly (string | undefined)[] =>
  warnings.map(({ fact, during }) => fact ?? during);

/** Speaks frames of 20 ms, as voices give them, which are there at once. */
class SmallFrames extends ScriptedAgent {
  readonly #spoil: (frame: AudioFrame) => void;

  constructor(spoil: (frame: AudioFrame) => void) {
    super(ANSWER);
    this.#spoil = spoil;
  }

  override async ttsNode(
    ...[text]: Parameters<voice.Agent['ttsNode']>
  ): ReturnType<voice.Agent['ttsNode']> {
    let said = '';
    for await (const chunk of text) said += chunk;
    const frames = said.trim().split(' ').flatMap(framesOf);
    for (const frame of frames) this.#spoil(frame);
    const audio = new ReadableStream<AudioFrame>({
      start: (controller) => {
        for (const frame of frames) controller.enqueue(frame);
        controller.close();
      },
    });
    return audio as Awaited<ReturnType<voice.Agent['ttsNode']>>;
  }
}

function framesOf(word: string): readonly AudioFrame[] {
  return Array.from({ length: SAMPLES_A_WORD / SAMPLES_A_FRAME }, () => {
    const samples = new Int16Array(SAMPLES_A_FRAME).fill(levelOf(word));
    return new AudioFrame(samples, RATE_HZ, 1, samples.length);
  });
}

describe('[LK11] a frame of audio', () => {
  it.each(FAULTS)('[LK11] AudioFrame.userdata: %s', async (fault) => {
    const agent = new SmallFrames((frame) => hideFromOncue(frame, 'userdata', fault));

    await expectSpoken(
      await startSession({ agent, beforeStart: (session) => void synchronize(session) }),
    );

    expect(named()).toEqual([...new Set(named())]);
  });

  it('[LK11] AudioFrame.userdata: its names cannot be read', async () => {
    const userdata = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('injected');
        },
      },
    );
    const agent = new SmallFrames((frame) =>
      Object.defineProperty(frame, 'userdata', { value: userdata }),
    );

    await expectSpoken(
      await startSession({ agent, beforeStart: (session) => void synchronize(session) }),
    );

    expect(named()).toContain('joining frames');
  });

  it('[LK11] AudioFrame.data: the frames cannot be joined', async () => {
    const agent = new SmallFrames((frame) => {
      const { data } = frame;
      Object.defineProperty(frame, 'data', {
        get: () => {
          if (new Error('where').stack?.includes('joined_frames')) throw new Error('injected');
          return data;
        },
      });
    });

    await expectSpoken(
      await startSession({ agent, beforeStart: (session) => void synchronize(session) }),
    );

    expect(named()).toEqual(['joining frames']);
  });
});

type Wait = voice.SpeechHandle['waitIfNotInterrupted'];

/** Each instead of what LiveKit gives. */
const WAITS: readonly { readonly how: string; readonly wait: (real: Wait) => Wait }[] = [
  {
    how: 'throws',
    wait: () => () => {
      throw new Error('injected');
    },
  },
  { how: 'rejects', wait: () => () => Promise.reject(new Error('injected')) },
  { how: 'is fulfilled at once', wait: () => () => Promise.resolve() as never },
  { how: 'gives no promise', wait: () => () => undefined as never },
];

it.each(WAITS)(
  '[LK11] SpeechHandle.waitIfNotInterrupted $how, where captions have word times',
  async ({ wait }) => {
    const run = await startSession({
      agent: new ScriptedAgent(ANSWER),
      session: { useTtsAlignedTranscript: true },
      tts: new ToneTTS(),
      beforeStart: (session) => {
        session.prependListener(voice.AgentSessionEventTypes.SpeechCreated, ({ speechHandle }) => {
          const real = speechHandle.waitIfNotInterrupted.bind(speechHandle);
          const spoilt = wait(real);
          speechHandle.waitIfNotInterrupted = (...args) =>
            new Error('where').stack?.includes('until_interrupted')
              ? spoilt(...args)
              : real(...args);
        });
      },
    });

    await expectSpoken(run);

    expect(run.chat.map(({ text }) => text)).toEqual(Array(TURNS).fill(WORDS.join(' ')));
    expect(named()).toEqual([...new Set(named())]);
  },
);
