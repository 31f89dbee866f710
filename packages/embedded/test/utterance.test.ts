import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

interface Phone {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
}
interface Utterance {
  parsePhones(stdout: string): Phone[];
  alignTokens(tokens: { text: string; phones: string[] }[], voiced: Phone[]): unknown;
  readTokens(memory: { readonly buffer: ArrayBuffer }, startByte: number): unknown[];
}

// Plain JavaScript, which is type-checked by a project of its own.
const { alignTokens, parsePhones, readTokens }: Utterance = await import(
  new URL('../worker/utterance.js', import.meta.url).href
);

const PHONES = parsePhones('pau:0.100 dh:0.150 ax:0.200 k:0.300 \n');

describe('the utterance in flite’s memory', () => {
  it('reads the times of phones from the printed end times', () => {
    expect(PHONES).toEqual([
      { name: 'pau', startMs: 0, endMs: 100 },
      { name: 'dh', startMs: 100, endMs: 150 },
      { name: 'ax', startMs: 150, endMs: 200 },
      { name: 'k', startMs: 200, endMs: 300 },
    ]);
    expect(parsePhones('')).toEqual([]);
  });

  it('times a token from its first phone to its last, and leaves out a silent one', () => {
    const tokens = [
      { text: 'the', phones: ['dh', 'ax'] },
      { text: '.', phones: [] },
      { text: 'k', phones: ['k'] },
    ];

    expect(alignTokens(tokens, PHONES.slice(1))).toEqual([
      { text: 'the', startMs: 100, endMs: 200 },
      { text: 'k', startMs: 200, endMs: 300 },
    ]);
  });

  it.each([
    ['has another phone', ['dh', 'iy', 'k']],
    ['has a phone too few', ['dh', 'ax']],
    ['has a phone too many', ['dh', 'ax', 'k', 't']],
  ])('is not believed if it %s', (_name, phones) => {
    expect(alignTokens([{ text: 'x', phones }], PHONES.slice(1))).toBeUndefined();
  });

  it('is not found in memory that holds other data', () => {
    const memory = { buffer: new ArrayBuffer(65_536) };
    const words = new Uint32Array(memory.buffer);
    const name = new TextEncoder().encode('Token\0');
    fc.assert(
      fc.property(fc.array(fc.nat(memory.buffer.byteLength + 64), { maxLength: 64 }), (noise) => {
        words.fill(0);
        words.set(noise, 16);
        words.set([512, 0, 0, 64, 64], 100); // looks like a relation named "Token", in noise
        new Uint8Array(memory.buffer).set(name, 512);

        for (const reading of readTokens(memory, 0)) expect(reading).toBeInstanceOf(Array);
      }),
    );
  });
});
