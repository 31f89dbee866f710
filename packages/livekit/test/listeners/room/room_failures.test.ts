import { log } from '@livekit/agents';
import { LISTENER_TOPIC } from '@oncue/core/wire';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { A, B, counting, RoomStage } from '../../support/room_stage.ts';

afterEach(() => vi.restoreAllMocks());

describe('what goes wrong in a room', () => {
  it('[RM6] packets that cannot leave are lost, and the next ones leave', async () => {
    const stage = new RoomStage();
    stage.listens('user');
    const { publishData } = stage.room.localParticipant;
    stage.room.localParticipant.publishData = () => Promise.reject(new Error('engine closed'));
    stage.play(A, counting(300));
    await stage.clock.advanceAsync(100);
    expect(stage.room.sent('announce')).toEqual([]);

    stage.room.localParticipant.publishData = publishData;
    stage.play(B, counting(300));
    await stage.clock.advanceAsync(1000);

    expect(stage.room.sent('announce')).toMatchObject([{ responseId: B }]);
    expect(stage.source.left).toEqual([...counting(300), ...counting(300)]);
  });

  it('[RM6] a room without a connection gets no packets, and the audio goes on', async () => {
    const stage = new RoomStage();
    stage.listens('user');
    await stage.clock.advanceAsync(100);
    const before = stage.room.published.length;
    stage.room.isConnected = false;

    stage.play(A, counting(300));
    await stage.clock.advanceAsync(1000);

    expect(stage.room.published.length).toBe(before);
    expect(stage.source.left).toEqual([...counting(300)]);
  });

  it('[RM6] a source that refuses audio is logged, holds playout, and is tried again', async () => {
    const logged = vi.spyOn(log(), 'error').mockImplementation(() => {});
    const stage = new RoomStage();
    stage.listens('user');
    const refusal = new Error('the source is closed');
    const capture = vi.spyOn(stage.source, 'captureFrame').mockRejectedValue(refusal);
    stage.play(A, counting(300));
    await stage.clock.advanceAsync(100);
    expect(logged.mock.calls).toEqual([[{ error: refusal }, expect.any(String)]]);
    expect(stage.heard.at(-1)).toBe('awaited');
    expect(capture).toHaveBeenCalledOnce();

    capture.mockRestore();
    await stage.clock.advanceAsync(6000);

    expect(stage.heard.at(-1)).toBe('present');
    // The frame that was refused, 100 ms, is lost.
    expect(stage.source.left).toEqual([...counting(300).slice(2400)]);
  });

  it('[RM6] a closed listener has left the room alone: no handler, no timer, no audio', async () => {
    const stage = new RoomStage();
    stage.listens('user');
    stage.play(A, counting(1000));
    await stage.clock.advanceAsync(300);

    stage.listener.close();
    stage.listener.close();
    const { length } = stage.heard;
    stage.room.say('user', { type: 'bye' });
    stage.room.leave('user');
    stage.play(B, counting(300));
    await stage.clock.advanceAsync(10_000);

    expect(stage.room.eventNames()).toEqual([]);
    expect(stage.heard.length).toBe(length);
    expect(stage.source.closed).toBe(true);
    expect(stage.clock.pendingCount).toBe(0);
    expect(stage.source.left.length).toBeLessThan(counting(340).length);
  });

  it('[LW18] what is not read of a packet is counted', () => {
    const stage = new RoomStage();
    stage.listens('user');
    const user = stage.room.remoteParticipants.get('user');
    const arrives = (lines: number, from: typeof user): void => {
      const packet = new TextEncoder().encode(Array(lines).fill('{"type":"pong"}').join('\n'));
      stage.room.emit('dataReceived', packet, from, 0, LISTENER_TOPIC);
    };

    arrives(16, user);
    expect(stage.refusals).toEqual([]);
    arrives(40, user);
    arrives(2, undefined);
    expect(stage.refusals).toEqual([
      ['too_many', 24],
      ['wrong_listener', 2],
    ]);
  });
});
