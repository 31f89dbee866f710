import { describe, expect, it } from 'vitest';
import { assertVadAvailable, createVad } from '../src/index.ts';
import './support/collect.ts';

describe('local VAD', () => {
  it('is created where its native part loads', () => {
    expect(createVad({ minSilenceDuration: 300 }).minSilenceDuration).toBe(300);
  });

  it.each([
    [
      'cannot be loaded',
      () => {
        throw new Error('no build for musl');
      },
    ],
    ['is something else', () => ({})],
    ['is nothing', () => undefined],
  ])('throws when its native part %s', (_name, load) => {
    expect(() => assertVadAvailable(load)).toThrow(
      expect.objectContaining({ code: 'EMBEDDED_VAD_UNAVAILABLE' }),
    );
  });
});
