// Tests for SPEC.md, "Listener and wire": the bytes of audio, and the names that both sides must know.
import { describe, expect, it } from 'vitest';
import type { ResponseId } from '../src/index.ts';
import {
  AGENT_TOPIC,
  CAPTION_TOPIC,
  encodeAudioFrame,
  LISTENER_TOPIC,
  MAX_AUDIO_FRAME_BYTES,
  parseAudioFrame,
} from '../src/wire/index.ts';

const BYTES_BEFORE_ID = 12;

const frameOf = (id: string, samples: readonly number[] = [1, -2]): Uint8Array =>
  encodeAudioFrame({
    seq: 7,
    responseId: id as ResponseId,
    firstSample: 0x01_02_03_04,
    samples: Int16Array.from(samples),
  });

/** A frame of which one byte is another. */
function withByte(bytes: Uint8Array, place: number, value: number): Uint8Array {
  const other = bytes.slice();
  other[place] = value;
  return other;
}

describe('a frame of audio', () => {
  it('[LW5] begins with version, length of id, number and position, and then has id and samples', () => {
    const head = [1, 5, 0, 0, 7, 0, 0, 0, 4, 3, 2, 1];
    const id = [...'ab.cd'].map((letter) => letter.charCodeAt(0));

    expect([...frameOf('ab.cd')]).toEqual([...head, ...id, 0, 0, 0, 1, 0, 0xfe, 0xff]);
    // Four characters need no padding, and an id may come without samples.
    expect(frameOf('abcd')).toHaveLength(BYTES_BEFORE_ID + 4 + 4);
    expect(parseAudioFrame(frameOf('abcd', []))?.samples).toHaveLength(0);
  });

  it('[LW5] is read where it lies in a larger buffer', () => {
    const frame = frameOf('ab.cd');
    const buffer = new Uint8Array(frame.length + 6);
    buffer.set(frame, 3);

    const read = parseAudioFrame(buffer.subarray(3, 3 + frame.length));
    expect(read).toEqual({
      seq: 7,
      responseId: 'ab.cd',
      firstSample: 0x01_02_03_04,
      samples: Int16Array.from([1, -2]),
    });
  });

  it.each([
    ['of no bytes', new Uint8Array(0)],
    ['shorter than its head', frameOf('abcd').slice(0, BYTES_BEFORE_ID - 1)],
    ['of another version', withByte(frameOf('abcd'), 0, 2)],
    ['without an id', withByte(frameOf('abcd'), 1, 0)],
    ['with half a sample', frameOf('abcd').slice(0, -1)],
    ['shorter than its id', frameOf('abcd').slice(0, -6)],
  ])('[LW5] %s is refused', (_what, bytes) => {
    expect(parseAudioFrame(bytes)).toBeUndefined();
  });

  it('[LW5] has an id of at most 200 bytes', () => {
    const long = frameOf('x'.repeat(200), [1, 2, 3, 4]);

    expect(parseAudioFrame(long)?.responseId).toBe('x'.repeat(200));
    expect(parseAudioFrame(withByte(long, 1, 201))).toBeUndefined();
  });

  it('[LW5] has at most 200,000 bytes', () => {
    const longest = (MAX_AUDIO_FRAME_BYTES - BYTES_BEFORE_ID - 4) / 2;

    const most = frameOf('abcd', new Array(longest).fill(1));
    expect(most).toHaveLength(200_000);
    expect(parseAudioFrame(most)?.samples).toHaveLength(longest);
    expect(parseAudioFrame(frameOf('abcd', new Array(longest + 1).fill(1)))).toBeUndefined();
  });

  it.each(['', 'x'.repeat(201), 'line\n', '\u00e9', 'a\u0000'])(
    '[LW5] cannot be made of the id %j: the error says which ids can be',
    (id) => {
      expect(() => frameOf(id)).toThrow(/use 1 to 200 printable ASCII characters/);
    },
  );
});

it('[LW5] the topics of a room are those that agents and pages of every version know', () => {
  expect([AGENT_TOPIC, LISTENER_TOPIC, CAPTION_TOPIC]).toEqual([
    'oncue.agent',
    'oncue.listener',
    'oncue.captions',
  ]);
});
