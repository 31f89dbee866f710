// Tests for SPEC.md, "LiveKit Agents": what an application's transcriptionNode leaves out stays out [LK7].
import {
  ReadableStream,
  TransformStream,
  type TransformStreamDefaultController,
} from 'node:stream/web';
import { voice } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { describe, expect, it } from 'vitest';
import { recordHistory } from '../../src/index.ts';
import { type Answer, ScriptedAgent, texts } from '../support/scripted_agent.ts';
import { gate, type RunOptions, startSession } from '../support/session_harness.ts';
import { ToneTTS } from '../support/tone_tts.ts';

type Chunk = string | voice.TimedString;
type Rewrite = (captions: AsyncIterable<Chunk>) => AsyncIterable<string>;

/** An agent whose `transcriptionNode` rewrites what is shown; `null`: it shows nothing. */
function showing(rewrite: Rewrite | null, ...answers: readonly Answer[]): ScriptedAgent {
  class Rewriting extends ScriptedAgent {
    override async transcriptionNode(
      ...[text, settings]: Parameters<voice.Agent['transcriptionNode']>
    ): ReturnType<voice.Agent['transcriptionNode']> {
      const captions = await voice.Agent.default.transcriptionNode(this, text, settings);
      return captions && rewrite && ReadableStream.from(rewrite(captions));
    }
  }
  return new Rewriting(...answers);
}

const textOf = (chunk: Chunk): string => (typeof chunk === 'string' ? chunk : chunk.text);

/** Shows nothing from the word "secret" on. */
async function* untilSecret(captions: AsyncIterable<Chunk>) {
  let isHidden = false;
  for await (const chunk of captions) {
    const [shown = ''] = textOf(chunk).split('secret');
    if (!isHidden && shown !== '') yield shown;
    isHidden ||= textOf(chunk).includes('secret');
  }
}

/** Shows all but the word "secret", in capitals. */
async function* withoutSecret(captions: AsyncIterable<Chunk>) {
  for await (const chunk of captions) yield textOf(chunk).replace('secret ', '').toUpperCase();
}

/** Shows a word in the place of four. */
async function* masked(captions: AsyncIterable<Chunk>) {
  let text = '';
  for await (const chunk of captions) text += textOf(chunk);
  yield text.replace('4 7 1 1', 'hidden');
}

interface Cut extends RunOptions {
  readonly index?: number;
  readonly heardMs: number;
  readonly isForced?: boolean;
}

/** What is stored, shown and recorded of an answer that is cut. */
async function cutAfter({ index = 0, heardMs, isForced = false, ...options }: Cut) {
  let shown = '';
  const run = await startSession({
    ...options,
    beforeStart: (session) => {
      const captureText = async (chunk: Chunk) => {
        shown += textOf(chunk);
      };
      const nothing = () => {};
      const sink = { captureText, flush: nothing, onAttached: nothing, onDetached: nothing };
      session.output.transcription = sink as never;
    },
  });
  const history = recordHistory(run.oncue, run.session);
  const handle = run.session.generateReply({ userInput: 'hi' });
  await run.untilHeard(index, heardMs);
  if (isForced) run.session.interrupt({ force: true });
  else handle.interrupt();
  await run.over(handle);
  await run.pass(500);
  const trimmed = (text: string | undefined) => (text ?? '').trim();
  return {
    chat: run.chat.map(({ text }) => trimmed(text)),
    shown: trimmed(shown),
    recorded: history.items.map(({ message }) => trimmed(message.textContent)),
    heard: run.finished.map(({ heardText }) => heardText),
  };
}

describe.each([
  [true, false],
  [false, false],
  [true, true],
  [false, true],
])(
  '[LK7] a cut brings nothing back that was left out (word times %s, by force %s)',
  (wordTimes, isForced) => {
    const how = { tts: () => new ToneTTS({ wordTimes }), isForced };

    it('[LK7] the end of a response', async () => {
      const agent = showing(untilSecret, texts('alpha beta secret zeta eta theta.'));
      const { chat, shown, recorded, heard } = await cutAfter({
        agent,
        tts: how.tts(),
        isForced,
        heardMs: 430,
      });

      expect(heard[0]).toMatch(/^alpha beta secret/);
      expect([chat, shown, recorded]).toEqual([['alpha beta'], 'alpha beta', ['alpha beta']]);
    });

    it('[LK7] all of a response', async () => {
      const answer = texts('alpha beta.', 'secret zeta eta theta iota.');
      const { chat, shown, recorded, heard } = await cutAfter({
        agent: showing(untilSecret, answer),
        tts: how.tts(),
        isForced,
        index: 1,
        heardMs: 330,
      });

      expect(heard[1]).toMatch(/^secret zeta/);
      expect([chat, shown, recorded]).toEqual([
        ['alpha beta.'],
        'alpha beta.',
        ['alpha beta.', ''],
      ]);
    });

    it('[LK7] all of an answer', async () => {
      const { chat, shown, recorded, heard } = await cutAfter({
        agent: showing(untilSecret, texts('secret zeta eta theta iota.')),
        tts: how.tts(),
        isForced,
        heardMs: 330,
      });

      expect(heard[0]).toMatch(/^secret zeta/);
      expect([chat, shown, recorded]).toEqual([[], '', ['']]);
    });
  },
);

it('[LK7] a node that shows nothing at all has nothing stored', async () => {
  const agent = showing(null, texts('secret zeta eta theta iota.'));
  const { chat, shown, recorded } = await cutAfter({ agent, heardMs: 330 });

  expect([chat, shown, recorded]).toEqual([[], '', ['']]);
});

it('[LK7] what the word times of a voice leave out has ended the captions, and stays out', async () => {
  const agent = new ScriptedAgent(texts('alpha beta secret zeta eta theta.'));
  agent.ttsNode = async (...args) => {
    const audio = await voice.Agent.default.ttsNode(agent, ...args);
    let count = 0;
    const transform = (frame: AudioFrame, out: TransformStreamDefaultController<AudioFrame>) => {
      count += 1;
      if (count > 2) delete frame.userdata['lk.timed_transcripts'];
      out.enqueue(frame);
    };
    return audio?.pipeThrough(new TransformStream({ transform })) ?? null;
  };
  const { chat, shown, recorded, heard } = await cutAfter({ agent, heardMs: 480 });

  expect(heard[0]).toMatch(/^alpha beta secret/);
  expect([chat, shown, recorded]).toEqual([['alpha beta'], 'alpha beta', ['alpha beta']]);
});

it('[LK7] what a node leaves out while the text is still being written stays out', async () => {
  const { opened } = gate();
  const agent = showing(untilSecret, async function* (turn) {
    turn.begin();
    yield 'alpha beta secret zeta ';
    await opened;
  });
  const { chat, recorded, heard } = await cutAfter({ agent, heardMs: 430 });

  expect(heard[0]).toMatch(/^alpha beta secret/);
  expect([chat, recorded]).toEqual([['alpha beta'], ['alpha beta']]);
});

it.each([
  [230, 'ALPHA BETA'],
  [330, 'ALPHA BETA'],
  [430, 'ALPHA BETA ZETA'],
])(
  '[LK7][HT8] a word left out of the middle takes no other word with it (cut after %s ms)',
  async (heardMs, text) => {
    const agent = showing(withoutSecret, texts('alpha beta secret zeta eta theta.'));
    const { chat, recorded } = await cutAfter({ agent, heardMs });

    expect([chat, recorded]).toEqual([[text], [text]]);
  },
);

it.each([
  [430, 'your number is'],
  [630, 'your number is'],
  [730, 'your number is hidden.'],
  [830, 'your number is hidden. goodbye'],
])(
  '[LK7][HT8] a mask counts as heard with the last word that it covers (cut after %s ms)',
  async (heardMs, text) => {
    const agent = showing(masked, texts('your number is 4 7 1 1. goodbye now then.'));
    const { chat, recorded } = await cutAfter({ agent, heardMs });

    expect([chat, recorded]).toEqual([[text], [text]]);
  },
);
