import { describe, expect, it } from 'vitest';
import { type PlayerFacts, playerStateOf } from '../src/player/player_state.ts';

/** All is well. */
const LISTENING: PlayerFacts = {
  wish: 'playing',
  hasOutput: true,
  outputRuns: true,
  isPlaying: true,
  hasRendered: true,
  maySound: undefined,
  justStarted: false,
};

const state = (changed: Partial<PlayerFacts>): string =>
  playerStateOf({ ...LISTENING, ...changed });

describe('the state of a player', () => {
  it.each(['idle', 'replaced', 'closed'] as const)(
    '[BR2] is %s by request, whatever the output does',
    (wish) => {
      expect(state({ wish })).toBe(wish);
    },
  );

  it('[BR1] is listening only when there is an output, and it plays', () => {
    expect(state({})).toBe('listening');
    expect(state({ hasOutput: false })).toBe('connecting');
    expect(state({ isPlaying: false, hasRendered: false })).toBe('connecting');
  });

  it('[BR3] is away when an output that has rendered stops', () => {
    expect(state({ isPlaying: false })).toBe('away');
    expect(state({ outputRuns: false, isPlaying: false })).toBe('away');
  });

  it('[BR11] is blocked when the browser does not start the output within a moment', () => {
    const silent = { outputRuns: false, isPlaying: false, hasRendered: false };
    expect(state({ ...silent, justStarted: true })).toBe('connecting');
    expect(state(silent)).toBe('blocked');
  });

  it('[BR19] is never blocked when the browser says that it allows sound, and at once when it says that it does not', () => {
    const silent = { outputRuns: false, isPlaying: false, hasRendered: false };
    expect(state({ ...silent, maySound: true })).toBe('connecting');
    expect(state({ ...silent, maySound: false, justStarted: true })).toBe('blocked');
  });
});
