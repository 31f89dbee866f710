import { ParticipantKind } from '@livekit/rtc-node';
import { describe, expect, it } from 'vitest';
import { A, B, counting, RoomStage } from '../../support/room_stage.ts';

describe('a listener in a room', () => {
  it('[RM2] sends every sample once and in order, two responses without a gap', async () => {
    const stage = new RoomStage();
    stage.room.join('user');
    stage.play(A, counting(333));
    stage.play(B, counting(250, 10_000));

    await stage.clock.advanceAsync(900);

    const expected = [...counting(333), ...counting(250, 10_000)];
    expect(stage.source.left.slice(0, expected.length)).toEqual(expected);
    // The last block is filled up, else it would wait for the next response.
    expect(stage.source.left.length).toBe(Math.ceil(expected.length / 240) * 240);
    const at = stage.source.leftAtMs;
    expect((at.at(-1) ?? 0) - (at[0] ?? 0)).toBe((at.length - 1) * 10);
  });

  it('[RM2] sends nothing before somebody has subscribed, and playout stands still until then', async () => {
    const stage = new RoomStage({ subscribed: false });
    stage.room.join('user');
    stage.play(A, counting(300));
    await stage.clock.advanceAsync(1000);
    expect(stage.source.left).toEqual([]);

    await stage.subscribe();
    await stage.clock.advanceAsync(500);

    expect(stage.source.left).toEqual([...counting(300)]);
    expect(stage.heard).toEqual(['inaudible', 'audible']);
  });

  it('[RM3] tells a page that reports what is coming and how it sounds, and no one else', async () => {
    const stage = new RoomStage();
    stage.room.join('user');
    stage.play(A, counting(300));
    await stage.clock.advanceAsync(400);
    expect(stage.room.sent('announce')).toEqual([]);

    stage.room.say('user', { type: 'hello', evidence: 'device' });
    stage.play(B, counting(2000));
    await stage.clock.advanceAsync(50);

    expect(stage.room.sent('announce')).toContainEqual(expect.objectContaining({ responseId: B }));
    const [start] = stage.room.sent('fingerprint').filter((one) => one.responseId === B);
    expect(start?.atSample).toBe(0);
    // When the sample really left.
    await stage.clock.advanceAsync(2500);
    const firstOfB = stage.source.leftAtMs[Math.floor(stage.source.left.length / 240) - 200] ?? 0;
    expect(Math.abs((start?.leavesAtMs ?? 0) - firstOfB)).toBeLessThan(10);
    expect(stage.room.sent('end')).toContainEqual(
      expect.objectContaining({ responseId: B, totalSamples: 48_000 }),
    );
    expect(
      stage.room.published.filter(({ to }) => to.length > 0).every(({ to }) => to[0] === 'user'),
    ).toBe(true);
  });

  it('[RM4] a clear says what had left; of what had not, nothing sounds', async () => {
    const stage = new RoomStage();
    stage.listens('user');
    stage.play(A, counting(1000));
    await stage.clock.advanceAsync(437);

    stage.listener.send({ type: 'clear' });
    const leftAtOnce = stage.source.left.length;
    await stage.clock.advanceAsync(1000);

    expect(stage.source.left.length).toBe(leftAtOnce);
    const [clear] = stage.room.sent('clear');
    expect(clear?.left?.responseId).toBe(A);
    // To the block, before the phase of the ticks is known.
    expect(Math.abs((clear?.left?.samples ?? 0) - leftAtOnce)).toBeLessThanOrEqual(240);
    expect(stage.listener.leftSamples(A)).toBe(clear?.left?.samples);
    expect(stage.listener.leftSamples(B)).toBeUndefined();
  });

  it('[RM4] a pause stands where the queue stood, and no sample is lost or said twice', async () => {
    const stage = new RoomStage();
    stage.room.join('user');
    stage.play(A, counting(1000));
    await stage.clock.advanceAsync(437);
    stage.listener.send({ type: 'pause' });
    const before = stage.source.left.length;
    await stage.clock.advanceAsync(1000);
    expect(stage.source.left.length).toBe(before);

    stage.listener.send({ type: 'resume' });
    await stage.clock.advanceAsync(1000);

    expect(stage.source.left).toEqual([...counting(1000)]);
  });

  it('[RM3] what a pause took back is told again, with the instant at which it leaves now', async () => {
    const stage = new RoomStage();
    stage.listens('user');
    stage.play(A, counting(3000));
    await stage.clock.advanceAsync(1500);
    stage.listener.send({ type: 'pause' });
    const before = stage.room.sent('fingerprint').length;
    await stage.clock.advanceAsync(5000);
    stage.listener.send({ type: 'resume' });
    await stage.clock.advanceAsync(100);

    const [next] = stage.room.sent('fingerprint').slice(before);
    expect(next?.leavesAtMs).toBeGreaterThanOrEqual(6500);
    expect((next?.atSample ?? 0) / 24).toBeGreaterThanOrEqual(1490);
    expect((next?.atSample ?? 0) / 24).toBeLessThanOrEqual(1700);
  });

  it('[RM5] the linked participant counts, whoever else speaks', () => {
    const stage = new RoomStage();
    stage.room.join('other-agent', ParticipantKind.AGENT);
    stage.room.join('user');
    stage.room.join('guest');

    stage.room.say('guest', { type: 'hello', evidence: 'device' });
    stage.room.say('other-agent', { type: 'hello', evidence: 'device' });
    stage.room.say('user', { type: 'hello', evidence: 'device' });

    expect(stage.heard.filter((one) => one !== 'audible')).toEqual([
      'inaudible',
      'refused',
      'refused',
      'user hello',
    ]);
  });

  it('[RM5] any or all: every participant that is no agent; an identity: that one', () => {
    for (const audience of ['any', 'all'] as const) {
      const stage = new RoomStage({ audience });
      stage.room.join('user');
      stage.room.join('guest');
      stage.room.say('guest', { type: 'hello', evidence: 'device' });
      stage.room.say('user', { type: 'hello', evidence: 'device' });
      expect(stage.heard).toContain('guest hello');
      expect(stage.heard).toContain('user hello');
      expect(stage.listener.quorum).toBe(audience);
    }
    const stage = new RoomStage({ audience: { identity: 'guest' } });
    stage.room.join('user');
    stage.room.join('guest');
    stage.room.say('user', { type: 'hello', evidence: 'device' });
    stage.room.say('guest', { type: 'hello', evidence: 'device' });
    expect(stage.heard.filter((one) => !one.endsWith('audible'))).toEqual([
      'refused',
      'guest hello',
    ]);
    for (const bad of ['nobody', { identity: '' }, null])
      expect(() => new RoomStage({ audience: bad as never })).toThrow(
        expect.objectContaining({ code: 'ONCUE_BAD_OPTION' }),
      );
  });

  it('[LW3] one who left and comes back hears the rest from the last sample that was reported', async () => {
    const stage = new RoomStage();
    stage.listens('user');
    stage.play(A, counting(1000));
    await stage.clock.advanceAsync(437);
    // As the session knows from the reports that it let through.
    stage.listener.heard(A, 4800);

    stage.room.leave('user');
    const before = stage.source.left.length;
    await stage.clock.advanceAsync(3000);
    expect(stage.source.left.length).toBe(before);
    stage.room.join('user');
    await stage.clock.advanceAsync(500);
    stage.room.say('user', { type: 'hello', evidence: 'device' }, 'user-2');
    await stage.clock.advanceAsync(1500);

    expect(stage.source.left.slice(before)).toEqual([...counting(1000).slice(4800)]);
    expect(stage.heard).toEqual(
      expect.arrayContaining(['inaudible', 'audible', 'user gone', 'inaudible', 'audible']),
    );
  });

  it('[LW3] one who comes back is told again where what has been said already ends', async () => {
    const stage = new RoomStage();
    stage.listens('user');
    stage.play(A, counting(1000));
    await stage.clock.advanceAsync(437);
    stage.room.leave('user');
    const told = stage.room.published.length;
    stage.room.join('user');
    stage.room.say('user', { type: 'hello', evidence: 'device' }, 'user-2');
    await stage.clock.advanceAsync(0);

    const again = stage.room.published.slice(told).map(({ message }) => message);
    expect(again).toContainEqual(
      expect.objectContaining({ type: 'end', responseId: A, totalSamples: 24_000 }),
    );
  });

  it('[RM4] what a page says of samples that have not left moves nothing, whatever follows', async () => {
    const stage = new RoomStage();
    stage.listens('user');
    stage.play(A, counting(1000));
    await stage.clock.advanceAsync(300);
    stage.listener.heard(A, 24_000);
    stage.listener.send({ type: 'pause' });
    await stage.clock.advanceAsync(500);
    stage.listener.send({ type: 'resume' });
    await stage.clock.advanceAsync(1500);

    expect(stage.source.left).toEqual([...counting(1000)]);
  });

  it('[LW3] a page that says bye and leaves hears the rest when it is back, as after any reload', async () => {
    const stage = new RoomStage();
    stage.listens('user');
    stage.play(A, counting(1000));
    await stage.clock.advanceAsync(437);
    stage.listener.heard(A, 4800);
    stage.room.say('user', { type: 'bye' });
    const before = stage.source.left.length;
    stage.room.leave('user');
    await stage.clock.advanceAsync(1000);
    stage.room.join('user');
    stage.room.say('user', { type: 'hello', evidence: 'device' }, 'user-2');
    await stage.clock.advanceAsync(1500);

    expect(stage.source.left.slice(before)).toEqual([...counting(1000).slice(4800)]);
  });

  it('[LW3] one who does not come back holds nobody up', async () => {
    const stage = new RoomStage();
    stage.room.join('user');
    stage.play(A, counting(1000));
    await stage.clock.advanceAsync(437);
    stage.room.leave('user');

    await stage.clock.advanceAsync(5000);
    expect(stage.heard.at(-1)).toBe('audible');
    await stage.clock.advanceAsync(1500);

    // He reported nothing, so what had left passes for heard.
    expect(stage.source.left).toEqual([...counting(1000)]);
  });

  it('[RM8] for a listener that reports nothing the way to the server is measured and the rest is the usual', async () => {
    const stage = new RoomStage();
    await stage.clock.advanceAsync(100);
    expect(stage.paths).toEqual([]);
    const remoteInboundRtp = (roundTripTime: number): unknown => ({
      stats: {
        case: 'remoteInboundRtp',
        value: { received: { jitter: 0.005 }, remoteInbound: { roundTripTime } },
      },
    });
    stage.room.publisherStats = [{ stats: { case: 'codec' } }, remoteInboundRtp(0.08)];
    await stage.clock.advanceAsync(2000);
    expect(stage.paths).toEqual([[240, 230]]);

    stage.room.isConnected = false;
    await stage.clock.advanceAsync(2000);
    stage.room.isConnected = true;
    stage.listens('user');
    await stage.clock.advanceAsync(10_000);

    expect(stage.paths).toHaveLength(1);
  });
});
