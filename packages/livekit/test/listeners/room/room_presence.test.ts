import { ManualClock } from '@oncue/core/testing';
import { describe, expect, it } from 'vitest';
import type { AudiencePresence } from '../../../src/listeners/listener_device.ts';
import { type PresenceEvent, RoomPresence } from '../../../src/listeners/room/room_presence.ts';

const AWAY_AFTER_MS = 5000;

function presenceAfter(...events: readonly PresenceEvent[]) {
  const clock = new ManualClock();
  const changes: AudiencePresence[] = [];
  const presence = new RoomPresence({
    clock,
    awayAfterMs: AWAY_AFTER_MS,
    whenNobodyListens: 'wait_for_first',
    isAnyoneThere: () => false,
    changed: (presence) => changes.push(presence),
  });
  for (const event of events) presence.take(event);
  return { clock, presence, changes };
}

describe('whether a room can hear the agent', () => {
  it('[RM2] the first subscription, or the first hello, makes it audible, and nothing else does', () => {
    const { presence, clock, changes } = presenceAfter('joined', 'last_left', 'wait_over');
    clock.advance(60_000);
    expect(presence.state).toBe('awaited');
    expect(changes).toEqual([]);

    presence.take('subscribed');

    expect(presence.state).toBe('audible');
    expect(presenceAfter('hello').presence.state).toBe('audible');
    expect(changes).toEqual(['present']);
  });

  it('[LW3] after the last listener left it waits for awayAfterMs, and then goes on', () => {
    const { presence, clock, changes } = presenceAfter('hello', 'last_left');
    clock.advance(AWAY_AFTER_MS - 1);
    expect(presence.state).toBe('away');

    clock.advance(1);

    expect(presence.state).toBe('unattended');
    expect(changes).toEqual(['present', 'awaited', 'absent']);
  });

  it('[LW3] for one who joins again it waits 1.5 s for a hello, which ends the wait', () => {
    const silent = presenceAfter('hello', 'last_left', 'joined');
    silent.clock.advance(1499);
    expect(silent.presence.state).toBe('returning');
    silent.clock.advance(1);
    expect(silent.presence.state).toBe('audible');

    const { presence, clock, changes } = presenceAfter('hello', 'last_left', 'joined', 'hello');
    clock.advance(60_000);
    expect(presence.state).toBe('audible');
    expect(changes).toEqual(['present', 'awaited', 'present']);
  });

  it('[LW3] one who joins and leaves before his hello starts the wait anew', () => {
    const { presence, clock } = presenceAfter('hello', 'last_left', 'joined');
    clock.advance(1000);
    presence.take('last_left');
    clock.advance(AWAY_AFTER_MS - 1);
    expect(presence.state).toBe('away');

    clock.advance(1);

    expect(presence.state).toBe('unattended');
  });

  it('[LW3] a source that refuses audio counts as away, from any state', () => {
    for (const before of [[], ['joined'], ['last_left'], ['last_left', 'joined']] as const) {
      const { presence, clock } = presenceAfter('hello', ...before, 'source_failed');
      expect(presence.state).toBe('away');
      clock.advance(AWAY_AFTER_MS);
      expect(presence.state).toBe('unattended');
    }
  });

  it('[LW3] a closed one changes no more and leaves no timer', () => {
    const { presence, clock, changes } = presenceAfter('hello', 'last_left');

    presence.close();
    presence.take('hello');

    expect(clock.pendingCount).toBe(0);
    expect(changes).toEqual(['present', 'awaited']);
  });
});
