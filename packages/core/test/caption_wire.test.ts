// Tests for SPEC.md, "Captions": the messages themselves, and where words end.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heardText, type ResponseId, type TurnId } from '../src/index.ts';
import { captionWords } from '../src/internal.ts';
import {
  type CaptionMessage,
  encodeCaptionMessage,
  MAX_CAPTION_PIECE_CHARS,
  MAX_CAPTION_WORDS,
  MAX_WIRE_CHARS,
  parseCaptionMessage,
} from '../src/wire/index.ts';

const responseId = fc
  .string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 200 })
  .map((text) => text as ResponseId);
const offset = fc.nat({ max: 10_000 });

const words = fc
  .array(fc.tuple(fc.nat(50), fc.integer({ min: 1, max: 50 }), fc.nat(90_000)), {
    maxLength: MAX_CAPTION_WORDS,
  })
  .map((steps) => {
    let [end, samples] = [0, 0];
    return steps.flatMap(([gap, length, more]) => {
      const start = end + gap;
      end = start + length;
      samples += more;
      return [start, end, samples];
    });
  });

const message: fc.Arbitrary<CaptionMessage> = fc.oneof(
  fc.record(
    {
      type: fc.constant('response' as const),
      responseId,
      turnId: responseId.map((id) => id as string as TurnId),
      index: fc.nat(),
      sampleRateHz: fc.integer({ min: 1, max: 384_000 }),
      segmentId: responseId.map(String),
      metadata: fc.record({ topic: fc.string({ maxLength: 50 }) }),
    },
    { requiredKeys: ['type', 'responseId', 'turnId', 'index', 'sampleRateHz'] },
  ),
  fc.record({
    type: fc.constant('text' as const),
    responseId,
    atChar: offset,
    // Also halves of characters and control characters: the longest when they are escaped.
    text: fc
      .array(fc.nat(0xffff), { maxLength: MAX_CAPTION_PIECE_CHARS })
      .map((units) => String.fromCharCode(...units)),
    isComplete: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('words' as const),
    responseId,
    fromWord: offset,
    timedWords: fc.nat(),
    words,
  }),
  fc.record(
    {
      type: fc.constant('outcome' as const),
      responseId,
      outcome: fc.constantFrom('heard' as const, 'cut' as const, 'skipped' as const),
      heardSamples: fc.nat(),
      heardChars: offset,
    },
    { requiredKeys: ['type', 'responseId', 'outcome', 'heardSamples'] },
  ),
);

describe('messages for captions', () => {
  it('[CP2] each comes out of the parser as it went into the encoder', () => {
    fc.assert(
      fc.property(message, fc.integer({ min: 1, max: 1e9 }), (sent, seq) => {
        const parsed = parseCaptionMessage(encodeCaptionMessage(sent, { epoch: 'e', seq }));

        expect(parsed).toEqual({ ok: true, message: { v: 1, epoch: 'e', seq, ...sent } });
      }),
    );
  });

  it('[CP3] each of the largest form is shorter than a page takes', () => {
    const text = '\u0001'.repeat(MAX_CAPTION_PIECE_CHARS);
    const id = 'r'.repeat(20) as ResponseId;
    const largest: CaptionMessage[] = [
      { type: 'text', responseId: id, atChar: 19_000, text, isComplete: false },
      {
        type: 'words',
        responseId: id,
        fromWord: 9999,
        timedWords: 9999,
        words: Array.from({ length: 3 * MAX_CAPTION_WORDS }, () => 12_345_678),
      },
    ];

    const lengths = largest.map(
      (one) => encodeCaptionMessage(one, { epoch: 'e'.repeat(36), seq: 1e9 }).length,
    );

    for (const length of lengths) expect(length).toBeLessThan(MAX_WIRE_CHARS);
  });

  it('[CP4] the parser refuses what is no message, names a type that it does not know, and never throws', () => {
    const good = {
      v: 1,
      epoch: 'e',
      seq: 1,
      type: 'text',
      responseId: 'a',
      atChar: 0,
      text: 'Hi',
      isComplete: true,
    };
    const reasonOf = (change: object): unknown => {
      const parsed = parseCaptionMessage(JSON.stringify({ ...good, ...change }));
      return parsed.ok ? 'used' : parsed.reason;
    };

    expect(reasonOf({})).toBe('used');
    expect(reasonOf({ type: 'picture' })).toBe('unknown_type');
    expect(reasonOf({ type: 'constructor' })).toBe('unknown_type');
    expect(reasonOf({ text: 'x'.repeat(5000) })).toBe('too_large');
    for (const bad of [
      { v: 2 },
      { seq: 0 },
      { epoch: '' },
      { responseId: 7 },
      { atChar: -1 },
      { atChar: 20_000 },
      { isComplete: 'yes' },
      { type: 'words', fromWord: 0, timedWords: 0, words: [0, 4] },
      { type: 'words', fromWord: 0, timedWords: 0, words: [4, 4, 10] },
      { type: 'words', fromWord: 0, timedWords: 0, words: [0, 4, 10, 5, 9, 9] },
      { type: 'words', fromWord: 0, timedWords: 0, words: [0, 4, 10, 2, 9, 12] },
      { type: 'outcome', outcome: 'eaten', heardSamples: 1 },
      { type: 'outcome', outcome: 'cut', heardSamples: 1, unheardChars: [4, 2] },
      { type: 'response', turnId: 't', index: 0, sampleRateHz: 24_000, metadata: [1] },
    ])
      expect([bad, reasonOf(bad)]).toEqual([bad, 'bad_format']);
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (raw) => {
        expect(parseCaptionMessage(raw).ok).toBe(false);
      }),
    );
  });
});

describe('where words end', () => {
  const text = 'Good evening, this is the desk. Room 42 is “yours” — enjoy.';

  it('[CP5] a word has the end that its word timing gives, the others an estimated one', () => {
    const timed = [
      { text: 'Good ', endSamples: 4000 },
      { text: 'evening, ', endSamples: 9000 },
    ];
    const list = captionWords({ ...query(text, 60_000), words: timed });

    expect(list.timedWords).toBe(2);
    expect(list.words.slice(0, 6)).toEqual([0, 4, 4000, 5, 13, 9000]);
    expect(list.words.length / 3).toBe(11);
  });

  it('[CP8] the words that end by a sample are those of the heard text, at every sample', () => {
    const { words } = captionWords(query(text, 70_000));
    for (let heardSamples = 1; heardSamples <= 70_000; heardSamples += 377) {
      const count = words.filter((value, at) => at % 3 === 2 && value <= heardSamples).length;
      const shown = text.slice(0, words[count * 3 - 2] ?? 0);

      expect(shown).toBe(heardText({ ...query(text, 70_000), heardSamples }).text);
    }
  });
});

function query(text: string, sentSamples: number) {
  return {
    text,
    textEnded: true,
    words: [],
    heardSamples: 0,
    sentSamples,
    sampleRateHz: 24_000,
    audioEnded: true,
  };
}
