// Tests for SPEC.md, "Listener and wire" and "Captions": each field of each message, at the limits of what it may be.
import { expect, it } from 'vitest';
import {
  MAX_WIRE_CHARS,
  parseAgentMessage,
  parseCaptionMessage,
  parseListenerMessage,
} from '../src/wire/index.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A message of each type, and changes of it, each of which is allowed or makes it no message. */
interface Row {
  readonly good: Fields & { readonly type: string };
  readonly allowed?: readonly Fields[];
  readonly wrong?: readonly Fields[];
}

const MOST = Number.MAX_SAFE_INTEGER;
const LONG_ID = 'i'.repeat(200);
const ENVELOPE = { v: 1, epoch: 'e', seq: 1 };

/** What is refused in place of a whole number that is at least `least`. */
const notWhole = (field: string, least = 0): Fields[] =>
  [least - 1, least + 0.5, MOST + 1, Number.NaN, `${least}`, null, undefined].map((value) => ({
    [field]: value,
  }));
const notNumber = (field: string): Fields[] =>
  ['1', null, undefined, Number.NaN, 2 * MOST, -2 * MOST].map((value) => ({ [field]: value }));
const notText = (field: string): Fields[] =>
  ['', `${LONG_ID}i`, 7, null, undefined].map((value) => ({ [field]: value }));
const notBoolean = (field: string): Fields[] =>
  ['true', 1, null, undefined].map((value) => ({ [field]: value }));
/** Of a field that may be absent. */
const present = (fields: readonly Fields[]): Fields[] =>
  fields.filter((one) => Object.values(one)[0] !== undefined);

const LISTENER: readonly Row[] = [
  {
    good: { type: 'hello', evidence: 'device' },
    allowed: [{ evidence: 'transport' }, { playedBy: 'graph' }, { playedBy: 'element' }],
    wrong: [
      { evidence: 'estimate' },
      { evidence: undefined },
      { playedBy: 'ear' },
      { playedBy: null },
    ],
  },
  { good: { type: 'bye' } },
  {
    good: { type: 'pong', pingId: 0, receivedAtMs: -1.5, sentAtMs: MOST },
    wrong: [...notWhole('pingId'), ...notNumber('receivedAtMs'), ...notNumber('sentAtMs')],
  },
  {
    good: { type: 'audibility', audibility: 'muted', sinceMs: 1 },
    allowed: [{ audibility: 'listening' }],
    wrong: [{ audibility: 'deaf' }, { audibility: undefined }, ...notNumber('sinceMs')],
  },
  {
    good: {
      type: 'playhead',
      responseId: LONG_ID,
      startedAtMs: 5,
      heardSamples: 0,
      positionAtMs: 5,
      phase: 'playing',
      evidence: 'device',
      errorBoundMs: 0,
    },
    allowed: [
      { phase: 'ended' },
      { phase: 'cut' },
      { evidence: 'transport' },
      { evidence: 'estimate' },
      { positionAtMs: 5.5 },
    ],
    wrong: [
      ...notText('responseId'),
      ...notNumber('startedAtMs'),
      ...notWhole('heardSamples'),
      ...notNumber('positionAtMs'),
      { positionAtMs: 4.9 },
      ...notNumber('errorBoundMs'),
      { errorBoundMs: -0.1 },
      { phase: undefined },
      { evidence: undefined },
    ],
  },
];

const LEFT = { responseId: 'r', samples: 0 };
const notLeft: Fields[] = [null, 7, 'r', [LEFT], { samples: 1 }, { responseId: 'r' }].map(
  (left) => ({ left }),
);

const AGENT: readonly Row[] = [
  { good: { type: 'welcome', sampleRateHz: 1 }, wrong: notWhole('sampleRateHz', 1) },
  {
    good: { type: 'announce', responseId: 'r', sampleRateHz: 1 },
    allowed: [{ heardBeforeSamples: 0 }, { segmentId: 's' }],
    wrong: [
      ...notText('responseId'),
      ...notWhole('sampleRateHz', 1),
      ...present(notWhole('heardBeforeSamples')),
      ...present(notText('segmentId')),
    ],
  },
  {
    good: { type: 'end', responseId: 'r', totalSamples: 0 },
    wrong: [...notText('responseId'), ...notWhole('totalSamples')],
  },
  { good: { type: 'ping', pingId: 0 }, wrong: notWhole('pingId') },
  {
    good: {
      type: 'fingerprint',
      responseId: 'r',
      sampleRateHz: 1,
      atSample: 0,
      leavesAtMs: 0.5,
      sound: '',
    },
    wrong: [
      ...notText('responseId'),
      ...notWhole('sampleRateHz', 1),
      ...notWhole('atSample'),
      ...notNumber('leavesAtMs'),
      { sound: 7 },
      { sound: undefined },
    ],
  },
  { good: { type: 'clear' }, allowed: [{ left: LEFT }], wrong: notLeft },
  { good: { type: 'pause' }, allowed: [{ left: LEFT }], wrong: notLeft },
  { good: { type: 'resume' } },
];

const CAPTIONS: readonly Row[] = [
  {
    good: { type: 'response', responseId: 'r', turnId: 't', index: 0, sampleRateHz: 1 },
    allowed: [{ segmentId: 's' }, { metadata: {} }],
    wrong: [
      ...notText('responseId'),
      ...notText('turnId'),
      ...notWhole('index'),
      ...notWhole('sampleRateHz', 1),
      ...present(notText('segmentId')),
      { metadata: null },
      { metadata: [] },
    ],
  },
  {
    good: { type: 'text', responseId: 'r', atChar: 0, text: '', isComplete: false },
    allowed: [
      { atChar: 20_000 },
      { atChar: 19_999, text: 'x' },
      { text: 'x'.repeat(600) },
      { isComplete: true },
    ],
    wrong: [
      ...notText('responseId'),
      ...notWhole('atChar'),
      { atChar: 20_001 },
      { atChar: 20_000, text: 'x' },
      { text: 'x'.repeat(601) },
      { text: 7 },
      { text: undefined },
      ...notBoolean('isComplete'),
    ],
  },
  {
    good: { type: 'words', responseId: 'r', fromWord: 0, timedWords: 0, words: [] },
    allowed: [
      { fromWord: 20_000 },
      { words: [0, 1, 0] },
      { words: [0, 4, 10, 4, 5, 10] },
      { words: [19_999, 20_000, MOST] },
      { words: Array.from({ length: 300 }, (_, n) => (n % 3 === 2 ? 0 : Math.ceil(n / 3))) },
    ],
    wrong: [
      ...notWhole('fromWord'),
      { fromWord: 20_001 },
      ...notWhole('timedWords'),
      { words: undefined },
      { words: { length: 0 } },
      { words: [0, 1] },
      { words: [0, 1, -1] },
      { words: [0, 20_001, 1] },
      { words: [1, 1, 1] },
      { words: [0, 4, 10, 3, 5, 10] },
      { words: [0, 4, 10, 4, 5, 9] },
      { words: ['0', 1, 1] },
      { words: Array.from({ length: 303 }, (_, n) => (n % 3 === 2 ? 0 : Math.ceil(n / 3))) },
    ],
  },
  {
    good: { type: 'mark', responseId: 'r', mark: 0, name: 'n', atSamples: 0, isEstimated: false },
    allowed: [{ mark: 99 }, { isEstimated: true }],
    wrong: [
      ...notWhole('mark'),
      { mark: 100 },
      ...notText('name'),
      ...notWhole('atSamples'),
      ...notBoolean('isEstimated'),
    ],
  },
  {
    good: { type: 'outcome', responseId: 'r', outcome: 'heard', heardSamples: 0 },
    allowed: [
      ...['partly_heard', 'cut', 'failed', 'skipped'].map((outcome) => ({ outcome })),
      { reason: 'muted' },
      { heardChars: 0 },
      { heardChars: 20_000 },
      { unheardChars: [] },
      { unheardChars: [0, 20_000] },
      { unheardChars: [0, 0, 4, 6] },
    ],
    wrong: [
      { outcome: undefined },
      ...present(notText('reason')),
      ...notWhole('heardSamples'),
      ...present(notWhole('heardChars')),
      { heardChars: 20_001 },
      { unheardChars: null },
      { unheardChars: { length: 0 } },
      { unheardChars: [0] },
      { unheardChars: [3, 2] },
      { unheardChars: [0, 4, 3, 6] },
      { unheardChars: [-1, 2] },
    ],
  },
];

const notEnvelope: Fields[] = [
  { v: 2 },
  { v: '1' },
  { v: undefined },
  { type: 7 },
  { type: '' },
  { type: undefined },
];
const ofEpoch: Fields[] = [...notText('epoch'), ...notWhole('seq', 1)];

const asText = (fields: Fields): string => JSON.stringify(fields);

it.each([
  ['a listener', LISTENER, parseListenerMessage, ofEpoch],
  ['an agent', AGENT, parseAgentMessage, present(ofEpoch)],
] as const)('[LW5] each field of each message of %s', (_whose, rows, parse, envelope) => {
  for (const { good, allowed = [], wrong = [] } of rows) {
    for (const change of [{}, ...allowed]) {
      const message = { ...ENVELOPE, ...good, ...change };
      expect(parse(message)).toEqual({ ok: true, message });
      expect(parse(asText(message))).toEqual({ ok: true, message });
    }
    for (const change of [...wrong, ...notEnvelope, ...envelope]) {
      const parsed = parse({ ...ENVELOPE, ...good, ...change });
      expect([good.type, change, parsed]).toEqual([
        good.type,
        change,
        { ok: false, reason: 'bad_format' },
      ]);
    }
  }
});

it('[CP4] each field of each message for captions', () => {
  for (const { good, allowed = [], wrong = [] } of CAPTIONS) {
    for (const change of [{}, ...allowed]) {
      const message = { ...ENVELOPE, ...good, ...change };
      expect(parseCaptionMessage(asText(message))).toEqual({ ok: true, message });
    }
    for (const change of [...wrong, ...notEnvelope, ...ofEpoch]) {
      const parsed = parseCaptionMessage(asText({ ...ENVELOPE, ...good, ...change }));
      expect([good.type, change, parsed]).toEqual([
        good.type,
        change,
        { ok: false, reason: 'bad_format' },
      ]);
    }
  }
});

it('[LW5] an agent may leave out the fields that only a room needs', () => {
  expect(parseAgentMessage({ v: 1, type: 'ping', pingId: 3 }).ok).toBe(true);
});

it.each(['', '{', 'null', '[]', '7', null, undefined, 7, [], () => 7])(
  '[LW5] %j is no message',
  (raw) => {
    const bad = { ok: false, reason: 'bad_format' };
    expect([parseListenerMessage(raw), parseAgentMessage(raw)]).toEqual([bad, bad]);
  },
);

it('[LW5] a text of 4096 characters is a message, and a longer one is too large', () => {
  const text = asText({ ...ENVELOPE, type: 'bye' });

  expect(MAX_WIRE_CHARS).toBe(4096);
  expect(parseListenerMessage(text.padEnd(4096)).ok).toBe(true);
  const tooLarge = { ok: false, reason: 'too_large' };
  expect(parseListenerMessage(text.padEnd(4097))).toEqual(tooLarge);
  expect(parseAgentMessage(text.padEnd(4097))).toEqual(tooLarge);
});
