// Tests for SPEC.md, LK25: frames that are ready together are joined.
import { ReadableStream } from 'node:stream/web';
import { voice } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { describe, expect, it } from 'vitest';
import { ScriptedAgent, texts } from '../support/scripted_agent.ts';
import { gate, type SessionRun, startSession } from '../support/session_harness.ts';

const RATE_HZ = 16_000;
const FRAME_MS = 20;
const FRAMES = 25;
const TEXT = texts('one two three four five');

interface FrameOptions {
  readonly userdata?: Record<string, unknown>;
  readonly rateHz?: number;
}

/** Each has a level of its own, by which it is recognised. */
function frame(index: number, { userdata = {}, rateHz = RATE_HZ }: FrameOptions = {}): AudioFrame {
  const samples = new Int16Array((rateHz * FRAME_MS) / 1000).fill(index + 1);
  return new AudioFrame(samples, rateHz, 1, samples.length, userdata);
}

function timed(text: string, atMs: number): Record<string, unknown> {
  const times = { startTime: atMs / 1000, endTime: (atMs + 100) / 1000 };
  return { 'lk.timed_transcripts': [voice.createTimedString({ text, ...times })] };
}

/** Speaks given frames. */
class Framed extends ScriptedAgent {
  readonly #frames: () => AsyncIterable<AudioFrame> | Iterable<AudioFrame>;

  constructor(frames: () => AsyncIterable<AudioFrame> | Iterable<AudioFrame>) {
    super(TEXT);
    this.#frames = frames;
  }

  override async ttsNode(): Promise<ReadableStream<AudioFrame>> {
    const frames = this.#frames();
    return new ReadableStream<AudioFrame>({
      async start(controller) {
        for await (const one of frames) controller.enqueue(one);
        controller.close();
      },
    });
  }
}

/** Speaks the frames. @returns What came to the output: of each frame the length and the levels in it. */
async function heardFrames(
  frames: () => AsyncIterable<AudioFrame> | Iterable<AudioFrame>,
): Promise<{ readonly run: SessionRun; readonly came: AudioFrame[] }> {
  const run = await startSession({ agent: new Framed(frames) });
  const came: AudioFrame[] = [];
  const capture = run.output.captureFrame.bind(run.output);
  run.output.captureFrame = (one) => {
    came.push(one);
    return capture(one);
  };
  await run.reply();
  return { run, came };
}

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('the frames of a response', () => {
  it('[LK25] that are ready together come to the output as frames of at most 100 ms', async () => {
    const { run, came } = await heardFrames(() => range(FRAMES).map((index) => frame(index)));

    const lengthsMs = came.map(({ samplesPerChannel }) => (samplesPerChannel * 1000) / RATE_HZ);
    expect(Math.max(...lengthsMs)).toBeLessThanOrEqual(100);
    expect(came.length).toBeLessThanOrEqual(FRAMES / 5 + 1);
    // Each sample once, in order.
    const levels = came.flatMap(({ data }) => [...data]);
    expect(levels.filter((_, place) => place % frame(0).data.length === 0)).toEqual(
      range(FRAMES).map((index) => index + 1),
    );
    expect(run.finished[0]?.sentMs).toBe(FRAMES * FRAME_MS);
  });

  it('[LK25] keep all of their word times when they are joined', async () => {
    const words = ['one ', 'two ', 'three ', 'four ', 'five'];
    const spoken = range(FRAMES).map((index) => {
      const word = index % 5 === 0 ? words[index / 5] : undefined;
      return frame(index, word ? { userdata: timed(word, index * FRAME_MS) } : {});
    });
    const run = await startSession({ agent: new Framed(() => spoken) });
    await run.reply();
    const handle = run.session.generateReply({ userInput: 'again' });
    await run.untilHeard(1, 250);
    handle.interrupt();
    await run.over(handle);

    expect(run.finished.map(({ heardText }) => heardText)).toEqual([
      'one two three four five',
      'one two',
    ]);
  });

  it('[LK25] are not held back for those that are not ready', async () => {
    const rest = gate();
    const run = await startSession({
      agent: new Framed(async function* () {
        yield frame(0);
        await rest.opened;
        for (const index of range(4)) yield frame(index + 1);
      }),
    });
    const handle = run.session.generateReply({ userInput: 'hi' });
    await run.untilHeard(0);

    rest.open();
    await run.over(handle);

    expect(run.finished[0]?.sentMs).toBe(5 * FRAME_MS);
  });

  it('[LK25] are not joined with frames of another rate, nor with what the application put on them', async () => {
    const { came } = await heardFrames(() => [
      frame(0),
      frame(1),
      frame(2, { rateHz: 8000 }),
      frame(3, { userdata: { mark: 'ours' } }),
      frame(4),
      frame(5),
    ]);

    expect(
      came.map(({ samplesPerChannel, sampleRate }) => [samplesPerChannel, sampleRate]),
    ).toEqual([
      [640, RATE_HZ],
      [160, 8000],
      [320, RATE_HZ],
      [640, RATE_HZ],
    ]);
    expect(came[2]?.userdata['mark']).toBe('ours');
  });
});
