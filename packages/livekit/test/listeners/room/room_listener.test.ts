import { ParticipantKind } from '@livekit/rtc-node';
import { describe, expect, it } from 'vitest';
import { A, B, C, counting, RoomStage } from '../../support/room_stage.ts';

/** One of the room's statistics. */
function roundTrip(roundTripTime: number): unknown {
  return {
    stats: {
      case: 'remoteInboundRtp',
      value: { received: { jitter: 0.005 }, remoteInbound: { roundTripTime } },
    },
  };
}

describe('a listener in a room', () => {
  it('[RM2] sends every sample once and in order, two responses without a gap', async () => {
    const stage = new RoomStage();
    stage.room.join('user');
    stage.play(A, counting(333));
    stage.play(B, counting(250, 10_000));

    await stage.clock.advanceAsync(900);

    const expected = [...counting(333), ...counting(250, 10_000)];
    expect(stage.source.left.slice(0, expected.length)).toEqual(expected);
    // The last block is filled with silence; otherwise it would wait for the next response.
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
    expect(stage.heard).toEqual(['awaited', 'present']);
  });

  it('[RM3] announcements and fingerprints go to the page that reports, and to nobody else', async () => {
    const stage = new RoomStage();
    stage.room.join('user');
    stage.play(A, counting(300));
    await stage.clock.advanceAsync(400);
    expect(stage.room.sent('announce')).toEqual([]);

    stage.room.say('user', { type: 'hello', evidence: 'device' });
    stage.play(B, counting(2000));
    await stage.clock.advanceAsync(100);

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

  it('[RM4] a clear says how much had left, and nothing else leaves', async () => {
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
    // Within one block, since the phase of the ticks is not known yet.
    expect(Math.abs((clear?.left?.samples ?? 0) - leftAtOnce)).toBeLessThanOrEqual(240);
    expect(stage.listener.leftSamples(A)).toBe(clear?.left?.samples);
    expect(stage.listener.leftSamples(B)).toBeUndefined();
  });

  it('[RM9] a clear says at once which responses never left', async () => {
    const stage = new RoomStage();
    stage.listens('user');
    stage.play(A, counting(1000));
    stage.play(B, counting(500));
    stage.play(C, new Int16Array(0));
    await stage.clock.advanceAsync(437);
    stage.heard.length = 0;

    stage.listener.send({ type: 'clear' });

    expect(stage.heard).toEqual(['b never left']);
  });

  it('[RM9] what was taken back in a pause, and what has ended for the session, is not said to have never left', async () => {
    const stage = new RoomStage();
    stage.listens('user');
    stage.play(A, counting(100));
    stage.play(B, counting(100));
    await stage.clock.advanceAsync(150);
    stage.listener.send({ type: 'pause' });
    stage.play(C, counting(100));
    stage.listener.settled(C);
    stage.heard.length = 0;

    stage.listener.send({ type: 'clear' });

    expect(stage.heard).toEqual([]);
  });

  it('[RM4] nothing leaves during a pause, and after the resume no sample is lost or repeated', async () => {
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

  it('[RM3] after a pause the fingerprints that had not left are sent again, with their new instants', async () => {
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

  it('[RM5] only the linked participant counts; messages of others are refused', () => {
    const stage = new RoomStage();
    stage.room.join('other-agent', ParticipantKind.AGENT);
    stage.room.join('user');
    stage.room.join('guest');

    stage.room.say('guest', { type: 'hello', evidence: 'device' });
    stage.room.say('other-agent', { type: 'hello', evidence: 'device' });
    stage.room.say('user', { type: 'hello', evidence: 'device' });

    expect(stage.heard.filter((one) => one !== 'present')).toEqual([
      'awaited',
      'refused',
      'refused',
      'user hello',
    ]);
  });

  it('[RM5] with any or all every participant that is no agent counts, with an identity that one', () => {
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
    expect(stage.heard.filter((one) => !['awaited', 'present'].includes(one))).toEqual([
      'refused',
      'guest hello',
    ]);
    for (const bad of ['nobody', { identity: '' }, null])
      expect(() => new RoomStage({ audience: bad as never })).toThrow(
        expect.objectContaining({ code: 'ONCUE_BAD_OPTION' }),
      );
  });

  it('[AU22] it counts those of the audience that do not report', () => {
    const stage = new RoomStage({ audience: 'any' });
    stage.room.join('caller');
    stage.listens('user');
    expect(stage.others).toEqual([1, 2, 1]);
    stage.room.say('user', { type: 'bye' });
    expect(stage.others.at(-1)).toBe(2);
    stage.room.leave('caller');
    expect(stage.others.at(-1)).toBe(1);

    const linked = new RoomStage();
    linked.room.join('guest');
    linked.listens('user');
    expect(linked.others.at(-1)).toBe(0);
  });

  it('[LW3] a listener that left and comes back hears the rest from the last sample that was reported', async () => {
    const stage = new RoomStage();
    stage.listens('user');
    stage.play(A, counting(1000));
    await stage.clock.advanceAsync(437);
    // As the session does when it has accepted a report.
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
      expect.arrayContaining(['awaited', 'present', 'user gone', 'awaited', 'present']),
    );
  });

  it.each([true, false])(
    '[RM10] what had left and was not reported is expected again, if the listener reports (it reports: %s)',
    async (reports) => {
      const stage = new RoomStage();
      if (reports) stage.listens('user');
      else stage.room.join('user');
      stage.play(A, counting(300));
      stage.play(B, counting(1000));
      await stage.clock.advanceAsync(437);
      stage.listener.heard(A, 4800);
      stage.moves.length = 0;

      stage.room.leave('user');

      const againMs = (stage.source.left.length - 4800) / 24;
      expect(againMs).toBeGreaterThan(200);
      const movedMs = stage.moves[0]?.[1] ?? 0;
      expect(stage.moves).toEqual(reports ? [[437 - movedMs, movedMs]] : []);
      // As exactly as the agent knows what has left.
      if (reports) expect(Math.abs(movedMs - againMs)).toBeLessThanOrEqual(10);
    },
  );

  it('[LW3] a listener that comes back gets the end of a response again', async () => {
    const stage = new RoomStage();
    stage.listens('user');
    stage.play(A, counting(1000));
    await stage.clock.advanceAsync(437);
    stage.room.leave('user');
    const before = stage.room.published.length;
    stage.room.join('user');
    stage.room.say('user', { type: 'hello', evidence: 'device' }, 'user-2');
    await stage.clock.advanceAsync(0);

    const again = stage.room.published.slice(before).map(({ message }) => message);
    expect(again).toContainEqual(
      expect.objectContaining({ type: 'end', responseId: A, totalSamples: 24_000 }),
    );
  });

  it('[RM4] samples that have not left do not count as heard, whatever a page reports', async () => {
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

  it('[LW3] a page that says bye and leaves hears the rest when it is back', async () => {
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

  it('[LW3] playout goes on after awayAfterMs when the listener does not come back', async () => {
    const stage = new RoomStage();
    stage.room.join('user');
    stage.play(A, counting(1000));
    await stage.clock.advanceAsync(437);
    stage.room.leave('user');

    await stage.clock.advanceAsync(5000);
    expect(stage.heard.at(-1)).toBe('absent');
    await stage.clock.advanceAsync(1500);

    // It reported nothing, so what had left counts as heard.
    expect(stage.source.left).toEqual([...counting(1000)]);
  });

  it('[RM8] the path to a listener that reports nothing is the measured one to the server plus the usual rest', async () => {
    const stage = new RoomStage({ subscribed: false });
    await stage.clock.advanceAsync(100);
    expect(stage.paths).toEqual([]);
    stage.room.publisherStats = [{ stats: { case: 'codec' } }, roundTrip(0.08)];
    await stage.clock.advanceAsync(2000);
    expect(stage.paths).toEqual([[240, 230]]);

    stage.room.isConnected = false;
    await stage.clock.advanceAsync(2000);
    stage.room.isConnected = true;
    stage.listens('user');
    await stage.clock.advanceAsync(10_000);

    expect(stage.paths).toHaveLength(1);
  });

  it('[RM14] for 2 s after somebody has subscribed, the path is less certain: the connection may not be set up yet', async () => {
    const stage = new RoomStage({ subscribed: false });
    await stage.clock.advanceAsync(5000);
    await stage.subscribe();

    expect(stage.paths).toEqual([[200, 1180]]);
    await stage.clock.advanceAsync(1999);
    expect(stage.paths).toHaveLength(1);
    await stage.clock.advanceAsync(1);
    expect(stage.paths.slice(1)).toEqual([[200, 180]]);
  });

  it('[RM14] a page that reports meanwhile ends neither the two seconds nor the wider bound', async () => {
    const stage = new RoomStage({ subscribed: false });
    stage.room.publisherStats = [roundTrip(0.08)];
    await stage.subscribe();
    stage.listens('user');
    await stage.clock.advanceAsync(10_000);

    expect(stage.paths).toEqual([
      [200, 1180],
      [240, 1230],
      [240, 230],
    ]);
  });

  it('[RM14] nothing is estimated after the session has closed', async () => {
    const stage = new RoomStage();
    await stage.clock.advanceAsync(100);
    stage.listener.close();
    await stage.clock.advanceAsync(5000);

    expect(stage.paths).toEqual([[200, 1180]]);
  });
});
