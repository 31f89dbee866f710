import { ReadableStream } from 'node:stream/web';
import { voice } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { NEXT_CAPTIONS } from '../../src/livekit_internals/output/next_captions.ts';
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
const HEARD = ['heard: alpha. ', 'heard: beta.'];
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

    const run = await startSession({
      agent,
      beforeStart: (session) => void synchronize(session),
    });
    await expectSpoken(run);

    expect(named()).toEqual([...new Set(named())]);
    expect(run.ends).toEqual(Array(TURNS).fill(HEARD).flat());
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

    const run = await startSession({
      agent,
      beforeStart: (session) => void synchronize(session),
    });
    await expectSpoken(run);

    expect(named()).toContain('joining frames');
    expect(run.ends).toEqual(Array(TURNS).fill(HEARD).flat());
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

/** What the captions of LiveKit's synchronizer are made with. */
type Segments = { readonly _impl: object } & Readonly<Record<string, unknown>>;
type SegmentClass = new (...args: readonly unknown[]) => object;

/** Other classes of segments, which LiveKit may have one day: for Oncue, which makes the next one by the class of this one. */
const CLASSES: readonly { readonly how: string; readonly of: (real: SegmentClass) => object }[] = [
  {
    how: 'takes one object',
    of: (Real) =>
      class extends Real {
        constructor(...[of]: readonly unknown[]) {
          super(
            Reflect.get(of as object, 'options') ?? of,
            Reflect.get(of as object, 'sink'),
            false,
          );
        }
      },
  },
  {
    how: 'takes its arguments in another order',
    of: (Real) =>
      class extends Real {
        constructor(...[sink, options, isSeeded]: readonly unknown[]) {
          super(options, sink, isSeeded);
        }
      },
  },
  {
    how: 'throws',
    of: () =>
      class {
        constructor() {
          throw new Error('injected');
        }
      },
  },
];

describe('[LK9] the captions of the next response cannot be made, which is said once', () => {
  const startWith = (spoil: (captions: Segments) => void, show: (text: string) => void) =>
    startSession({
      agent: new ScriptedAgent(ANSWER),
      beforeStart: (session) =>
        spoil(
          synchronize(session, (chunk) =>
            show(typeof chunk === 'string' ? chunk : chunk.text),
          ) as unknown as Segments,
        ),
    });

  async function expectShown(spoil: (captions: Segments) => void): Promise<void> {
    let shown = '';
    const run = await startWith(spoil, (text) => {
      shown += text;
    });
    await expectSpoken(run);
    await run.pass(1000);

    expect(shown).toBe('alpha. beta.'.repeat(TURNS));
    expect(warnings.map(({ code, fact }) => `${code} ${fact}`)).toEqual([
      `ONCUE_LIVEKIT_CHANGED ${NEXT_CAPTIONS.name}`,
    ]);
  }

  it.each(CLASSES)('[LK9] the class of a segment $how', async ({ of }) => {
    await expectShown(({ _impl }) => {
      const prototype: object = Object.getPrototypeOf(_impl);
      const real = Reflect.get(prototype, 'constructor') as SegmentClass;
      const restore = (value: object): void => {
        Object.defineProperty(prototype, 'constructor', {
          value,
          configurable: true,
          writable: true,
        });
      };
      restore(of(real));
      onTestFinished(() => restore(real));
    });
  });

  it('[LK9] TranscriptionSynchronizer.rotateSegment cannot be replaced', async () => {
    await expectShown((captions) => {
      const value = (captions['rotateSegment'] as () => void).bind(captions);
      Object.defineProperty(captions, 'rotateSegment', { value, writable: true });
    });
  });
});

it('[LK11] AgentSession._updateAgentState gives a promise that is rejected', async () => {
  const run = await startSession({
    agent: new ScriptedAgent(ANSWER),
    beforeStart: (session) => {
      const set = session._updateAgentState.bind(session);
      session._updateAgentState = (...args) => {
        set(...args);
        const isOncue = new Error('where').stack?.includes('agent_state');
        return (isOncue ? Promise.reject(new Error('injected')) : undefined) as never;
      };
    },
  });

  await expectSpoken(run);

  expect(named()).toEqual(['applying a state']);
});

it('[LK11] a newer LiveKit passes more arguments than Oncue knows: all of them arrive', async () => {
  const came: unknown[][] = [];
  let captions: object = {};
  const run = await startSession({
    agent: new ScriptedAgent(ANSWER),
    beforeStart: (session) => {
      captions = synchronize(session);
      const text: object = Reflect.get(captions, 'textOutput');
      const audio: object = Reflect.get(captions, 'audioOutput');
      for (const [owner, name] of [
        [text, 'captureText'],
        [audio, 'pause'],
        [audio, 'resume'],
        [audio, 'waitForPlayout'],
      ] as const) {
        const real = Reflect.get(owner, name) as (...args: readonly unknown[]) => unknown;
        Reflect.set(owner, name, (...args: unknown[]) => {
          if (args.includes('more')) came.push([name, args.length]);
          return real.apply(owner, args);
        });
      }
    },
  });
  await run.reply();
  const call = (of: object, name: string, ...args: readonly unknown[]): unknown =>
    Reflect.apply(Reflect.get(of, name) as () => unknown, of, args);
  const text: object = Reflect.get(captions, 'textOutput');
  const audio: object = Reflect.get(captions, 'audioOutput');

  await call(text, 'captureText', 'gamma', 'more');
  call(audio, 'pause', 'more');
  call(audio, 'resume', 'more');
  await call(audio, 'waitForPlayout', 'more');

  expect(came).toEqual([
    ['captureText', 2],
    ['pause', 1],
    ['resume', 1],
    ['waitForPlayout', 1],
  ]);
});
