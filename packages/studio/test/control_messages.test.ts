import { describe, expect, it } from 'vitest';
import {
  encodeControl,
  MAX_ASK_CHARS,
  type PageMessage,
  parsePageMessage,
  parseServerMessage,
} from '../src/protocol/control_messages.ts';

describe('control messages (ST)', () => {
  const messages: readonly PageMessage[] = [
    { type: 'ask', text: 'Is it me?' },
    { type: 'scenario', name: 'story' },
    { type: 'interrupt' },
    { type: 'join' },
    { type: 'restart' },
    { type: 'truth', responseId: 'r1', soundedAtEpochMs: 1.5 },
  ];

  it.each(messages)('[ST2] reads what a page writes: $type', (message) => {
    expect(parsePageMessage(encodeControl(message))).toEqual(message);
  });

  it.each([
    ['no JSON', '{"v":1,'],
    ['no object', '[1]'],
    ['null', 'null'],
    ['no version', '{"type":"interrupt"}'],
    ['another version', '{"v":2,"type":"interrupt"}'],
    ['an unknown type', '{"v":1,"type":"shutdown"}'],
    ['an empty question', '{"v":1,"type":"ask","text":"  "}'],
    ['a question that is no text', '{"v":1,"type":"ask","text":7}'],
    ['a long question', `{"v":1,"type":"ask","text":"${'a'.repeat(MAX_ASK_CHARS + 1)}"}`],
    ['a scenario with no name', '{"v":1,"type":"scenario","name":""}'],
    ['a truth at no time', '{"v":1,"type":"truth","responseId":"r","soundedAtEpochMs":"now"}'],
    ['a truth before time', '{"v":1,"type":"truth","responseId":"r","soundedAtEpochMs":-1}'],
  ])('[ST2] refuses %s without a throw', (_what, text) => {
    expect(parsePageMessage(text)).toBeUndefined();
  });

  it('[ST2] unknown fields of a message are dropped', () => {
    const text = '{"v":1,"type":"ask","text":"hi","admin":true}';

    expect(parsePageMessage(text)).toEqual({ type: 'ask', text: 'hi' });
  });

  it('[ST2] a page ignores messages that no server of its version sends', () => {
    expect(parseServerMessage('{"v":1,"type":"clock","nowMs":5}')).toEqual({
      type: 'clock',
      nowMs: 5,
    });
    for (const text of [
      '',
      '{"v":1,"type":"clock"}',
      '{"v":9,"type":"clock","nowMs":5}',
      '{"v":1,"type":"trace","nowMs":5,"run":1}',
    ])
      expect(parseServerMessage(text)).toBeUndefined();
  });
});
