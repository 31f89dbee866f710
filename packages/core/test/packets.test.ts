import { describe, expect, it } from 'vitest';
import {
  fitsInPacket,
  MAX_PACKET_CHARS,
  MAX_PACKET_MESSAGES,
  messagesIn,
  packetOf,
  unreadIn,
} from '../src/wire/packets.ts';

const lines = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, place) => `m${place}`);

describe('a packet of a room', () => {
  it('[RM13] carries several messages, each a line of its own', () => {
    expect(packetOf(['a', 'b'])).toBe('a\nb');
    expect(messagesIn('a\nb')).toEqual(['a', 'b']);
  });

  it('[RM13] with one message is that message', () => {
    expect(packetOf(['a'])).toBe('a');
    expect(messagesIn('a')).toEqual(['a']);
    expect(unreadIn('a')).toBe(0);
  });

  it('[LW18] with more than sixteen lines is read up to the sixteenth, and the others are counted', () => {
    expect(MAX_PACKET_MESSAGES).toBe(16);
    expect(messagesIn(packetOf(lines(16)))).toEqual(lines(16));
    expect(unreadIn(packetOf(lines(16)))).toBe(0);
    expect(messagesIn(packetOf(lines(19)))).toEqual(lines(16));
    expect(unreadIn(packetOf(lines(19)))).toBe(3);
  });

  it('[LW18] that begins with empty lines has as many lines as it has breaks, and one', () => {
    expect(unreadIn('\n'.repeat(20))).toBe(5);
    expect(messagesIn('\na')).toEqual(['', 'a']);
  });

  it('[RM13] holds sixteen messages', () => {
    expect(fitsInPacket(lines(15), 'm')).toBe(true);
    expect(fitsInPacket(lines(16), 'm')).toBe(false);
  });

  it('[RM13] holds 4096 characters, with the breaks between the lines', () => {
    const messages = ['x'.repeat(1000), 'x'.repeat(1000)];
    const rest = MAX_PACKET_CHARS - 2002;

    expect(MAX_PACKET_CHARS).toBe(4096);
    expect(fitsInPacket(messages, 'x'.repeat(rest))).toBe(true);
    expect(fitsInPacket(messages, 'x'.repeat(rest + 1))).toBe(false);
    expect(fitsInPacket([], 'x'.repeat(4096))).toBe(true);
  });
});
