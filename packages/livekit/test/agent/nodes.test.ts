import { ReadableStream } from 'node:stream/web';
import { voice } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { describe, expect, it } from 'vitest';
import { ScriptedAgent, texts } from '../support/scripted_agent.ts';
import { type SessionRun, startSession } from '../support/session_harness.ts';
import { levelOf, ToneTTS, toneOf } from '../support/tone_tts.ts';

const TWO = texts('alpha beta gamma delta.', 'epsilon zeta eta theta.');

/** Shows every text in capitals. */
class Shouting extends ScriptedAgent {
  override async transcriptionNode(
    ...[text, settings]: Parameters<voice.Agent['transcriptionNode']>
  ): ReturnType<voice.Agent['transcriptionNode']> {
    const captions = await voice.Agent.default.transcriptionNode(this, text, settings);
    return captions && ReadableStream.from(capitals(captions));
  }
}

async function* capitals(captions: AsyncIterable<string | voice.TimedString>) {
  for await (const chunk of captions) {
    yield (typeof chunk === 'string' ? chunk : chunk.text).toUpperCase();
  }
}

async function interruptSecond(run: SessionRun, afterMs: number): Promise<void> {
  const handle = run.session.generateReply({ userInput: 'hi' });
  await run.untilHeard(1, afterMs);
  handle.interrupt();
  await run.over(handle);
}

describe('an agent that overrides transcriptionNode', () => {
  it.each([true, false])(
    '[LK2][LK7] is stored in the words of transcriptionNode, after a cut only those heard (word times: %s)',
    async (wordTimes) => {
      const tts = new ToneTTS({ wordTimes });
      const run = await startSession({ agent: new Shouting(TWO), tts });

      await interruptSecond(run, 250);

      const heard = run.finished.map(({ heardText }) => heardText.toUpperCase());
      expect(heard[1]).toMatch(wordTimes ? /^EPSILON ZETA$/ : /^EPSILON ZETA/);
      expect(run.chat).toEqual([{ text: heard.join(''), interrupted: true }]);
    },
  );

  it('[LK7] has the message of a handed-over response corrected in those words', async () => {
    const run = await startSession({ agent: new Shouting(TWO) });
    const handle = run.session.generateReply({ userInput: 'hi' });
    await run.until(() => run.unfinishedSegments === 2);
    await run.pass(60);

    handle.interrupt();
    await run.over(handle);

    expect(run.ends[0]).toBe('cut: alpha beta gamma');
    expect(run.chat).toEqual([{ text: 'ALPHA BETA GAMMA', interrupted: true }]);
  });

  it('[LK7] keeps the message right when it says something else meanwhile', async () => {
    class Interjecting extends ScriptedAgent {
      override transcriptionNode(
        ...[text, settings]: Parameters<voice.Agent['transcriptionNode']>
      ): ReturnType<voice.Agent['transcriptionNode']> {
        if (run.started.length === 0) run.session.say('iota');
        return voice.Agent.default.transcriptionNode(this, text, settings);
      }
    }
    const run = await startSession({ agent: new Interjecting(TWO) });
    const handle = run.session.generateReply({ userInput: 'hi' });
    await run.until(() => run.unfinishedSegments === 2);
    await run.pass(60);

    handle.interrupt();
    await run.over(handle);

    expect(run.chat[0]).toEqual({ text: 'alpha beta gamma', interrupted: true });
  });
});

describe('an agent that overrides ttsNode', () => {
  it('[LK2] with its own synthesis is heard, and each frame belongs to its response', async () => {
    class OwnVoice extends ScriptedAgent {
      override async ttsNode(text: AsyncIterable<string>): Promise<ReadableStream<AudioFrame>> {
        return ReadableStream.from(spoken(text));
      }
    }
    const run = await startSession({ agent: new OwnVoice(TWO) });

    await run.reply();

    expect(run.finished.map(({ sentMs, fullText }) => [sentMs, fullText])).toEqual([
      [400, 'alpha beta gamma delta.'],
      [400, 'epsilon zeta eta theta.'],
    ]);
    expect(run.soundedAtMs('epsilon')).toBe(run.soundedAtMs('alpha') + 400);
  });

  it('[LK2] that yields the same frame object repeatedly has each assigned to its response', async () => {
    const frame = toneOf('jingle');
    class Jingle extends ScriptedAgent {
      override async ttsNode(): Promise<ReadableStream<AudioFrame>> {
        return ReadableStream.from([frame, frame]);
      }
    }
    const run = await startSession({ agent: new Jingle(TWO) });

    await run.reply();

    expect(run.finished.map(({ heardMs, metadata }) => [heardMs, metadata])).toEqual([
      [200, 0],
      [200, 1],
    ]);
    expect(frame.userdata).toEqual({});
  });

  it('[LK4] at another rate and in stereo is resampled, and no audio of a response lands in the next', async () => {
    const tts = new ToneTTS({ sampleRateHz: 24_000 });
    class Stereo extends ScriptedAgent {
      override async ttsNode(
        ...[text, settings]: Parameters<voice.Agent['ttsNode']>
      ): ReturnType<voice.Agent['ttsNode']> {
        const mono = await voice.Agent.default.ttsNode(this, text, settings);
        return mono && ReadableStream.from(inStereo(mono));
      }
    }
    const run = await startSession({ agent: new Stereo(TWO), tts });

    await run.reply();

    expect(run.ends).toEqual(['heard: alpha beta gamma delta.', 'heard: epsilon zeta eta theta.']);
    for (const { heardMs } of run.finished) expect(Math.abs(heardMs - 400)).toBeLessThan(2);
    expect(run.unfinishedSegments).toBe(0);
  });

  it('[LK6] that returns null leaves its response unheard and the turn in order', async () => {
    class Silent extends ScriptedAgent {
      override async ttsNode(): Promise<null> {
        return null;
      }
    }
    const run = await startSession({ agent: new Silent(texts('alpha'), texts('beta')) });

    await run.reply();
    await run.reply();

    expect(run.ends).toEqual(['skipped: no_audio', 'skipped: no_audio']);
    expect(run.states.at(-1)?.state).toBe('listening');
    expect(run.unfinishedSegments).toBe(0);
  });
});

describe('captions', () => {
  it('[LK3][PB6] contain the text of each response and nothing else', async () => {
    const shown: string[] = [];
    const run = await startSession({
      agent: new ScriptedAgent(texts('alpha beta', ' ', 'gamma')),
      beforeStart: (session) => {
        session.output.transcription = captionSink(shown);
      },
    });

    await run.reply();

    expect(shown).toEqual(['alpha ', 'beta', '|', 'gamma', '|']);
  });
});

it('[LK6] audio whose rate changes within a response keeps its length and its order', async () => {
  class WithEarcon extends ScriptedAgent {
    override async ttsNode(text: ReadableStream<string>): Promise<ReadableStream<AudioFrame>> {
      return ReadableStream.from(
        (async function* () {
          for await (const _ of text);
          for (const rateHz of [24_000, 48_000, 16_000]) yield toneOf('alpha', rateHz);
        })(),
      );
    }
  }
  const run = await startSession({ agent: new WithEarcon(texts('alpha')) });

  await run.reply();

  expect(run.finished).toMatchObject([{ outcome: 'heard', heardMs: 300, sentMs: 300 }]);
});

async function* spoken(text: AsyncIterable<string>): AsyncGenerator<AudioFrame> {
  let all = '';
  for await (const chunk of text) all += chunk;
  for (const word of all.split(' ')) yield toneOf(word);
}

async function* inStereo(mono: AsyncIterable<AudioFrame>): AsyncGenerator<AudioFrame> {
  for await (const frame of mono) {
    const both = Int16Array.from({ length: frame.data.length * 2 }, (_, index) =>
      index % 2 === 0 ? (frame.data[index / 2] ?? 0) : levelOf('other channel'),
    );
    yield new AudioFrame(both, frame.sampleRate, 2, frame.samplesPerChannel, frame.userdata);
  }
}

/** LiveKit does not export `TextOutput` as a class. This has the same shape. */
function captionSink(shown: string[]): NonNullable<voice.AgentSession['output']['transcription']> {
  const sink = {
    captureText: async (text: string | voice.TimedString) => {
      shown.push(typeof text === 'string' ? text : text.text);
    },
    flush: () => void shown.push('|'),
    onAttached: () => {},
    onDetached: () => {},
  };
  return sink as never;
}
