import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import { FRAME_MS, SENTENCE_PAUSE_MS } from '../src/flite/segment_writer.ts';
import { LEAD_PAD_MS, TRAIL_PAD_MS } from '../src/flite/spoken_piece.ts';
import {
  EmbeddedError,
  FailingTTS,
  FliteTTS,
  type FliteVoice,
  MAX_SEGMENT_CHARS,
  SAMPLE_RATE_HZ,
} from '../src/index.ts';
import { type Collected, collect, speak } from './support/collect.ts';

const slt = new FliteTTS();
const kal = new FliteTTS({ voice: 'kal16' });
const failing = new FailingTTS({
  voice: 'kal16',
  failWhen: (sentence) => sentence.includes('fail'),
});
afterAll(async () => {
  await Promise.all([slt.close(), kal.close(), failing.close()]);
});

const sha = ({ samples }: Collected): string =>
  createHash('sha256').update(new Uint8Array(samples.buffer)).digest('hex').slice(0, 16);
const durationMs = ({ samples }: Collected): number => (samples.length * 1000) / SAMPLE_RATE_HZ;
const loudest = (samples: Int16Array): number =>
  samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);

describe('FliteTTS', () => {
  it('gives the same bytes for the same text, as in the previous release', async () => {
    const first = await speak(slt, 'Sure.');
    const second = await speak(slt, 'Sure.');

    expect(sha(second)).toBe(sha(first));
    expect({ samples: first.samples.length, sha: sha(first) }).toMatchInlineSnapshot(`
      {
        "samples": 7744,
        "sha": "dd9325469549ca7c",
      }
    `);
  });

  it('sends frames of one length; the last is marked as final and may be shorter', async () => {
    const { frameLengths, finalCount, isLastFinal, endOfStreamCount } = await speak(kal, 'Hello.');
    const fullSamples = (FRAME_MS * SAMPLE_RATE_HZ) / 1000;

    expect(new Set(frameLengths.slice(0, -1))).toEqual(new Set([fullSamples]));
    expect(frameLengths.at(-1)).toBeLessThanOrEqual(fullSamples);
    expect({ finalCount, isLastFinal, endOfStreamCount }).toEqual({
      finalCount: 1,
      isLastFinal: true,
      endOfStreamCount: 1,
    });
  });

  it.each<FliteVoice>(['slt', 'rms', 'awb', 'kal16'])(
    'keeps only the documented silence at both ends (%s)',
    async (voice) => {
      const speaker = new FliteTTS({ voice });
      const spoken = await speak(speaker, 'Okay, I am.');
      await speaker.close();

      const lead = spoken.samples.subarray(0, (LEAD_PAD_MS * SAMPLE_RATE_HZ) / 1000 / 2);
      const onset = spoken.samples.subarray(0, (80 * SAMPLE_RATE_HZ) / 1000);
      expect(loudest(lead)).toBeLessThan(400);
      expect(loudest(onset)).toBeGreaterThan(1000);
      expect(spoken.words[0]?.startMs).toBe(LEAD_PAD_MS);
      expect(durationMs(spoken) - (spoken.words.at(-1)?.endMs ?? 0)).toBeLessThanOrEqual(
        TRAIL_PAD_MS + 1,
      );
      expect(Math.abs(spoken.samples.at(-1) ?? 0)).toBeLessThan(50);
    },
  );

  it.each(['', '  \n', '🎉', '你好', '…', '**'])('gives no audio for %j', async (text) => {
    const { samples, words } = await speak(kal, text);

    expect(samples).toHaveLength(0);
    expect(words).toEqual([]);
  });

  it('speaks faster at a higher speed', async () => {
    const fast = new FliteTTS({ voice: 'kal16', speed: 2 });
    const text = 'This is one sentence.';
    const ratio = durationMs(await speak(kal, text)) / durationMs(await speak(fast, text));
    await fast.close();

    expect(ratio).toBeGreaterThan(1.7);
    expect(ratio).toBeLessThan(2.3);
  });

  it('times each word of the original text across sentences, relative to the start of the segment', async () => {
    const text = ' 🎉 The total, Dr. Müller, is **$420.15**. See [here](https://x.y)!\n\nBye 👋';
    const spoken = await speak(kal, text);

    expect(spoken.text).toBe(text);
    expect(spoken.words.map((word) => word.text)).toEqual([
      ' 🎉 The ',
      'total, ',
      'Dr. ',
      'Müller, ',
      'is ',
      '**$420.15**. ',
      'See ',
      '[here](https://x.y)!\n',
      '\nBye 👋',
    ]);
    const instants = spoken.words.flatMap(({ startMs, endMs }) => [startMs, endMs]);
    expect([...instants].sort((a, b) => a - b)).toEqual(instants);
    expect(instants.at(-1)).toBeLessThanOrEqual(durationMs(spoken));
    const [see, amount] = [spoken.words[6], spoken.words[5]];
    expect(Math.abs((see?.startMs ?? 0) - (amount?.endMs ?? 0) - SENTENCE_PAUSE_MS)).toBeLessThan(
      2,
    );
  });

  it('adds the text of a sentence without sound to the end of the segment', async () => {
    const spoken = await speak(kal, 'Done. 🎉 ');

    expect(spoken.text).toBe('Done. 🎉 ');
    expect(spoken.words.at(-1)?.endMs).toBeLessThanOrEqual(Math.ceil(durationMs(spoken)));
  });

  it('speaks a text that looks like command-line options', async () => {
    const { samples, text } = await speak(kal, '-ssml --help -lv');

    expect(samples.length).toBeGreaterThan(0);
    expect(text).toBe('-ssml --help -lv');
  });

  it('gives the same audio however the text is split, and from synthesize()', async () => {
    const text = 'One two. Three?';
    const stream = kal.stream();
    for (const part of text.match(/.{1,3}/gs) ?? []) stream.pushText(part);
    stream.endInput();
    const pieces = await collect(stream);
    const chunked = await collect(kal.synthesize(text));

    expect(sha(pieces)).toBe(sha(await speak(kal, text)));
    expect(sha(chunked)).toBe(sha(pieces));
    expect(chunked.words).toEqual(pieces.words);
  });

  it('makes a segment of each flush, with times relative to its own start', async () => {
    const stream = kal.stream();
    stream.pushText('One.');
    stream.flush();
    stream.flush();
    stream.pushText('Two.');
    stream.endInput();
    const { segmentIds, finalCount, endOfStreamCount, words } = await collect(stream);

    expect([segmentIds.length, finalCount, endOfStreamCount]).toEqual([2, 2, 2]);
    expect(words.map(({ startMs }) => startMs)).toEqual([LEAD_PAD_MS, LEAD_PAD_MS]);
  });

  it('speaks the first sentence before the second has been written', async () => {
    const stream = kal.stream();
    stream.pushText('First. Sec');
    const { value } = await stream.next();

    expect(value).toMatchObject({ final: false });
    stream.close();
  });

  it('ends without an error when a stream is closed', async () => {
    const stream = kal.stream();
    stream.pushText('One. Two. Three.');
    stream.close();

    expect((await collect(stream)).samples).toHaveLength(0);
    expect((await speak(kal, 'Next.')).samples.length).toBeGreaterThan(0);
  });
});

/** A worker that speaks a second of a constant and does not know the times of words. */
const UNTIMED = `
  const { parentPort } = require('node:worker_threads');
  parentPort.on('message', ({ id }) => {
    const speech = { samples: new Int16Array(16000).fill(5000), voicedMs: { startMs: 200, endMs: 700 } };
    parentPort.postMessage({ type: 'done', id, speech });
  });
  parentPort.postMessage({ type: 'ready' });`;

it('times a sentence as a whole when its words cannot be timed', async () => {
  const untimed = new FliteTTS({
    spawnWorker: () => new Worker(UNTIMED, { eval: true, execArgv: [] }),
  });
  const spoken = await speak(untimed, 'One two. Three four.');
  await untimed.close();

  const pieceMs = LEAD_PAD_MS + 500 + TRAIL_PAD_MS;
  const secondMs = LEAD_PAD_MS + 500 + SENTENCE_PAUSE_MS;
  expect(spoken.words).toEqual([
    { text: 'One two. ', startMs: LEAD_PAD_MS, endMs: LEAD_PAD_MS + 500 },
    { text: 'Three four.', startMs: secondMs, endMs: secondMs + 500 },
  ]);
  expect(durationMs(spoken)).toBe(secondMs - LEAD_PAD_MS + pieceMs);
  expect(spoken.samples[0]).toBe(5000);
  expect(spoken.samples.at(-1)).toBe(0);
});

describe('failures of FliteTTS', () => {
  /** Speaks and returns what was heard with the codes of the errors reported. */
  async function speakAndFail(run: () => Promise<Collected>): Promise<[Collected, string[]]> {
    const codes: string[] = [];
    const onError = ({ error }: { error: Error }): void => {
      codes.push(error instanceof EmbeddedError ? error.code : error.name);
    };
    failing.on('error', onError);
    const spoken = await run();
    failing.off('error', onError);
    return [spoken, codes];
  }

  it('fails at the chosen sentence, and speaks the next text', async () => {
    const [spoken, codes] = await speakAndFail(() => speak(failing, 'Good. I fail. Never.'));

    expect(codes).toEqual(['EMBEDDED_SCRIPTED_FAILURE']);
    expect(spoken.text).toBe('Good. ');
    expect(spoken.samples.length).toBeGreaterThan(0);
    expect((await speak(failing, 'Good.')).finalCount).toBe(1);
  });

  it('emits an event for a failed synthesize(), and leaves no rejected promise', async () => {
    const [spoken, codes] = await speakAndFail(() => collect(failing.synthesize('I fail.')));

    expect(codes).toEqual(['EMBEDDED_SCRIPTED_FAILURE']);
    expect(spoken.samples).toHaveLength(0);
  });

  it('rejects a segment that does not end', async () => {
    const [, codes] = await speakAndFail(() => speak(failing, 'x'.repeat(MAX_SEGMENT_CHARS + 1)));

    expect(codes).toEqual(['EMBEDDED_TEXT_TOO_LONG']);
  });

  it('rejects options out of range', () => {
    expect(() => new FliteTTS({ speed: 3 })).toThrow(/speed is 3/);
    expect(() => new FliteTTS({ speed: Number.NaN })).toThrow(EmbeddedError);
    expect(() => new FliteTTS({ voice: 'kal' as FliteVoice })).toThrow(/slt, rms, awb, kal16/);
  });
});
